/**
 * The packets before a log-in, which have a length and no type byte: the same in
 * all versions but for the StartupMessage.
 *
 * @module
 */

import { ByteReader } from "../bytes/byte_reader.ts";
import type { ByteWriter } from "../bytes/byte_writer.ts";
import type { Span } from "../bytes/span.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";
import { ProtocolError } from "../errors.ts";
import { gssEncRequest, sslRequest } from "./fixed_messages.ts";
import type {
  CancelRequest,
  GSSENCRequest,
  SSLRequest,
  StartupMessage,
} from "./frontend_message.ts";

const cancelRequestCode = 80877102;
const sslRequestCode = 80877103;
const gssEncRequestCode = 80877104;

/** PostgreSQL's own limit: MAX_STARTUP_PACKET_LENGTH of pqcomm.h. */
const maxPacketBytes = 10000;

export function encodeSSLRequest(writer: ByteWriter): void {
  writer.writeInt32(8);
  writer.writeInt32(sslRequestCode);
}

export function encodeGSSENCRequest(writer: ByteWriter): void {
  writer.writeInt32(8);
  writer.writeInt32(gssEncRequestCode);
}

export function encodeCancelRequest(message: CancelRequest, writer: ByteWriter): void {
  writer.writeInt32(12 + message.secretKey.length);
  writer.writeInt32(cancelRequestCode);
  writer.writeInt32(message.processId);
  writer.writeBytes(message.secretKey);
}

/** Any packet that may open a connection. */
export type StartupPacket = StartupMessage | CancelRequest | SSLRequest | GSSENCRequest;

/** As `StreamDecoder.scan`, for a packet of at least `least` bytes. */
export function scanPacket(span: Span, least: number): { missing: number; length: number } {
  const available = span.end - span.start;
  if (available < 4) return { missing: 4 - available, length: 0 };
  const length = span.view.getInt32(span.start);
  if (length < least || length > maxPacketBytes) {
    throw new ProtocolError(`its length is ${length}, expected ${least} to ${maxPacketBytes}`);
  }
  return { missing: Math.max(length - available, 0), length };
}

/** Decodes the whole packet at `span.start`, of any version. */
export function decodeStartupPacket(span: Span, length: number): StartupPacket {
  const reader = new ByteReader(span, span.start + 4, span.start + length);
  const code = reader.readInt32();
  const packet = decodePacket(code, reader);
  reader.expectEnd();
  return packet;
}

function decodePacket(code: number, reader: ByteReader): StartupPacket {
  if (code === sslRequestCode) return sslRequest;
  if (code === gssEncRequestCode) return gssEncRequest;
  if (code === cancelRequestCode) return decodeCancelRequest(reader);
  const parameters = code >>> 16 < 3 ? readFixedParameters(reader) : readParameters(reader);
  return { kind: "StartupMessage", version: code, parameters };
}

function decodeCancelRequest(reader: ByteReader): CancelRequest {
  const processId = reader.readInt32();
  if (reader.left < 4 || reader.left > 256) {
    throw new ProtocolError(`the secret key has ${reader.left} bytes, expected 4 to 256`);
  }
  return { kind: "CancelRequest", processId, secretKey: reader.readRest() };
}

/** 3.x: names and values, ended by an empty name. */
function readParameters(reader: ByteReader): Record<string, string> {
  const parameters: [string, string][] = [];
  for (let name = reader.readCString(); name !== ""; name = reader.readCString()) {
    parameters.push([name, reader.readCString()]);
  }
  // Not by assignment: a parameter may be called __proto__.
  return Object.fromEntries(parameters);
}

/** 2.0: fields of fixed sizes, the last of which may be absent (zero-filled by the server). */
function readFixedParameters(reader: ByteReader): Record<string, string> {
  const database = readLimString(reader, 64);
  const user = readLimString(reader, 32);
  const options = readLimString(reader, 64);
  readLimString(reader, 64);
  readLimString(reader, 64);
  const named = Object.entries({ user, database, options });
  return Object.fromEntries(named.filter(([, value]) => value !== ""));
}

/** The manual's LimString: no zero byte when the text fills the field. */
function readLimString(reader: ByteReader, size: number): string {
  const field = reader.readBytes(Math.min(size, reader.left));
  const zero = field.indexOf(0);
  return decodeUtf8(zero < 0 ? field : field.subarray(0, zero));
}
