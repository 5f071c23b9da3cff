/**
 * Backend messages of 3.x, body by body; rows are in row_framing.ts.
 *
 * @module
 */

import type { ByteReader } from "../../bytes/byte_reader.ts";
import { ProtocolError } from "../../errors.ts";
import { readErrorFields } from "../error_fields.ts";
import * as fixed from "../fixed_messages.ts";
import type * as message from "../backend_message.ts";
import type { Format, TransactionStatus } from "../message.ts";
import { decodeAuthenticationV3 } from "./authentication.ts";
import { formatOf, readOids } from "./formats.ts";

const names: Readonly<Record<string, string>> = {
  1: "ParseComplete",
  2: "BindComplete",
  3: "CloseComplete",
  A: "NotificationResponse",
  C: "CommandComplete",
  D: "DataRow",
  E: "ErrorResponse",
  G: "CopyInResponse",
  H: "CopyOutResponse",
  I: "EmptyQueryResponse",
  K: "BackendKeyData",
  N: "NoticeResponse",
  R: "Authentication",
  S: "ParameterStatus",
  T: "RowDescription",
  V: "FunctionCallResponse",
  W: "CopyBothResponse",
  Z: "ReadyForQuery",
  c: "CopyDone",
  d: "CopyData",
  n: "NoData",
  s: "PortalSuspended",
  t: "ParameterDescription",
  v: "NegotiateProtocolVersion",
};

/** The name of a type byte, or undefined when 3.x has no such message. */
export function backendNameV3(type: number): string | undefined {
  return names[String.fromCharCode(type)];
}

/** Decodes any message but a DataRow from its body. */
export function decodeBackendBodyV3(type: string, reader: ByteReader): message.BackendMessage {
  switch (type) {
    case "1":
      return fixed.parseComplete;
    case "2":
      return fixed.bindComplete;
    case "3":
      return fixed.closeComplete;
    case "A":
      return decodeNotificationResponse(reader);
    case "C":
      return { kind: "CommandComplete", commandTag: reader.readCString() };
    case "E":
      return { kind: "ErrorResponse", fields: readErrorFields(reader, "ERROR") };
    case "G":
      return { kind: "CopyInResponse", ...readCopyFormats(reader) };
    case "H":
      return { kind: "CopyOutResponse", ...readCopyFormats(reader) };
    case "I":
      return fixed.emptyQueryResponse;
    case "K":
      return decodeBackendKeyData(reader);
    case "N":
      return { kind: "NoticeResponse", fields: readErrorFields(reader, "NOTICE") };
    case "R":
      return decodeAuthenticationV3(reader);
    case "S":
      return { kind: "ParameterStatus", name: reader.readCString(), value: reader.readCString() };
    case "T":
      return decodeRowDescription(reader);
    case "V":
      return { kind: "FunctionCallResponse", value: reader.readValue() };
    case "W":
      return { kind: "CopyBothResponse", ...readCopyFormats(reader) };
    case "Z":
      return decodeReadyForQuery(reader);
    case "c":
      return fixed.copyDone;
    case "d":
      return { kind: "CopyData", data: reader.readRest() };
    case "n":
      return fixed.noData;
    case "s":
      return fixed.portalSuspended;
    case "t":
      return { kind: "ParameterDescription", typeOids: readOids(reader) };
    case "v":
      return decodeNegotiateProtocolVersion(reader);
    default:
      throw new ProtocolError("the type is unknown");
  }
}

function decodeNotificationResponse(reader: ByteReader): message.NotificationResponse {
  return {
    kind: "NotificationResponse",
    processId: reader.readInt32(),
    channel: reader.readCString(),
    payload: reader.readCString(),
  };
}

function readCopyFormats(
  reader: ByteReader,
): { format: Format; columnFormats: Format[] } {
  const format = formatOf(reader.readByte());
  const columnFormats: Format[] = [];
  for (let left = reader.readCount(2); left > 0; left--) {
    columnFormats.push(formatOf(reader.readInt16()));
  }
  return { format, columnFormats };
}

function decodeBackendKeyData(reader: ByteReader): message.BackendKeyData {
  const processId = reader.readInt32();
  // 3.2 allows 4 to 256 bytes. A copy: the key lives as long as the connection, its chunk need not.
  if (reader.left < 4 || reader.left > 256) {
    throw new ProtocolError(`the secret key has ${reader.left} bytes, expected 4 to 256`);
  }
  return { kind: "BackendKeyData", processId, secretKey: reader.readRest().slice() };
}

function decodeReadyForQuery(reader: ByteReader): message.ReadyForQuery {
  const transactionStatus = String.fromCharCode(reader.readByte());
  if (!isTransactionStatus(transactionStatus)) {
    throw new ProtocolError("the transaction status is unknown, expected I, T or E");
  }
  return { kind: "ReadyForQuery", transactionStatus };
}

function isTransactionStatus(status: string): status is TransactionStatus {
  return status === "I" || status === "T" || status === "E";
}

function decodeRowDescription(reader: ByteReader): message.RowDescription {
  // A name's zero byte and 18 bytes behind it.
  const fields: message.FieldDescription[] = [];
  for (let left = reader.readCount(19); left > 0; left--) {
    fields.push({
      name: reader.readCString(),
      tableOid: reader.readUint32(),
      columnNumber: reader.readInt16(),
      typeOid: reader.readUint32(),
      typeSize: reader.readInt16(),
      typeModifier: reader.readInt32(),
      format: formatOf(reader.readInt16()),
    });
  }
  return { kind: "RowDescription", fields };
}

function decodeNegotiateProtocolVersion(reader: ByteReader): message.NegotiateProtocolVersion {
  const newestVersion = reader.readInt32();
  const count = reader.readInt32();
  if (count < 0 || count > reader.left) throw new ProtocolError(`${count} options cannot be named`);
  const unrecognizedOptions: string[] = [];
  for (let i = 0; i < count; i++) unrecognizedOptions.push(reader.readCString());
  return { kind: "NegotiateProtocolVersion", newestVersion, unrecognizedOptions };
}
