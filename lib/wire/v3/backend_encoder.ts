/**
 * Encodes what a server of protocol 3.x sends.
 *
 * @module
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import { writeErrorFields } from "../error_fields.ts";
import { beginMessage, endMessage, writeEmptyMessage, writeWhole } from "../framing.ts";
import type * as message from "../backend_message.ts";
import type { CopyData } from "../message.ts";
import { rowValues } from "../row_values.ts";
import { noSuchMessage } from "../unknown_message.ts";
import { encodeAuthenticationV3 } from "./authentication.ts";
import { writeCount, writeFormats, writeOids, writeValue } from "./formats.ts";

/**
 * Writes one message in the form of 3.0 to 3.2; a run of rows row by row.
 *
 * @throws {TypeError | RangeError} when it cannot be said; then nothing is written
 */
export function encodeBackendV3(message: message.BackendMessage, writer: ByteWriter): void {
  writeWhole(writer, () => encode(message, writer));
}

/** Writes one row; NULL is null. */
export function encodeDataRowV3(
  values: readonly (Uint8Array | null)[],
  writer: ByteWriter,
): void {
  const length = beginMessage("D", writer);
  writeCount(values.length, writer);
  for (const value of values) writeValue(value, writer);
  endMessage(length, writer);
}

function encode(message: message.BackendMessage, writer: ByteWriter): void {
  switch (message.kind) {
    case "BackendKeyData":
      return encodeBackendKeyData(message, writer);
    case "BindComplete":
      return writeEmptyMessage("2", writer);
    case "CloseComplete":
      return writeEmptyMessage("3", writer);
    case "CommandComplete":
      return encodeTexts("C", [message.commandTag], writer);
    case "CopyData":
      return encodeCopyData(message, writer);
    case "CopyDone":
      return writeEmptyMessage("c", writer);
    case "CopyInResponse":
      return encodeCopyResponse("G", message, writer);
    case "CopyOutResponse":
      return encodeCopyResponse("H", message, writer);
    case "CopyBothResponse":
      return encodeCopyResponse("W", message, writer);
    case "DataRow":
      return encodeRun(message, writer);
    case "EmptyQueryResponse":
      return writeEmptyMessage("I", writer);
    case "ErrorResponse":
      return encodeFields("E", message, writer);
    case "FunctionCallResponse":
      return encodeFunctionCallResponse(message, writer);
    case "NegotiateProtocolVersion":
      return encodeNegotiateProtocolVersion(message, writer);
    case "NoData":
      return writeEmptyMessage("n", writer);
    case "NoticeResponse":
      return encodeFields("N", message, writer);
    case "NotificationResponse":
      return encodeNotificationResponse(message, writer);
    case "ParameterDescription":
      return encodeParameterDescription(message, writer);
    case "ParameterStatus":
      return encodeTexts("S", [message.name, message.value], writer);
    case "ParseComplete":
      return writeEmptyMessage("1", writer);
    case "PortalSuspended":
      return writeEmptyMessage("s", writer);
    case "ReadyForQuery":
      return encodeReadyForQuery(message, writer);
    case "RowDescription":
      return encodeRowDescription(message, writer);
    case "CursorResponse":
      throw noSuchMessage(message.kind, "3.x");
    default:
      return encodeAuthenticationV3(message, writer);
  }
}

function encodeRun(message: message.DataRow, writer: ByteWriter): void {
  for (let row = 0; row < message.count; row++) encodeDataRowV3(rowValues(message, row), writer);
}

function encodeTexts(type: string, texts: readonly string[], writer: ByteWriter): void {
  const length = beginMessage(type, writer);
  for (const text of texts) writer.writeCString(text);
  endMessage(length, writer);
}

function encodeFields(
  type: string,
  message: message.ErrorResponse | message.NoticeResponse,
  writer: ByteWriter,
): void {
  const length = beginMessage(type, writer);
  writeErrorFields(message.fields, writer);
  endMessage(length, writer);
}

function encodeBackendKeyData(message: message.BackendKeyData, writer: ByteWriter): void {
  const length = beginMessage("K", writer);
  writer.writeInt32(message.processId);
  writer.writeBytes(message.secretKey);
  endMessage(length, writer);
}

function encodeCopyData(message: CopyData, writer: ByteWriter): void {
  const length = beginMessage("d", writer);
  writer.writeBytes(message.data);
  endMessage(length, writer);
}

function encodeCopyResponse(
  type: string,
  message: message.CopyInResponse | message.CopyOutResponse | message.CopyBothResponse,
  writer: ByteWriter,
): void {
  const length = beginMessage(type, writer);
  writer.writeByte(message.format);
  writeFormats(message.columnFormats, writer);
  endMessage(length, writer);
}

function encodeFunctionCallResponse(
  message: message.FunctionCallResponse,
  writer: ByteWriter,
): void {
  const length = beginMessage("V", writer);
  writeValue(message.value, writer);
  endMessage(length, writer);
}

function encodeNegotiateProtocolVersion(
  message: message.NegotiateProtocolVersion,
  writer: ByteWriter,
): void {
  const length = beginMessage("v", writer);
  writer.writeInt32(message.newestVersion);
  writer.writeInt32(message.unrecognizedOptions.length);
  for (const name of message.unrecognizedOptions) writer.writeCString(name);
  endMessage(length, writer);
}

function encodeNotificationResponse(
  message: message.NotificationResponse,
  writer: ByteWriter,
): void {
  const length = beginMessage("A", writer);
  writer.writeInt32(message.processId);
  writer.writeCString(message.channel);
  writer.writeCString(message.payload ?? "");
  endMessage(length, writer);
}

function encodeParameterDescription(
  message: message.ParameterDescription,
  writer: ByteWriter,
): void {
  const length = beginMessage("t", writer);
  writeOids(message.typeOids, writer);
  endMessage(length, writer);
}

function encodeReadyForQuery(message: message.ReadyForQuery, writer: ByteWriter): void {
  if (message.transactionStatus === undefined) {
    throw new TypeError("Cannot encode ReadyForQuery: protocol 3.x needs a transaction status");
  }
  const length = beginMessage("Z", writer);
  writer.writeText(message.transactionStatus);
  endMessage(length, writer);
}

function encodeRowDescription(message: message.RowDescription, writer: ByteWriter): void {
  const length = beginMessage("T", writer);
  writeCount(message.fields.length, writer);
  for (const field of message.fields) {
    writer.writeCString(field.name);
    writer.writeInt32(field.tableOid);
    writer.writeInt16(field.columnNumber);
    writer.writeInt32(field.typeOid);
    writer.writeInt16(field.typeSize);
    writer.writeInt32(field.typeModifier);
    writer.writeInt16(field.format);
  }
  endMessage(length, writer);
}
