/**
 * Every message of protocols 2.0 and 3.0–3.2, by the manual's names.
 *
 * Where 2.0 has another name for the same thing the 3.x name is used and the
 * comment gives the other one. Byte arrays are views of the chunk they came in.
 *
 * @module
 */

import type { ErrorFields } from "../errors.ts";

/** How a value stands on the wire: 0 is text, 1 is binary. */
export type Format = 0 | 1;

/** I: idle, T: in a transaction block, E: in a failed one. */
export type TransactionStatus = "I" | "T" | "E";

/** One column of a RowDescription. */
export interface FieldDescription {
  readonly name: string;
  /** OID of the table the column stands in, else 0; always 0 on 2.0. */
  readonly tableOid: number;
  /** Attribute number within that table, else 0; always 0 on 2.0. */
  readonly columnNumber: number;
  readonly typeOid: number;
  /** Bytes; negative: of variable length. */
  readonly typeSize: number;
  readonly typeModifier: number;
  /** Always 0 on 2.0, where the rows tell their own format. */
  readonly format: Format;
}

/**
 * A run of consecutive rows, all of one chunk, as one message.
 * Rows stay bytes until somebody asks: see {@linkcode DataRow.locate}.
 *
 * On 2.0 called AsciiRow (text) or BinaryRow (binary).
 */
export interface DataRow {
  readonly kind: "DataRow";
  /** Rows in this run, at least 1. */
  readonly count: number;
  /** What all offsets count from; shared with the chunk, never reused by rill. */
  readonly bytes: Uint8Array;
  /** Over the same bytes as {@linkcode DataRow.bytes}, offset 0 to offset 0. */
  readonly view: DataView;
  /** Where the body of each row begins; `count` entries. */
  readonly starts: Int32Array;
  /** Bytes of the run on the wire, framing included. */
  readonly byteLength: number;
  /** Absent: each column has the format of its description (3.x). Given: of all (2.0). */
  readonly format?: Format;
  /** Absent: each row begins with its own Int16 count (3.x). Given: of all (2.0). */
  readonly fieldCount?: number;
  /**
   * Writes where each field of row `row` lies into `out`: start at `2 * i`, end at
   * `2 * i + 1`; start is -1 for NULL. `out` holds at least `2 * fieldCount`.
   *
   * @throws {ProtocolError} when the row has not `fieldCount` fields or a length leads out of the row
   */
  locate(row: number, fieldCount: number, out: Int32Array): void;
}

export interface AuthenticationOk {
  readonly kind: "AuthenticationOk";
}
/** Protocol 2.0 only. */
export interface AuthenticationKerberosV4 {
  readonly kind: "AuthenticationKerberosV4";
}
export interface AuthenticationKerberosV5 {
  readonly kind: "AuthenticationKerberosV5";
}
export interface AuthenticationCleartextPassword {
  readonly kind: "AuthenticationCleartextPassword";
}
/** Protocol 2.0 only; the salt has 2 bytes. */
export interface AuthenticationCryptPassword {
  readonly kind: "AuthenticationCryptPassword";
  readonly salt: Uint8Array;
}
/** The salt has 4 bytes. */
export interface AuthenticationMD5Password {
  readonly kind: "AuthenticationMD5Password";
  readonly salt: Uint8Array;
}
export interface AuthenticationSCMCredential {
  readonly kind: "AuthenticationSCMCredential";
}
export interface AuthenticationGSS {
  readonly kind: "AuthenticationGSS";
}
export interface AuthenticationGSSContinue {
  readonly kind: "AuthenticationGSSContinue";
  readonly data: Uint8Array;
}
export interface AuthenticationSSPI {
  readonly kind: "AuthenticationSSPI";
}
export interface AuthenticationSASL {
  readonly kind: "AuthenticationSASL";
  readonly mechanisms: readonly string[];
}
export interface AuthenticationSASLContinue {
  readonly kind: "AuthenticationSASLContinue";
  readonly data: Uint8Array;
}
export interface AuthenticationSASLFinal {
  readonly kind: "AuthenticationSASLFinal";
  readonly data: Uint8Array;
}

export type AuthenticationMessage =
  | AuthenticationOk
  | AuthenticationKerberosV4
  | AuthenticationKerberosV5
  | AuthenticationCleartextPassword
  | AuthenticationCryptPassword
  | AuthenticationMD5Password
  | AuthenticationSCMCredential
  | AuthenticationGSS
  | AuthenticationGSSContinue
  | AuthenticationSSPI
  | AuthenticationSASL
  | AuthenticationSASLContinue
  | AuthenticationSASLFinal;

/** What a CancelRequest must show: kept as bytes, 4 of them up to 3.0, up to 256 on 3.2. */
export interface BackendKeyData {
  readonly kind: "BackendKeyData";
  readonly processId: number;
  readonly secretKey: Uint8Array;
}
export interface BindComplete {
  readonly kind: "BindComplete";
}
export interface CloseComplete {
  readonly kind: "CloseComplete";
}
/** Called CompletedResponse in 2.0. */
export interface CommandComplete {
  readonly kind: "CommandComplete";
  readonly commandTag: string;
}
/**
 * Data of a COPY. On 3.x one message; on 2.0, which sends bare lines, as many
 * whole lines as the chunk held, line ends included.
 */
export interface CopyData {
  readonly kind: "CopyData";
  readonly data: Uint8Array;
}
/** On 2.0 the line `\.`. */
export interface CopyDone {
  readonly kind: "CopyDone";
}
export interface CopyFail {
  readonly kind: "CopyFail";
  readonly message: string;
}
/** 2.0 gives no formats: then `format` is 0 and `columnFormats` is empty. */
export interface CopyInResponse {
  readonly kind: "CopyInResponse";
  readonly format: Format;
  readonly columnFormats: readonly Format[];
}
export interface CopyOutResponse {
  readonly kind: "CopyOutResponse";
  readonly format: Format;
  readonly columnFormats: readonly Format[];
}
export interface CopyBothResponse {
  readonly kind: "CopyBothResponse";
  readonly format: Format;
  readonly columnFormats: readonly Format[];
}
/** Protocol 2.0 only: says that rows follow; the portal's name is `blank` for all but old servers. */
export interface CursorResponse {
  readonly kind: "CursorResponse";
  readonly portal: string;
}
export interface EmptyQueryResponse {
  readonly kind: "EmptyQueryResponse";
}
export interface ErrorResponse {
  readonly kind: "ErrorResponse";
  readonly fields: ErrorFields;
}
/** Called FunctionResultResponse or, for NULL, FunctionVoidResponse in 2.0. */
export interface FunctionCallResponse {
  readonly kind: "FunctionCallResponse";
  readonly value: Uint8Array | null;
}
/** `newestVersion` is the whole number, as 18 sends it: 0x00030002 is 3.2. */
export interface NegotiateProtocolVersion {
  readonly kind: "NegotiateProtocolVersion";
  readonly newestVersion: number;
  readonly unrecognizedOptions: readonly string[];
}
export interface NoData {
  readonly kind: "NoData";
}
export interface NoticeResponse {
  readonly kind: "NoticeResponse";
  readonly fields: ErrorFields;
}
/** The payload is undefined on 2.0, which never sends it. */
export interface NotificationResponse {
  readonly kind: "NotificationResponse";
  readonly processId: number;
  readonly channel: string;
  readonly payload?: string;
}
export interface ParameterDescription {
  readonly kind: "ParameterDescription";
  readonly typeOids: readonly number[];
}
export interface ParameterStatus {
  readonly kind: "ParameterStatus";
  readonly name: string;
  readonly value: string;
}
export interface ParseComplete {
  readonly kind: "ParseComplete";
}
export interface PortalSuspended {
  readonly kind: "PortalSuspended";
}
/** The status is undefined on 2.0, which never sends it. */
export interface ReadyForQuery {
  readonly kind: "ReadyForQuery";
  readonly transactionStatus?: TransactionStatus;
}
export interface RowDescription {
  readonly kind: "RowDescription";
  readonly fields: readonly FieldDescription[];
}

/** What a server sends. */
export type BackendMessage =
  | AuthenticationMessage
  | BackendKeyData
  | BindComplete
  | CloseComplete
  | CommandComplete
  | CopyData
  | CopyDone
  | CopyInResponse
  | CopyOutResponse
  | CopyBothResponse
  | CursorResponse
  | DataRow
  | EmptyQueryResponse
  | ErrorResponse
  | FunctionCallResponse
  | NegotiateProtocolVersion
  | NoData
  | NoticeResponse
  | NotificationResponse
  | ParameterDescription
  | ParameterStatus
  | ParseComplete
  | PortalSuspended
  | ReadyForQuery
  | RowDescription;

/** Called StartupPacket in 2.0, whose fixed fields are user, database, options, unused and tty. */
export interface StartupMessage {
  readonly kind: "StartupMessage";
  /** Major in the upper 16 bits, minor in the lower: 0x00030002 is 3.2. */
  readonly version: number;
  /** In the order they are sent. */
  readonly parameters: Readonly<Record<string, string>>;
}
export interface CancelRequest {
  readonly kind: "CancelRequest";
  readonly processId: number;
  readonly secretKey: Uint8Array;
}
export interface SSLRequest {
  readonly kind: "SSLRequest";
}
export interface GSSENCRequest {
  readonly kind: "GSSENCRequest";
}
/** Called PasswordPacket in 2.0. */
export interface PasswordMessage {
  readonly kind: "PasswordMessage";
  readonly password: string;
}
export interface SASLInitialResponse {
  readonly kind: "SASLInitialResponse";
  readonly mechanism: string;
  readonly data: Uint8Array | null;
}
export interface SASLResponse {
  readonly kind: "SASLResponse";
  readonly data: Uint8Array;
}
export interface GSSResponse {
  readonly kind: "GSSResponse";
  readonly data: Uint8Array;
}
export interface Query {
  readonly kind: "Query";
  readonly query: string;
}
export interface Parse {
  readonly kind: "Parse";
  readonly statement: string;
  readonly query: string;
  readonly typeOids: readonly number[];
}
export interface Bind {
  readonly kind: "Bind";
  readonly portal: string;
  readonly statement: string;
  /** None: all text; one: for all; else one a value. */
  readonly parameterFormats: readonly Format[];
  readonly parameters: readonly (Uint8Array | null)[];
  /** None: all text; one: for all; else one a column. */
  readonly resultFormats: readonly Format[];
}
/** S: a prepared statement, P: a portal. */
export type StatementOrPortal = "S" | "P";
export interface Describe {
  readonly kind: "Describe";
  readonly target: StatementOrPortal;
  readonly name: string;
}
/** `maxRows` 0: all. */
export interface Execute {
  readonly kind: "Execute";
  readonly portal: string;
  readonly maxRows: number;
}
export interface Close {
  readonly kind: "Close";
  readonly target: StatementOrPortal;
  readonly name: string;
}
export interface Sync {
  readonly kind: "Sync";
}
export interface Flush {
  readonly kind: "Flush";
}
export interface FunctionCall {
  readonly kind: "FunctionCall";
  readonly functionOid: number;
  /** 2.0 knows binary only: there this must be `[1]`. */
  readonly argumentFormats: readonly Format[];
  readonly arguments: readonly (Uint8Array | null)[];
  /** On 2.0 must be 1. */
  readonly resultFormat: Format;
}
export interface Terminate {
  readonly kind: "Terminate";
}

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
