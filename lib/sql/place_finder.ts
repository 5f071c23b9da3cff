/**
 * Tells where in a statement the next piece of it will stand.
 *
 * No parser: it knows the words that begin a clause, parentheses, and the token before. That is
 * enough because what it tells apart is written by programmers, and the server reads it again.
 */

import { matchAt, skipToken } from "../value/literal/sql_scanner.ts";

/** A clause that makes something of its own out of an object or a list. */
export type Clause = "INSERT INTO" | "VALUES" | "IN" | "SET" | "SELECT";

/** Where the next piece will stand. */
export interface Place {
  /** None: somewhere else, where names may stand. RETURNING counts as SELECT. */
  readonly behind: Clause | undefined;
  /** The parenthesis of VALUES or IN is open: what is written is a part of its content. */
  readonly inside: boolean;
  /** A NOT stands before, as in `NOT IN` and `NOT id IN`. */
  readonly negated: boolean;
}

/** IN is none: it ends with its list. */
type LevelClause = Exclude<Clause, "IN"> | "other";

/** A parenthesis that is not closed yet; the outermost is the statement. */
interface Level {
  readonly opener: "VALUES" | "IN" | undefined;
  clause: LevelClause | undefined;
  negated: boolean;
  /** A NOT stands before the parenthesis. */
  negatedOutside: boolean;
}

const CLAUSES: ReadonlyMap<string, LevelClause> = /* @__PURE__ */ new Map([
  ["insert", "INSERT INTO"],
  ["values", "VALUES"],
  ["set", "SET"],
  ["select", "SELECT"],
  ["returning", "SELECT"],
  ["update", "other"],
  ["from", "other"],
  ["where", "other"],
  ["by", "other"],
]);

/** What the token before must be. */
const TOKEN_BEFORE: Readonly<Record<Exclude<LevelClause, "other">, RegExp>> = {
  // Not `insert into t (a)`, which has its columns already.
  "INSERT INTO": /^(?!\)|into$)/,
  VALUES: /^(?:values|,)$/,
  SET: /^(?:set|,)$/,
  // A parenthesis as in DISTINCT ON (…).
  SELECT: /^(?:select|all|distinct|returning|,|\))$/,
};

/** A NOT does not reach over them. */
const TERM_ENDS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  ["and", "or", ",", "on", "when", "then", "else"],
);

const BLANK = /[ \t\n\r\f\v]+/y;

// Which of the two a server takes is not known yet. Were it the other, at worst another place
// would be told: values are parameters and names are quoted everywhere.
const OPTIONS = { standardConformingStrings: true };

/** Reads a statement from its beginning, as far as it is written. */
export class PlaceFinder {
  readonly #outer: Level[] = [];
  #level: Level = newLevel();
  /** The last token in lower case; empty for a name behind a dot, which is never a keyword. */
  #last = "";

  /**
   * Goes on behind what was read.
   *
   * @throws {TypeError} when the text ends in a string, a quoted name or a comment
   */
  read(text: string): void {
    for (let at = 0; at < text.length;) {
      const blank = matchAt(BLANK, text, at);
      const end = blank === undefined ? skipToken(text, at, OPTIONS) : at + blank.length;
      if (blank === undefined) {
        const token = text.slice(at, end);
        if (end === text.length) checkClosed(token);
        if (!/^(?:--|\/\*)/.test(token)) this.#take(token.toLowerCase());
      }
      at = end;
    }
  }

  /** Of what will be written next. */
  get place(): Place {
    const { opener, clause, negated } = this.#level;
    const last = this.#last;
    if (last === "in") return { behind: "IN", inside: false, negated };
    if (clause === undefined) {
      const behind = last === "(" || last === "," ? opener : undefined;
      return { behind, inside: behind !== undefined, negated };
    }
    return { behind: continues(clause, last) ? clause : undefined, inside: false, negated };
  }

  #take(token: string): void {
    const qualified = this.#last === ".";
    if (token === "(" || token === "[") this.#open();
    else if (token === ")" || token === "]") this.#level = this.#outer.pop() ?? newLevel();
    else if (token === ";") this.#level = newLevel();
    else if (!qualified) this.#follow(token);
    this.#last = qualified ? "" : token;
  }

  #open(): void {
    const { behind, inside, negated } = this.place;
    const opens = !inside && (behind === "IN" || behind === "VALUES");
    this.#outer.push(this.#level);
    this.#level = newLevel(opens ? behind : undefined, negated);
  }

  #follow(token: string): void {
    const level = this.#level;
    const clause = CLAUSES.get(token);
    if (clause !== undefined) {
      if (token === "from" && this.#last === "distinct") return; // IS DISTINCT FROM
      level.clause = clause;
      level.negated = level.negatedOutside = false;
    } else if (token === "not") level.negated = true;
    else if (TERM_ENDS.has(token)) level.negated = level.negatedOutside;
  }
}

function continues(clause: LevelClause, last: string): clause is Exclude<LevelClause, "other"> {
  return clause !== "other" && TOKEN_BEFORE[clause].test(last);
}

function newLevel(opener?: "VALUES" | "IN", negated = false): Level {
  return { opener, clause: undefined, negated, negatedOutside: negated };
}

/** What one more blank would belong to is not closed. */
function checkClosed(token: string): void {
  if (skipToken(`${token} `, 0, OPTIONS) <= token.length) return;
  throw new TypeError(
    "Cannot place a list or an object: it would be in a string, a quoted name or a comment",
  );
}
