/**
 * Finds in a query what outlives its transaction: settings, locks, temporary tables and what
 * else belongs to a session. Behind a pooler it is lost, or left to whoever comes next.
 *
 * @module
 */

import { skipToken } from "../../value/literal/sql_scanner.ts";

/** What of a query belongs to the session. */
export interface SessionBoundPart {
  /** As users know it: `LISTEN`, `pg_advisory_lock()`. */
  readonly name: string;
  /** What does the same within a transaction; absent: nothing does. */
  readonly instead?: string;
}

/** Where the query is run. */
export interface SessionBoundOptions {
  /** True: settings are undone when a transaction ends, so that SET can stand in one. */
  readonly undoesSettings: boolean;
  /** True: a transaction is open. */
  readonly inTransaction: boolean;
}

/** A kind of statement, as {@linkcode splitStatements} writes it. */
interface Rule extends SessionBoundPart {
  readonly pattern: RegExp;
  /** True for what RESET ALL undoes. */
  readonly isSetting?: boolean;
}

const setLocal = { instead: "SET LOCAL in a transaction", isSetting: true };
const onCommitDrop = { instead: "ON COMMIT DROP" };
const setConfig = { ...setLocal, name: "set_config(…, false)" };

/** The first that fits tells. */
const rules: readonly Rule[] = [
  { pattern: /^listen /, name: "LISTEN" },
  { pattern: /^unlisten /, name: "UNLISTEN" },
  { pattern: /^load /, name: "LOAD" },
  { pattern: /^discard /, name: "DISCARD" },
  { pattern: /^prepare (?!transaction '')/, name: "PREPARE" },
  { pattern: /^execute /, name: "EXECUTE" },
  { pattern: /^deallocate /, name: "DEALLOCATE" },
  // RESET ALL leaves both as they are (guc_tables.c, GUC_NO_RESET_ALL).
  {
    pattern: /^set (session )?role /,
    name: "SET ROLE",
    instead: "SET LOCAL ROLE in a transaction",
  },
  {
    pattern: /^set (session )?session authorization /,
    name: "SET SESSION AUTHORIZATION",
    instead: "SET LOCAL SESSION AUTHORIZATION in a transaction",
  },
  {
    ...setLocal,
    // transaction_timeout is not of the transaction.
    pattern:
      /^set (?!local |constraints |(session )?transaction(_isolation|_read_only|_deferrable)? )/,
    name: "SET",
  },
  { ...setLocal, pattern: /^reset /, name: "RESET" },
  { pattern: /^declare \S+ [a-z ]*cursor with hold /, name: "DECLARE … WITH HOLD" },
  {
    pattern: /^create (or replace )?((global|local) )?temp(orary)? (recursive )?view /,
    name: "CREATE TEMP VIEW",
  },
  { pattern: /^create ((global|local) )?temp(orary)? sequence /, name: "CREATE TEMP SEQUENCE" },
  {
    ...onCommitDrop,
    pattern: /^create ((global|local) )?temp(orary)? (?!.* on commit drop )/,
    name: "CREATE TEMP TABLE",
  },
  {
    ...onCommitDrop,
    pattern: /^create (or replace )?[a-z]+ (if not exists )?pg_temp \. (?!.* on commit drop )/,
    name: "CREATE in pg_temp",
  },
  {
    pattern:
      /^(select|with|\() .*(?<!(insert|merge) )into temp(orary)? (table )?(?!(from|where|group|having|window|union|intersect|except|order|limit|offset|fetch|for|\)) )\S/,
    name: "INTO TEMP",
    instead: "CREATE TEMP TABLE … ON COMMIT DROP AS",
  },
];

/** Statements that call the functions they name; others speak of them, as GRANT does. */
const CALLING = /^(select|insert|update|delete|merge|values|with|copy|call|declare|\() /;
const ADVISORY_LOCK = /^pg_(try_)?advisory_(un)?lock(_shared|_all)?$/;

/**
 * True of every text that a rule can fit, and of few others. Statements begin at the text's
 * start, behind a semicolon or behind a comment.
 */
const SUSPICIOUS =
  /(?:^|[;/\n\r])[^\S\n\r]*(?:listen|unlisten|load|discard|prepare|execute|deallocate|set|reset|declare)\b|\b(?:temp|temporary|pg_temp|set_config|pg_(?:try_)?advisory_\w+)\b/i;

/**
 * The first part of a query that belongs to the session; undefined when nothing is known.
 *
 * What only the server sees is not known: what functions and DO blocks do, and values of
 * parameters.
 */
export function sessionBoundPart(
  text: string,
  { undoesSettings, inTransaction }: SessionBoundOptions,
): SessionBoundPart | undefined {
  if (!SUSPICIOUS.test(text)) return undefined;
  const statements = splitStatements(text);
  // The server runs several statements of one text in one transaction.
  const allowsSettings = undoesSettings && (inTransaction || statements.length > 1);
  for (const words of statements) {
    const found = boundStatement(words, allowsSettings);
    if (found) return found;
  }
  return undefined;
}

function boundStatement(
  words: readonly string[],
  allowsSettings: boolean,
): SessionBoundPart | undefined {
  const statement = `${words.join(" ")} `;
  const found = rules.find(({ pattern }) => pattern.test(statement)) ??
    (CALLING.test(statement) ? boundCall(words) : undefined);
  return allowsSettings && found?.isSetting ? undefined : found;
}

/** A call, in a statement without strings and comments. */
function boundCall(words: readonly string[]): Omit<Rule, "pattern"> | undefined {
  const open: string[] = [];
  for (const [at, word] of words.entries()) {
    if (word === "(") {
      const name = calledFunction(words, at);
      if (ADVISORY_LOCK.test(name)) {
        return { name: `${name}()`, instead: "pg_advisory_xact_lock()" };
      }
      open.push(name);
    } else if (word === ")" && open.pop() === "set_config") {
      if (words[at - 1] === "false" && words[at - 2] === ",") return setConfig;
    }
  }
  return undefined;
}

/** The name before a parenthesis; empty when it is in another schema than pg_catalog. */
function calledFunction(words: readonly string[], at: number): string {
  if (words[at - 2] === "." && words[at - 3] !== "pg_catalog") return "";
  return words[at - 1] ?? "";
}

/**
 * The words of each statement, names in lower case. Comments are left out; each string is
 * `''`, each quoted name `""`.
 */
function splitStatements(text: string): string[][] {
  let words: string[] = [];
  const statements = [words];
  let depth = 0;
  for (let at = 0, end: number; at < text.length; at = end) {
    end = skipToken(text, at, { standardConformingStrings: true });
    const word = wordOf(text.slice(at, end));
    // A function's body is not run now, and where it ends takes a parser to know.
    if (word === "atomic" && words.at(-1) === "begin") break;
    if (word === "(") depth += 1;
    if (word === ")") depth -= 1;
    // The semicolons between the actions of CREATE RULE end nothing.
    if (word === ";" && depth === 0) statements.push(words = []);
    else if (word !== undefined) words.push(word);
  }
  return statements.filter((words) => words.length > 0);
}

/** Undefined: white space or a comment. */
function wordOf(token: string): string | undefined {
  if (/^(\s|--|\/\*)/.test(token)) return undefined;
  if (/^(e?'|u&'|\$.)/i.test(token)) return "''";
  if (/^(u&)?"/i.test(token)) return '""';
  return token.toLowerCase();
}
