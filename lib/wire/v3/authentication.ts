/**
 * The Authentication* messages of 3.x.
 *
 * @module
 */

import type { ByteReader } from "../../bytes/byte_reader.ts";
import type { ByteWriter } from "../../bytes/byte_writer.ts";
import { ProtocolError } from "../../errors.ts";
import * as fixed from "../fixed_messages.ts";
import { beginMessage, endMessage } from "../framing.ts";
import type { AuthenticationMessage } from "../backend_message.ts";
import { noSuchMessage } from "../unknown_message.ts";

/** Decodes the body of an `R` message. */
export function decodeAuthenticationV3(reader: ByteReader): AuthenticationMessage {
  const code = reader.readInt32();
  switch (code) {
    case 0:
      return fixed.authenticationOk;
    case 2:
      return fixed.authenticationKerberosV5;
    case 3:
      return fixed.authenticationCleartextPassword;
    case 5:
      return { kind: "AuthenticationMD5Password", salt: reader.readBytes(4) };
    case 6:
      return fixed.authenticationSCMCredential;
    case 7:
      return fixed.authenticationGSS;
    case 8:
      return { kind: "AuthenticationGSSContinue", data: reader.readRest() };
    case 9:
      return fixed.authenticationSSPI;
    case 10:
      return { kind: "AuthenticationSASL", mechanisms: readTexts(reader) };
    case 11:
      return { kind: "AuthenticationSASLContinue", data: reader.readRest() };
    case 12:
      return { kind: "AuthenticationSASLFinal", data: reader.readRest() };
    default:
      throw new ProtocolError(`authentication code ${code} is unknown`);
  }
}

/** A list of texts, ended by an empty one. */
function readTexts(reader: ByteReader): string[] {
  const texts: string[] = [];
  for (let text = reader.readCString(); text !== ""; text = reader.readCString()) texts.push(text);
  return texts;
}

/** The code of each message that is nothing but its code. */
const codes: Readonly<Record<string, number>> = {
  AuthenticationOk: 0,
  AuthenticationKerberosV5: 2,
  AuthenticationCleartextPassword: 3,
  AuthenticationSCMCredential: 6,
  AuthenticationGSS: 7,
  AuthenticationSSPI: 9,
};

/** Writes an `R` message. */
export function encodeAuthenticationV3(message: AuthenticationMessage, writer: ByteWriter): void {
  const length = beginMessage("R", writer);
  switch (message.kind) {
    case "AuthenticationMD5Password":
      writer.writeInt32(5);
      writer.writeBytes(message.salt);
      break;
    case "AuthenticationGSSContinue":
      writer.writeInt32(8);
      writer.writeBytes(message.data);
      break;
    case "AuthenticationSASL":
      writer.writeInt32(10);
      for (const mechanism of message.mechanisms) writer.writeCString(mechanism);
      writer.writeByte(0);
      break;
    case "AuthenticationSASLContinue":
      writer.writeInt32(11);
      writer.writeBytes(message.data);
      break;
    case "AuthenticationSASLFinal":
      writer.writeInt32(12);
      writer.writeBytes(message.data);
      break;
    default:
      writeCode(message.kind, writer);
  }
  endMessage(length, writer);
}

function writeCode(kind: string, writer: ByteWriter): void {
  const code = codes[kind];
  if (code === undefined) throw noSuchMessage(kind, "3.x");
  writer.writeInt32(code);
}
