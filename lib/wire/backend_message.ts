/**
 * What a server sends, in 2.0 and in 3.0 to 3.2.
 *
 * @module
 */

import type { ErrorFields } from "../errors.ts";
import type { CopyData, CopyDone, Format, Message, TransactionStatus } from "./message.ts";

/** One column of a RowDescription. */
export interface FieldDescription {
  /** The column's name. */
  readonly name: string;
  /** OID of the table the column stands in, else 0; always 0 on 2.0. */
  readonly tableOid: number;
  /** Attribute number within that table, else 0; always 0 on 2.0. */
  readonly columnNumber: number;
  /** OID of the column's type, of a domain's base type. */
  readonly typeOid: number;
  /** Bytes; negative: of variable length. */
  readonly typeSize: number;
  /** What stands in the parentheses behind the type, as the type keeps it; -1 for nothing. */
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
export interface DataRow extends Message<"DataRow"> {
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

/** The server is content; a refusal may still follow. */
export type AuthenticationOk = Message<"AuthenticationOk">;

/** Protocol 2.0 only. */
export type AuthenticationKerberosV4 = Message<"AuthenticationKerberosV4">;

/** Asks for a Kerberos dialogue; servers up to 9.2. */
export type AuthenticationKerberosV5 = Message<"AuthenticationKerberosV5">;

/** Asks for the password as it is. */
export type AuthenticationCleartextPassword = Message<"AuthenticationCleartextPassword">;

/** Asks for the password in crypt(3). Protocol 2.0 only. */
export interface AuthenticationCryptPassword extends Message<"AuthenticationCryptPassword"> {
  /** Two characters. */
  readonly salt: Uint8Array;
}

/** Asks for the password in two rounds of MD5. */
export interface AuthenticationMD5Password extends Message<"AuthenticationMD5Password"> {
  /** Four bytes. */
  readonly salt: Uint8Array;
}

/** Asks for the credentials of a Unix socket; servers up to 9.0. */
export type AuthenticationSCMCredential = Message<"AuthenticationSCMCredential">;

/** Asks for a GSSAPI dialogue. */
export type AuthenticationGSS = Message<"AuthenticationGSS">;

/** Goes on with a GSSAPI or SSPI dialogue. */
export interface AuthenticationGSSContinue extends Message<"AuthenticationGSSContinue"> {
  /** The other side's token. */
  readonly data: Uint8Array;
}

/** Asks for an SSPI dialogue. */
export type AuthenticationSSPI = Message<"AuthenticationSSPI">;

/** Asks for a SASL dialogue. */
export interface AuthenticationSASL extends Message<"AuthenticationSASL"> {
  /** What may be chosen from, the best first. */
  readonly mechanisms: readonly string[];
}

/** Goes on with a SASL dialogue. */
export interface AuthenticationSASLContinue extends Message<"AuthenticationSASLContinue"> {
  /** The challenge, in the form of the mechanism. */
  readonly data: Uint8Array;
}

/** Ends a SASL dialogue well. */
export interface AuthenticationSASLFinal extends Message<"AuthenticationSASLFinal"> {
  /** The outcome, in the form of the mechanism. */
  readonly data: Uint8Array;
}

/** What a server sends to find out who we are. */
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

/** What a CancelRequest must show. */
export interface BackendKeyData extends Message<"BackendKeyData"> {
  /** The backend's, as in pg_stat_activity. */
  readonly processId: number;
  /** Kept as bytes: 4 up to 3.0, up to 256 on 3.2. */
  readonly secretKey: Uint8Array;
}

/** A portal was made. */
export type BindComplete = Message<"BindComplete">;

/** A statement or portal was closed. */
export type CloseComplete = Message<"CloseComplete">;

/** A statement is done. Called CompletedResponse in 2.0. */
export interface CommandComplete extends Message<"CommandComplete"> {
  /** `SELECT 5`, `INSERT 0 1`, `CREATE TABLE`, …. */
  readonly commandTag: string;
}

/** The server waits for data. */
export interface CopyInResponse extends Message<"CopyInResponse"> {
  /** Of the whole; 0 on 2.0, which does not tell. */
  readonly format: Format;
  /** Of each column; empty on 2.0. */
  readonly columnFormats: readonly Format[];
}

/** Data follows. */
export interface CopyOutResponse extends Message<"CopyOutResponse"> {
  /** Of the whole; 0 on 2.0, which does not tell. */
  readonly format: Format;
  /** Of each column; empty on 2.0. */
  readonly columnFormats: readonly Format[];
}

/** Data flows both ways: replication. Not known to 2.0. */
export interface CopyBothResponse extends Message<"CopyBothResponse"> {
  /** Of the whole; 0 on 2.0, which does not tell. */
  readonly format: Format;
  /** Of each column; empty on 2.0. */
  readonly columnFormats: readonly Format[];
}

/** Says that rows follow. Protocol 2.0 only. */
export interface CursorResponse extends Message<"CursorResponse"> {
  /** `blank` for all but old servers, also after FETCH. */
  readonly portal: string;
}

/** There was nothing in the query. */
export type EmptyQueryResponse = Message<"EmptyQueryResponse">;

/** The server could not do it. */
export interface ErrorResponse extends Message<"ErrorResponse"> {
  /** What it says of it. */
  readonly fields: ErrorFields;
}

/** What a function gave. Called FunctionResultResponse or, for NULL, FunctionVoidResponse in 2.0. */
export interface FunctionCallResponse extends Message<"FunctionCallResponse"> {
  /** Null: NULL. */
  readonly value: Uint8Array | null;
}

/** The server does not know all that was asked for. */
export interface NegotiateProtocolVersion extends Message<"NegotiateProtocolVersion"> {
  /** The whole number, as 18 sends it: 0x00030002 is 3.2. */
  readonly newestVersion: number;
  /** The `_pq_.` options it does not know. */
  readonly unrecognizedOptions: readonly string[];
}

/** The statement or portal yields no rows. */
export type NoData = Message<"NoData">;

/** A warning or remark; may come at any time. */
export interface NoticeResponse extends Message<"NoticeResponse"> {
  /** What the server says. */
  readonly fields: ErrorFields;
}

/** Somebody said NOTIFY; may come at any time. */
export interface NotificationResponse extends Message<"NotificationResponse"> {
  /** Of the backend that notified. */
  readonly processId: number;
  /** The name that LISTEN gave. */
  readonly channel: string;
  /** Undefined on 2.0, which never sends it. */
  readonly payload?: string;
}

/** The types of a statement's parameters. */
export interface ParameterDescription extends Message<"ParameterDescription"> {
  /** One a parameter. */
  readonly typeOids: readonly number[];
}

/** A setting of the session, at start-up and whenever it changes. */
export interface ParameterStatus extends Message<"ParameterStatus"> {
  /** As in SHOW. */
  readonly name: string;
  /** As in SHOW. */
  readonly value: string;
}

/** A statement was prepared. */
export type ParseComplete = Message<"ParseComplete">;

/** Execute came to its row limit. */
export type PortalSuspended = Message<"PortalSuspended">;

/** The server waits for the next query. */
export interface ReadyForQuery extends Message<"ReadyForQuery"> {
  /** Undefined on 2.0, which never sends it. */
  readonly transactionStatus?: TransactionStatus;
}

/** The columns of the rows that follow, or would. */
export interface RowDescription extends Message<"RowDescription"> {
  /** One a column; there may be none. */
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
