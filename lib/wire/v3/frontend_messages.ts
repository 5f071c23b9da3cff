/**
 * Frontend messages of 3.x, body by body.
 *
 * @module
 */

import type { ByteReader } from "../../bytes/byte_reader.ts";
import { ProtocolError } from "../../errors.ts";
import * as fixed from "../fixed_messages.ts";
import type * as frontend from "../frontend_message.ts";
import { formatOf, readFormats, readOids } from "./formats.ts";

const names: Readonly<Record<string, string>> = {
  B: "Bind",
  C: "Close",
  D: "Describe",
  E: "Execute",
  F: "FunctionCall",
  H: "Flush",
  P: "Parse",
  Q: "Query",
  S: "Sync",
  X: "Terminate",
  c: "CopyDone",
  d: "CopyData",
  f: "CopyFail",
  p: "PasswordMessage",
};

/** The name of a type byte, or undefined when 3.x has no such message. */
export function frontendNameV3(type: number): string | undefined {
  return names[String.fromCharCode(type)];
}

/** Decodes a message from its body; `expected` says which of those with type `p` it is. */
export function decodeFrontendBodyV3(
  type: string,
  reader: ByteReader,
  expected: string,
): frontend.FrontendMessage {
  switch (type) {
    case "B":
      return decodeBind(reader);
    case "C":
      return { kind: "Close", target: readTarget(reader), name: reader.readCString() };
    case "D":
      return { kind: "Describe", target: readTarget(reader), name: reader.readCString() };
    case "E":
      return { kind: "Execute", portal: reader.readCString(), maxRows: reader.readInt32() };
    case "F":
      return decodeFunctionCall(reader);
    case "H":
      return fixed.flush;
    case "P":
      return decodeParse(reader);
    case "Q":
      return { kind: "Query", query: reader.readCString() };
    case "S":
      return fixed.sync;
    case "X":
      return fixed.terminate;
    case "c":
      return fixed.copyDone;
    case "d":
      return { kind: "CopyData", data: reader.readRest() };
    case "f":
      return { kind: "CopyFail", message: reader.readCString() };
    case "p":
      return decodeAuthenticationResponse(reader, expected);
    default:
      throw new ProtocolError("the type is unknown");
  }
}

function decodeAuthenticationResponse(
  reader: ByteReader,
  expected: string,
): frontend.FrontendMessage {
  switch (expected) {
    case "SASLInitialResponse":
      return {
        kind: "SASLInitialResponse",
        mechanism: reader.readCString(),
        data: reader.readValue(),
      };
    case "SASLResponse":
      return { kind: "SASLResponse", data: reader.readRest() };
    case "GSSResponse":
      return { kind: "GSSResponse", data: reader.readRest() };
    case "PasswordMessage":
      return { kind: "PasswordMessage", password: reader.readCString() };
    default:
      throw new ProtocolError("no authentication was asked for");
  }
}

function readTarget(reader: ByteReader): frontend.StatementOrPortal {
  const target = String.fromCharCode(reader.readByte());
  if (target === "S" || target === "P") return target;
  throw new ProtocolError("its target is unknown, expected S or P");
}

function decodeBind(reader: ByteReader): frontend.Bind {
  return {
    kind: "Bind",
    portal: reader.readCString(),
    statement: reader.readCString(),
    parameterFormats: readFormats(reader),
    parameters: readValues(reader),
    resultFormats: readFormats(reader),
  };
}

function decodeParse(reader: ByteReader): frontend.Parse {
  return {
    kind: "Parse",
    statement: reader.readCString(),
    query: reader.readCString(),
    typeOids: readOids(reader),
  };
}

function decodeFunctionCall(reader: ByteReader): frontend.FunctionCall {
  return {
    kind: "FunctionCall",
    functionOid: reader.readUint32(),
    argumentFormats: readFormats(reader),
    arguments: readValues(reader),
    resultFormat: formatOf(reader.readInt16()),
  };
}

function readValues(reader: ByteReader): (Uint8Array | null)[] {
  const values: (Uint8Array | null)[] = [];
  for (let left = reader.readCount(4); left > 0; left--) values.push(reader.readValue());
  return values;
}
