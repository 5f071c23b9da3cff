/**
 * Encodes what a server of protocol 2.0 sends.
 *
 * @module
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import { formatErrorText } from "../error_fields.ts";
import { writeWhole } from "../framing.ts";
import type * as message from "../backend_message.ts";
import { rowValues } from "../row_values.ts";
import { noSuchMessage } from "../unknown_message.ts";
import { encodeAsciiRow, encodeBinaryRow } from "./rows.ts";

/**
 * Writes one message in the form of 2.0; a run of rows row by row, as AsciiRows unless the run
 * says it is binary. What 2.0 cannot say (SQLSTATE, payload, status, formats) is left out.
 *
 * @throws {TypeError} when 2.0 has no such message; then nothing is written
 */
export function encodeBackendV2(message: message.BackendMessage, writer: ByteWriter): void {
  writeWhole(writer, () => encode(message, writer));
}

function encode(message: message.BackendMessage, writer: ByteWriter): void {
  switch (message.kind) {
    case "BackendKeyData":
      return encodeBackendKeyData(message, writer);
    case "CommandComplete":
      return encodeText("C", message.commandTag, writer);
    case "CopyData":
      return writer.writeBytes(message.data);
    case "CopyDone":
      return writer.writeText("\\.\n");
    case "CopyInResponse":
      return writer.writeText("G");
    case "CopyOutResponse":
      return writer.writeText("H");
    case "CursorResponse":
      return encodeText("P", message.portal, writer);
    case "DataRow":
      return encodeRun(message, writer);
    case "EmptyQueryResponse":
      return encodeText("I", "", writer);
    case "ErrorResponse":
      return encodeText("E", formatErrorText(message.fields), writer);
    case "FunctionCallResponse":
      return encodeFunctionCallResponse(message, writer);
    case "NoticeResponse":
      return encodeText("N", formatErrorText(message.fields), writer);
    case "NotificationResponse":
      writer.writeText("A");
      writer.writeInt32(message.processId);
      return writer.writeCString(message.channel);
    case "ReadyForQuery":
      return writer.writeText("Z");
    case "RowDescription":
      return encodeRowDescription(message, writer);
    default:
      return encodeAuthentication(message, writer);
  }
}

function encodeText(type: string, text: string, writer: ByteWriter): void {
  writer.writeText(type);
  writer.writeCString(text);
}

function encodeBackendKeyData(message: message.BackendKeyData, writer: ByteWriter): void {
  if (message.secretKey.length !== 4) {
    throw new TypeError(
      `Cannot encode BackendKeyData: the key has ${message.secretKey.length} bytes, expected 4`,
    );
  }
  writer.writeText("K");
  writer.writeInt32(message.processId);
  writer.writeBytes(message.secretKey);
}

function encodeRun(message: message.DataRow, writer: ByteWriter): void {
  const encodeRow = message.format === 1 ? encodeBinaryRow : encodeAsciiRow;
  for (let row = 0; row < message.count; row++) encodeRow(rowValues(message, row), writer);
}

function encodeFunctionCallResponse(
  message: message.FunctionCallResponse,
  writer: ByteWriter,
): void {
  if (message.value === null) return writer.writeText("V0");
  writer.writeText("VG");
  writer.writeInt32(message.value.length);
  writer.writeBytes(message.value);
  writer.writeText("0");
}

function encodeRowDescription(message: message.RowDescription, writer: ByteWriter): void {
  writer.writeText("T");
  writer.writeInt16(message.fields.length);
  for (const field of message.fields) {
    writer.writeCString(field.name);
    writer.writeInt32(field.typeOid);
    writer.writeInt16(field.typeSize);
    writer.writeInt32(field.typeModifier);
  }
}

/** The code of each Authentication message, and the bytes of its salt. */
const authentications: Readonly<Record<string, { code: number; saltBytes: number }>> = {
  AuthenticationOk: { code: 0, saltBytes: 0 },
  AuthenticationKerberosV4: { code: 1, saltBytes: 0 },
  AuthenticationKerberosV5: { code: 2, saltBytes: 0 },
  AuthenticationCleartextPassword: { code: 3, saltBytes: 0 },
  AuthenticationCryptPassword: { code: 4, saltBytes: 2 },
  AuthenticationMD5Password: { code: 5, saltBytes: 4 },
  AuthenticationSCMCredential: { code: 6, saltBytes: 0 },
};

function encodeAuthentication(message: message.BackendMessage, writer: ByteWriter): void {
  const authentication = authentications[message.kind];
  if (authentication === undefined) throw noSuchMessage(message.kind, "2.0");
  writer.writeText("R");
  writer.writeInt32(authentication.code);
  const salt = "salt" in message ? message.salt : new Uint8Array(0);
  if (salt.length !== authentication.saltBytes) {
    throw new TypeError(
      `Cannot encode ${message.kind}: the salt has ${salt.length} bytes, expected ${authentication.saltBytes}`,
    );
  }
  writer.writeBytes(salt);
}
