/**
 * What a session may ask of any protocol version.
 *
 * @module
 */

import type { ByteWriter } from "../bytes/byte_writer.ts";
import type { DecoderOptions, MessageDecoder } from "./decoder.ts";
import type { BackendMessage } from "./backend_message.ts";
import type { FrontendMessage } from "./frontend_message.ts";

/** The versions rill speaks. */
export type ProtocolVersion = "2.0" | "3.0" | "3.2";

/** What a protocol can do: sessions ask these, never a version. */
export interface Capabilities {
  /** The extended query: Parse, Bind, Execute; else parameters are literals in the text. */
  readonly bindParameters: boolean;
  /** Each column's format can be chosen. */
  readonly binaryPerColumn: boolean;
  /** A COPY IN can be given up without losing the connection. */
  readonly copyFail: boolean;
  /** COPY (FORMAT binary) to and from the client. */
  readonly copyBinary: boolean;
  /** Errors have a SQLSTATE, detail, hint and the other fields. */
  readonly sqlState: boolean;
  /** ReadyForQuery tells the transaction status. */
  readonly transactionStatus: boolean;
  /** Settings are reported as they change. */
  readonly parameterStatus: boolean;
  /** Notifications have a payload. */
  readonly notifyPayload: boolean;
  /** SCRAM and the other SASL mechanisms. */
  readonly sasl: boolean;
}

/** One version of the frontend/backend protocol. */
export interface Protocol {
  /** What to ask for in the StartupMessage. */
  readonly version: ProtocolVersion;
  /** What it can do. */
  readonly capabilities: Capabilities;
  /**
   * Writes one message.
   *
   * @throws {TypeError | RangeError} when this protocol cannot say it; nothing is written then
   */
  encode(message: FrontendMessage, writer: ByteWriter): void;
  /** A decoder for one connection, from the first message behind any SSLRequest on. */
  backendDecoder(options?: DecoderOptions): MessageDecoder<BackendMessage>;
}

/** The number a StartupMessage carries: 0x00030002 for "3.2". */
export function versionNumber(version: ProtocolVersion): number {
  const [major, minor] = version.split(".");
  return (Number(major) << 16) | Number(minor);
}

/** The name of a number: "3.2" for 0x00030002. */
export function versionName(version: number): string {
  return `${version >>> 16}.${version & 0xffff}`;
}
