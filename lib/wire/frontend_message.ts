/**
 * What a client sends, in 2.0 and in 3.0 to 3.2.
 *
 * @module
 */

import type { CopyData, CopyDone, Format, Message } from "./message.ts";

/** The client gives a COPY up. Not known to 2.0. */
export interface CopyFail extends Message<"CopyFail"> {
  /** The reason, for the error that the server answers with. */
  readonly message: string;
}

/**
 * The first message. Called StartupPacket in 2.0, whose fixed fields are user, database,
 * options, unused and tty.
 */
export interface StartupMessage extends Message<"StartupMessage"> {
  /** Major in the upper 16 bits, minor in the lower: 0x00030002 is 3.2. */
  readonly version: number;
  /** In the order they are sent. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Asks to stop what a backend is doing; on a connection of its own. */
export interface CancelRequest extends Message<"CancelRequest"> {
  /** From BackendKeyData. */
  readonly processId: number;
  /** From BackendKeyData. */
  readonly secretKey: Uint8Array;
}

/** Asks for TLS; answered by one byte. */
export type SSLRequest = Message<"SSLRequest">;

/** Asks for GSSAPI encryption; answered by one byte. */
export type GSSENCRequest = Message<"GSSENCRequest">;

/** Called PasswordPacket in 2.0. */
export interface PasswordMessage extends Message<"PasswordMessage"> {
  /** As it is, or in the form that was asked for. */
  readonly password: string;
}

/** Begins a SASL dialogue. */
export interface SASLInitialResponse extends Message<"SASLInitialResponse"> {
  /** One of those offered. */
  readonly mechanism: string;
  /** In the form of the mechanism; null: none. */
  readonly data: Uint8Array | null;
}

/** Goes on with a SASL dialogue. */
export interface SASLResponse extends Message<"SASLResponse"> {
  /** In the form of the mechanism. */
  readonly data: Uint8Array;
}

/** Goes on with a GSSAPI or SSPI dialogue. */
export interface GSSResponse extends Message<"GSSResponse"> {
  /** Our token. */
  readonly data: Uint8Array;
}

/** Simple query: any number of statements. */
export interface Query extends Message<"Query"> {
  /** SQL, without a zero byte. */
  readonly query: string;
}

/** Prepares a statement. */
export interface Parse extends Message<"Parse"> {
  /** Its name; empty: the unnamed one. */
  readonly statement: string;
  /** SQL of one statement. */
  readonly query: string;
  /** Of the first parameters; 0: the server is to find out. */
  readonly typeOids: readonly number[];
}

/** Makes a portal of a statement and values. */
export interface Bind extends Message<"Bind"> {
  /** Its name; empty: the unnamed one. */
  readonly portal: string;
  /** Of which statement. */
  readonly statement: string;
  /** None: all text; one: for all; else one a value. */
  readonly parameterFormats: readonly Format[];
  /** One a parameter; null: NULL. */
  readonly parameters: readonly (Uint8Array | null)[];
  /** None: all text; one: for all; else one a column. */
  readonly resultFormats: readonly Format[];
}

/** S: a prepared statement, P: a portal. */
export type StatementOrPortal = "S" | "P";

/** Asks for the parameters and columns of a statement, or the columns of a portal. */
export interface Describe extends Message<"Describe"> {
  /** Which of the two. */
  readonly target: StatementOrPortal;
  /** Empty: the unnamed one. */
  readonly name: string;
}

/** Asks for the rows of a portal. */
export interface Execute extends Message<"Execute"> {
  /** Empty: the unnamed one. */
  readonly portal: string;
  /** At the most; 0: all. */
  readonly maxRows: number;
}

/** Closes a statement or portal. */
export interface Close extends Message<"Close"> {
  /** Which of the two. */
  readonly target: StatementOrPortal;
  /** Empty: the unnamed one. */
  readonly name: string;
}

/** Ends a unit of the extended query; answered by ReadyForQuery. */
export type Sync = Message<"Sync">;

/** Asks for what the server holds back. */
export type Flush = Message<"Flush">;

/** Calls a function. */
export interface FunctionCall extends Message<"FunctionCall"> {
  /** Of pg_proc. */
  readonly functionOid: number;
  /** 2.0 knows binary only: there this must be `[1]`. */
  readonly argumentFormats: readonly Format[];
  /** Null: NULL. */
  readonly arguments: readonly (Uint8Array | null)[];
  /** On 2.0 this must be 1. */
  readonly resultFormat: Format;
}

/** Ends the session; answered by nothing. */
export type Terminate = Message<"Terminate">;

/** What a client sends. */
export type FrontendMessage =
  | StartupMessage
  | CancelRequest
  | SSLRequest
  | GSSENCRequest
  | PasswordMessage
  | SASLInitialResponse
  | SASLResponse
  | GSSResponse
  | Query
  | Parse
  | Bind
  | Describe
  | Execute
  | Close
  | Sync
  | Flush
  | FunctionCall
  | CopyData
  | CopyDone
  | CopyFail
  | Terminate;
