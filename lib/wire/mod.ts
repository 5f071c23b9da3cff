/**
 * The frontend/backend protocol of PostgreSQL, 2.0 and 3.0 to 3.2, in both directions:
 * bytes to messages and messages to bytes. No input or output, no clock, no runtime.
 *
 * @example Encode a query, and decode what a server would answer
 * ```ts
 * import { BackendDecoderV3, ByteWriter, encodeBackendV3, protocolV3 } from "./mod.ts";
 *
 * const request = new ByteWriter();
 * protocolV3.encode({ kind: "Query", query: "select 1" }, request);
 *
 * const answer = new ByteWriter();
 * encodeBackendV3({ kind: "CommandComplete", commandTag: "SELECT 1" }, answer);
 * encodeBackendV3({ kind: "ReadyForQuery", transactionStatus: "I" }, answer);
 *
 * const [complete, ready] = new BackendDecoderV3().push(answer.take());
 * console.log(request.length, complete.kind, ready.kind); // 14 CommandComplete ReadyForQuery
 * ```
 *
 * @module
 */

export { ByteWriter } from "../bytes/byte_writer.ts";
export { type ErrorFields, ProtocolError, type ProtocolErrorOptions } from "../errors.ts";
export type { DecoderOptions, MessageDecoder } from "./decoder.ts";
export { MessageDecoderStream } from "./message_decoder_stream.ts";
export {
  type Capabilities,
  type Protocol,
  type ProtocolVersion,
  versionName,
  versionNumber,
} from "./protocol.ts";
export { rowValues } from "./row_values.ts";
export { formatMessage, type TraceOptions } from "./trace.ts";

export { BackendDecoderV2 } from "./v2/backend_decoder.ts";
export { encodeBackendV2 } from "./v2/backend_encoder.ts";
export { FrontendDecoderV2 } from "./v2/frontend_decoder.ts";
export type { ExpectedV2 } from "./v2/frontend_framing.ts";
export { encodeFrontendV2 } from "./v2/frontend_encoder.ts";
export { protocolV2 } from "./v2/protocol.ts";
export { encodeAsciiRow, encodeBinaryRow } from "./v2/rows.ts";

export { BackendDecoderV3 } from "./v3/backend_decoder.ts";
export { encodeBackendV3, encodeDataRowV3 } from "./v3/backend_encoder.ts";
export { FrontendDecoderV3 } from "./v3/frontend_decoder.ts";
export type { ExpectedV3 } from "./v3/frontend_framing.ts";
export { encodeFrontendV3 } from "./v3/frontend_encoder.ts";
export { protocolV3, protocolV30 } from "./v3/protocol.ts";

export type {
  AuthenticationCleartextPassword,
  AuthenticationCryptPassword,
  AuthenticationGSS,
  AuthenticationGSSContinue,
  AuthenticationKerberosV4,
  AuthenticationKerberosV5,
  AuthenticationMD5Password,
  AuthenticationMessage,
  AuthenticationOk,
  AuthenticationSASL,
  AuthenticationSASLContinue,
  AuthenticationSASLFinal,
  AuthenticationSCMCredential,
  AuthenticationSSPI,
  BackendKeyData,
  BackendMessage,
  BindComplete,
  CloseComplete,
  CommandComplete,
  CopyBothResponse,
  CopyInResponse,
  CopyOutResponse,
  CursorResponse,
  DataRow,
  EmptyQueryResponse,
  ErrorResponse,
  FieldDescription,
  FunctionCallResponse,
  NegotiateProtocolVersion,
  NoData,
  NoticeResponse,
  NotificationResponse,
  ParameterDescription,
  ParameterStatus,
  ParseComplete,
  PortalSuspended,
  ReadyForQuery,
  RowDescription,
} from "./backend_message.ts";
export type {
  Bind,
  CancelRequest,
  Close,
  CopyFail,
  Describe,
  Execute,
  Flush,
  FrontendMessage,
  FunctionCall,
  GSSENCRequest,
  GSSResponse,
  Parse,
  PasswordMessage,
  Query,
  SASLInitialResponse,
  SASLResponse,
  SSLRequest,
  StartupMessage,
  StatementOrPortal,
  Sync,
  Terminate,
} from "./frontend_message.ts";
export type { CopyData, CopyDone, Format, Message, TransactionStatus } from "./message.ts";
