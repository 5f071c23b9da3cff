/**
 * Every error class of rill. Each carries its facts as properties; none carries
 * a password, a parameter or a row's value in its text.
 *
 * An aborted operation rejects with its `AbortSignal`'s own reason, and misuse
 * is a `TypeError` or `RangeError`, so neither needs a class here.
 *
 * @module
 */

/**
 * The fields of an ErrorResponse or NoticeResponse, named as in the manual's
 * "Error and Notice Message Fields". Protocol 2.0 sends one text, from which
 * only `severity`, `message` and `position` can be had.
 */
export interface ErrorFields {
  /** ERROR, FATAL, PANIC, WARNING, NOTICE, …: not translated where the server sends `V` (9.6+). */
  readonly severity: string;
  /** SQLSTATE, five characters; absent on protocol 2.0. */
  readonly code?: string;
  /** What is wrong, in a line. */
  readonly message: string;
  /** More of it; may quote rows. */
  readonly detail?: string;
  /** What may help. */
  readonly hint?: string;
  /** 1-based, in characters, into the query text. */
  readonly position?: number;
  /** 1-based, in characters, into {@linkcode ErrorFields.internalQuery}. */
  readonly internalPosition?: number;
  /** A query that the server made itself, as of a PL/pgSQL function. */
  readonly internalQuery?: string;
  /** The calls that led there, innermost first; may quote rows. */
  readonly where?: string;
  /** The schema of what is named below. */
  readonly schema?: string;
  /** The table at fault. */
  readonly table?: string;
  /** The column at fault. */
  readonly column?: string;
  /** The data type at fault. */
  readonly dataType?: string;
  /** The constraint, or the unique index, that was violated. */
  readonly constraint?: string;
  /** The file of the server's source. */
  readonly file?: string;
  /** The line in {@linkcode ErrorFields.file}. */
  readonly line?: number;
  /** The function of the server's source. */
  readonly routine?: string;
}

/** Facts a {@linkcode DatabaseError} carries beside the server's own. */
export interface DatabaseErrorOptions extends ErrorOptions {
  /** The SQL text as it was sent. */
  readonly query?: string;
  /** The SQLSTATE's name, see `conditionName()` of sqlstate.ts. */
  readonly condition?: string;
  /** Overrides what the SQLSTATE alone says. */
  readonly safeToRetry?: boolean;
}

/** The server's fields, as properties that the constructor defines. */
export interface DatabaseError extends Omit<ErrorFields, "message"> {
  /** The name of the SQLSTATE, as `unique_violation`. */
  readonly condition?: string;
  /** The SQL text as it was sent. */
  readonly query?: string;
}

/**
 * The server said no: an ErrorResponse, with all its fields.
 *
 * `message` is the server's own. What may quote rows or parameters (`detail`, `where`,
 * `query`, `internalQuery`) and the place in the server's source (`file`, `line`,
 * `routine`) are not enumerable: they can be read, but `console.log`, `JSON.stringify`
 * and loggers that copy properties leave them out. Fields the server did not send are
 * no properties at all.
 */
export class DatabaseError extends Error {
  /** Tells the class, also in minified code. */
  override readonly name = "DatabaseError" as const;
  /**
   * True when the server has undone, or never begun, the transaction this error ended and
   * the cause is a passing one: the whole transaction may be tried again as it was.
   * A text or procedure that commits on its way is the caller's to judge.
   */
  readonly safeToRetry: boolean;

  /** Makes the error of an ErrorResponse. */
  constructor(fields: ErrorFields, options: DatabaseErrorOptions = {}) {
    super(fields.message, "cause" in options ? { cause: options.cause } : undefined);
    this.safeToRetry = options.safeToRetry ?? passingConditions.includes(fields.code ?? "");
    const facts = { ...fields, condition: options.condition, query: options.query };
    for (const name of printedFields) this.#define(name, facts[name], true);
    for (const name of unprintedFields) this.#define(name, facts[name], false);
  }

  #define(name: string, value: unknown, enumerable: boolean): void {
    if (value !== undefined) Object.defineProperty(this, name, { value, enumerable });
  }

  /**
   * The line of the query that the server points at, and a caret under the place; of the
   * internal query, when the fault is in one. Undefined when the server points nowhere.
   */
  get excerpt(): string | undefined {
    if (this.query !== undefined && this.position !== undefined) {
      return excerptAt(this.query, this.position);
    }
    if (this.internalQuery === undefined || this.internalPosition === undefined) return undefined;
    return excerptAt(this.internalQuery, this.internalPosition);
  }
}

// 40001 and 40P01: rolled back for the sake of another transaction. 53300 and 57P03: not even
// let in. 57P05: fires only while the server waits for a command, so it has not read the next.
// Not 57P01: it can reach a session after its commit, see syncrep.c, SyncRepWaitForLSN.
// Not 55P03 or 57014: somebody asked not to wait.
const passingConditions: readonly string[] = ["40001", "40P01", "53300", "57P03", "57P05"];

const printedFields = [
  "severity",
  "code",
  "condition",
  "hint",
  "position",
  "internalPosition",
  "schema",
  "table",
  "column",
  "dataType",
  "constraint",
] as const;

const unprintedFields = [
  "detail",
  "where",
  "query",
  "internalQuery",
  "file",
  "line",
  "routine",
] as const;

/** Facts a {@linkcode ProtocolError} carries as properties. */
export interface ProtocolErrorOptions extends ErrorOptions {
  /** The type byte of the message at fault, as a character. */
  readonly messageType?: string;
  /** What the reader was doing. */
  readonly state?: string;
  /** Bytes of the stream before the message at fault. */
  readonly offset?: number;
  /** True when the bytes were fine but ended within a message: the pipe was cut. */
  readonly truncated?: boolean;
}

/** Bytes or a message that make no sense: a fault of rill, of the server, or of what stands between. */
export class ProtocolError extends Error {
  /** Tells the class, also in minified code. */
  override readonly name = "ProtocolError" as const;
  /** The type byte of the message at fault, as a character. */
  readonly messageType: string | undefined;
  /** What the reader was doing. */
  readonly state: string | undefined;
  /** Bytes of the stream before the message at fault. */
  readonly offset: number | undefined;
  /** True when the bytes were fine but ended within a message: the pipe was cut. */
  readonly truncated: boolean;

  /** Takes the text and the facts. */
  constructor(message: string, options: ProtocolErrorOptions = {}) {
    super(message, options);
    this.messageType = options.messageType;
    this.state = options.state;
    this.offset = options.offset;
    this.truncated = options.truncated ?? false;
  }
}

/** Facts a {@linkcode ConnectionError} carries as properties. */
export interface ConnectionErrorOptions extends ErrorOptions {
  /** `ECONNREFUSED`, `ECONNRESET`, … of the operating system, or the server's SQLSTATE. */
  readonly code?: string;
  /** True when the server cannot have run the statement that was cut short. */
  readonly safeToRetry?: boolean;
}

/** The pipe: it could not be opened, secured or authenticated upon, or it was lost. */
export class ConnectionError extends Error {
  /** Tells the class, also in minified code. */
  override readonly name = "ConnectionError" as const;
  /** `ECONNREFUSED`, `ECONNRESET`, … of the operating system, or the server's SQLSTATE. */
  readonly code: string | undefined;
  /** True when the server cannot have run the statement that was cut short. */
  readonly safeToRetry: boolean;

  /** Takes the text and the facts. */
  constructor(message: string, options: ConnectionErrorOptions = {}) {
    super(message, options);
    this.code = options.code;
    this.safeToRetry = options.safeToRetry ?? false;
  }
}

/** An option, a connection string or a file named by one that cannot be used as it is. */
export class ConfigError extends Error {
  /** Tells the class, also in minified code. */
  override readonly name = "ConfigError" as const;
}

// Characters shown of a long line, and how many of them before the place.
const excerptLength = 100;
const excerptLead = 60;

/** `position` is 1-based, in code points; one past the end means the end of the text. */
function excerptAt(text: string, position: number): string | undefined {
  const offset = codeUnitOffset(text, position);
  if (offset === undefined) return undefined;
  const before = text.slice(0, offset);
  const lineStart = Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1;
  const lead = [...text.slice(lineStart, offset)];
  const rest = [.../^[^\r\n]*/.exec(text.slice(offset))![0]];

  const skipped = lead.length + rest.length > excerptLength
    ? Math.max(0, lead.length - excerptLead)
    : 0;
  const shownLead = lead.slice(skipped);
  const shownRest = rest.slice(0, excerptLength - shownLead.length);
  if (skipped > 0) shownLead.unshift("…");
  if (skipped + excerptLength < lead.length + rest.length) shownRest.push("…");
  const line = [...shownLead, ...shownRest].map(printable).join("");
  return `${line}\n${shownLead.map(blankAs).join("")}^`;
}

function codeUnitOffset(text: string, position: number): number | undefined {
  let offset = 0;
  let left = position - 1;
  if (!Number.isInteger(left) || left < 0) return undefined;
  for (const character of text) {
    if (left === 0) break;
    left -= 1;
    offset += character.length;
  }
  return left === 0 ? offset : undefined;
}

/** No control character but the tab: the text may end up on a terminal. */
function printable(character: string): string {
  return character !== "\t" && /\p{Cc}/u.test(character) ? "\ufffd" : character;
}

/** Blanks as wide as the character is on most terminals. */
function blankAs(character: string): string {
  if (character === "\t") return "\t";
  if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return "";
  return wideCharacter.test(character) ? "  " : " ";
}

// East Asian Width W and F (UAX #11), by block.
const wideCharacter: RegExp =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
