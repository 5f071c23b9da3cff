/**
 * Encodes what a client of protocol 3.x sends.
 *
 * @module
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import { beginMessage, endMessage, writeEmptyMessage, writeWhole } from "../framing.ts";
import type * as frontend from "../frontend_message.ts";
import { encodeCancelRequest, encodeGSSENCRequest, encodeSSLRequest } from "../startup_packets.ts";
import { noSuchMessage } from "../unknown_message.ts";
import { writeCount, writeFormats, writeOids, writeValue } from "./formats.ts";

/**
 * Writes one message in the form of 3.0 to 3.2.
 *
 * @throws {TypeError | RangeError} when it cannot be said, a zero byte in a text for one;
 * then nothing is written
 */
export function encodeFrontendV3(message: frontend.FrontendMessage, writer: ByteWriter): void {
  writeWhole(writer, () => encode(message, writer));
}

function encode(message: frontend.FrontendMessage, writer: ByteWriter): void {
  switch (message.kind) {
    case "StartupMessage":
      return encodeStartupMessage(message, writer);
    case "CancelRequest":
      return encodeCancelRequest(message, writer);
    case "SSLRequest":
      return encodeSSLRequest(writer);
    case "GSSENCRequest":
      return encodeGSSENCRequest(writer);
    case "PasswordMessage":
      return encodeText("p", message.password, writer);
    case "SASLInitialResponse":
      return encodeSASLInitialResponse(message, writer);
    case "SASLResponse":
    case "GSSResponse":
      return encodeData("p", message.data, writer);
    case "Query":
      return encodeText("Q", message.query, writer);
    case "Parse":
      return encodeParse(message, writer);
    case "Bind":
      return encodeBind(message, writer);
    case "Describe":
      return encodeText("D", message.target + message.name, writer);
    case "Execute":
      return encodeExecute(message, writer);
    case "Close":
      return encodeText("C", message.target + message.name, writer);
    case "Sync":
      return writeEmptyMessage("S", writer);
    case "Flush":
      return writeEmptyMessage("H", writer);
    case "FunctionCall":
      return encodeFunctionCall(message, writer);
    case "CopyData":
      return encodeData("d", message.data, writer);
    case "CopyDone":
      return writeEmptyMessage("c", writer);
    case "CopyFail":
      return encodeText("f", message.message, writer);
    case "Terminate":
      return writeEmptyMessage("X", writer);
    default:
      throw noSuchMessage((message as { kind: string }).kind, "3.x");
  }
}

function encodeStartupMessage(message: frontend.StartupMessage, writer: ByteWriter): void {
  if (message.version >>> 16 < 3) throw noSuchMessage("StartupMessage of another version", "3.x");
  const length = writer.reserveInt32();
  writer.writeInt32(message.version);
  for (const [name, value] of Object.entries(message.parameters)) {
    if (name === "") throw new TypeError("Cannot encode StartupMessage: a parameter has no name");
    writer.writeCString(name);
    writer.writeCString(value);
  }
  writer.writeByte(0);
  endMessage(length, writer);
}

function encodeSASLInitialResponse(
  message: frontend.SASLInitialResponse,
  writer: ByteWriter,
): void {
  const length = beginMessage("p", writer);
  writer.writeCString(message.mechanism);
  writeValue(message.data, writer);
  endMessage(length, writer);
}

function encodeParse(message: frontend.Parse, writer: ByteWriter): void {
  const length = beginMessage("P", writer);
  writer.writeCString(message.statement);
  writer.writeCString(message.query);
  writeOids(message.typeOids, writer);
  endMessage(length, writer);
}

function encodeBind(message: frontend.Bind, writer: ByteWriter): void {
  const length = beginMessage("B", writer);
  writer.writeCString(message.portal);
  writer.writeCString(message.statement);
  writeFormats(message.parameterFormats, writer);
  writeCount(message.parameters.length, writer);
  for (const value of message.parameters) writeValue(value, writer);
  writeFormats(message.resultFormats, writer);
  endMessage(length, writer);
}

function encodeExecute(message: frontend.Execute, writer: ByteWriter): void {
  const length = beginMessage("E", writer);
  writer.writeCString(message.portal);
  writer.writeInt32(message.maxRows);
  endMessage(length, writer);
}

function encodeFunctionCall(message: frontend.FunctionCall, writer: ByteWriter): void {
  const length = beginMessage("F", writer);
  writer.writeInt32(message.functionOid);
  writeFormats(message.argumentFormats, writer);
  writeCount(message.arguments.length, writer);
  for (const value of message.arguments) writeValue(value, writer);
  writer.writeInt16(message.resultFormat);
  endMessage(length, writer);
}

function encodeText(type: string, text: string, writer: ByteWriter): void {
  const length = beginMessage(type, writer);
  writer.writeCString(text);
  endMessage(length, writer);
}

function encodeData(type: string, data: Uint8Array, writer: ByteWriter): void {
  const length = beginMessage(type, writer);
  writer.writeBytes(data);
  endMessage(length, writer);
}
