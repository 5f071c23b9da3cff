/**
 * Encodes what a client of protocol 2.0 sends.
 *
 * @module
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import { writeWhole } from "../framing.ts";
import type * as frontend from "../frontend_message.ts";
import { encodeCancelRequest, encodeGSSENCRequest, encodeSSLRequest } from "../startup_packets.ts";
import { noSuchMessage } from "../unknown_message.ts";
import { encodeStartupMessageV2 } from "./startup_message.ts";

/**
 * Writes one message in the form of 2.0. CopyData is raw lines: the last byte before
 * CopyDone must be a line feed.
 *
 * @throws {TypeError} when 2.0 has no such message, or a text holds a zero byte
 * @throws {RangeError} when a start-up parameter does not fit its field; then nothing is written
 */
export function encodeFrontendV2(message: frontend.FrontendMessage, writer: ByteWriter): void {
  writeWhole(writer, () => encode(message, writer));
}

function encode(message: frontend.FrontendMessage, writer: ByteWriter): void {
  switch (message.kind) {
    case "StartupMessage":
      return encodeStartupMessageV2(message, writer);
    case "CancelRequest":
      return encodeCancelRequest(message, writer);
    case "SSLRequest":
      return encodeSSLRequest(writer);
    case "GSSENCRequest":
      return encodeGSSENCRequest(writer);
    case "PasswordMessage":
      return encodePasswordMessage(message, writer);
    case "Query":
      writer.writeText("Q");
      return writer.writeCString(message.query);
    case "FunctionCall":
      return encodeFunctionCall(message, writer);
    case "CopyData":
      return writer.writeBytes(message.data);
    case "CopyDone":
      return writer.writeText("\\.\n");
    case "Terminate":
      return writer.writeText("X");
    default:
      throw noSuchMessage(message.kind, "2.0");
  }
}

/** Called PasswordPacket, and has no type byte. */
function encodePasswordMessage(message: frontend.PasswordMessage, writer: ByteWriter): void {
  const length = writer.reserveInt32();
  writer.writeCString(message.password);
  writer.patchInt32(length, writer.length - length);
}

function encodeFunctionCall(message: frontend.FunctionCall, writer: ByteWriter): void {
  const formats = [...message.argumentFormats, message.resultFormat];
  if (message.argumentFormats.length === 0 || formats.some((format) => format !== 1)) {
    throw new TypeError("Cannot encode FunctionCall: protocol 2.0 has the binary format only");
  }
  writer.writeText("F");
  // A text the server never looks at.
  writer.writeByte(0);
  writer.writeInt32(message.functionOid);
  writer.writeInt32(message.arguments.length);
  for (const value of message.arguments) {
    writer.writeInt32(value === null ? -1 : value.length);
    if (value !== null) writer.writeBytes(value);
  }
}
