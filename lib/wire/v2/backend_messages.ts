/**
 * Backend messages of 2.0, body by body, once their end is known; rows are in row_framing.ts.
 *
 * @module
 */

import type { ByteReader } from "../../bytes/byte_reader.ts";
import { ProtocolError } from "../../errors.ts";
import { parseErrorText, readErrorFields } from "../error_fields.ts";
import * as fixed from "../fixed_messages.ts";
import type * as message from "../backend_message.ts";

const names: Readonly<Record<string, string>> = {
  A: "NotificationResponse",
  B: "BinaryRow",
  C: "CompletedResponse",
  D: "AsciiRow",
  E: "ErrorResponse",
  G: "CopyInResponse",
  H: "CopyOutResponse",
  I: "EmptyQueryResponse",
  K: "BackendKeyData",
  N: "NoticeResponse",
  P: "CursorResponse",
  R: "Authentication",
  T: "RowDescription",
  V: "FunctionResponse",
  Z: "ReadyForQuery",
};

/** 2.0's name of a type byte, or undefined when it has no such message. */
export function backendNameV2(type: number): string | undefined {
  return names[String.fromCharCode(type)];
}

const readyForQuery: message.ReadyForQuery = /* @__PURE__ */ Object.freeze({
  kind: "ReadyForQuery",
});
const noFormats: Pick<message.CopyInResponse, "format" | "columnFormats"> = /* @__PURE__ */ Object
  .freeze({ format: 0, columnFormats: Object.freeze([]) });

/** Decodes any message but a row; `reader` stands behind the type byte. */
export function decodeBackendBodyV2(type: string, reader: ByteReader): message.BackendMessage {
  switch (type) {
    case "A":
      return {
        kind: "NotificationResponse",
        processId: reader.readInt32(),
        channel: reader.readCString(),
      };
    case "C":
      return { kind: "CommandComplete", commandTag: reader.readCString() };
    case "E":
      return { kind: "ErrorResponse", fields: parseErrorText(reader.readCString(), "ERROR") };
    case "G":
      return { kind: "CopyInResponse", ...noFormats };
    case "H":
      return { kind: "CopyOutResponse", ...noFormats };
    case "I":
      return decodeEmptyQueryResponse(reader);
    case "K":
      return decodeBackendKeyData(reader);
    case "N":
      return { kind: "NoticeResponse", fields: parseErrorText(reader.readCString(), "NOTICE") };
    case "P":
      return { kind: "CursorResponse", portal: reader.readCString() };
    case "R":
      return decodeAuthentication(reader);
    case "T":
      return decodeRowDescription(reader);
    case "V":
      return decodeFunctionResponse(reader);
    case "Z":
      return readyForQuery;
    default:
      throw new ProtocolError("the type is unknown");
  }
}

/** Decodes an error in the form of 3.x; `reader` stands behind the type byte. */
export function decodeErrorV3(reader: ByteReader): message.ErrorResponse {
  reader.readInt32();
  return { kind: "ErrorResponse", fields: readErrorFields(reader, "ERROR") };
}

function decodeEmptyQueryResponse(reader: ByteReader): message.EmptyQueryResponse {
  reader.readCString();
  return fixed.emptyQueryResponse;
}

function decodeBackendKeyData(reader: ByteReader): message.BackendKeyData {
  const processId = reader.readInt32();
  // A copy: the key lives as long as the connection, its chunk need not.
  return { kind: "BackendKeyData", processId, secretKey: reader.readBytes(4).slice() };
}

function decodeAuthentication(reader: ByteReader): message.AuthenticationMessage {
  const code = reader.readInt32();
  switch (code) {
    case 0:
      return fixed.authenticationOk;
    case 1:
      return fixed.authenticationKerberosV4;
    case 2:
      return fixed.authenticationKerberosV5;
    case 3:
      return fixed.authenticationCleartextPassword;
    case 4:
      return { kind: "AuthenticationCryptPassword", salt: reader.readBytes(2) };
    case 5:
      return { kind: "AuthenticationMD5Password", salt: reader.readBytes(4) };
    case 6:
      return fixed.authenticationSCMCredential;
    default:
      throw new ProtocolError(`authentication code ${code} is unknown`);
  }
}

function decodeRowDescription(reader: ByteReader): message.RowDescription {
  const fields: message.FieldDescription[] = [];
  for (let left = reader.readCount(11); left > 0; left--) {
    fields.push({
      name: reader.readCString(),
      tableOid: 0,
      columnNumber: 0,
      typeOid: reader.readUint32(),
      typeSize: reader.readInt16(),
      typeModifier: reader.readInt32(),
      format: 0,
    });
  }
  return { kind: "RowDescription", fields };
}

function decodeFunctionResponse(reader: ByteReader): message.FunctionCallResponse {
  if (reader.readByte() === 0x30) return { kind: "FunctionCallResponse", value: null };
  const value = reader.readValue();
  if (reader.readByte() !== 0x30) throw new ProtocolError("no 0 came behind its result");
  return { kind: "FunctionCallResponse", value };
}
