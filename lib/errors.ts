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
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** 1-based, in characters, into the query text. */
  readonly position?: number;
  /** 1-based, in characters, into {@linkcode ErrorFields.internalQuery}. */
  readonly internalPosition?: number;
  readonly internalQuery?: string;
  readonly where?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly dataType?: string;
  readonly constraint?: string;
  readonly file?: string;
  readonly line?: number;
  readonly routine?: string;
}

/** Facts a {@linkcode ProtocolError} carries as properties. */
export interface ProtocolErrorOptions extends ErrorOptions {
  /** The type byte of the message at fault, as a character. */
  readonly messageType?: string;
  /** What the reader was doing. */
  readonly state?: string;
  /** Bytes of the stream before the message at fault. */
  readonly offset?: number;
}

/** Bytes or a message that make no sense: a fault of rill, of the server, or of what stands between. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError" as const;
  readonly messageType: string | undefined;
  readonly state: string | undefined;
  readonly offset: number | undefined;

  constructor(message: string, options: ProtocolErrorOptions = {}) {
    super(message, options);
    this.messageType = options.messageType;
    this.state = options.state;
    this.offset = options.offset;
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
  override readonly name = "ConnectionError" as const;
  readonly code: string | undefined;
  readonly safeToRetry: boolean;

  constructor(message: string, options: ConnectionErrorOptions = {}) {
    super(message, options);
    this.code = options.code;
    this.safeToRetry = options.safeToRetry ?? false;
  }
}

/** An option, a connection string or a file named by one that cannot be used as it is. */
export class ConfigError extends Error {
  override readonly name = "ConfigError" as const;
}
