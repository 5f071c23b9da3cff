/** Protocol 3.x against what PostgreSQL 18, 13, 11 and 10 really said. */

import { assertEquals } from "../std_assert.ts";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import type { FrontendMessage, StatementOrPortal } from "../../lib/wire/frontend_message.ts";
import type { Format } from "../../lib/wire/message.ts";
import { BackendDecoderV3 } from "../../lib/wire/v3/backend_decoder.ts";
import { FrontendDecoderV3 } from "../../lib/wire/v3/frontend_decoder.ts";
import { encodeFrontendV3 } from "../../lib/wire/v3/frontend_encoder.ts";
import type { ExpectedV3 } from "../../lib/wire/v3/frontend_framing.ts";
import { test } from "../harness.ts";
import { allCuts, concat, cut, decodeAll, fromHex, hex, plain, utf8 } from "./feeding.ts";
import { framesFrom, type GoldenCase, type Meaning, valueHex } from "./golden.ts";
import cases from "./golden/v3.json" with { type: "json" };

type Plain = Record<string, unknown>;

const goldens = cases as unknown as readonly GoldenCase[];
const unmerged = { mergeCopy: false };
/** Type Z, length 5, status I. */
const readyForQuery = fromHex("5a0000000549");

function decoderFor(golden: GoldenCase): BackendDecoderV3 {
  const decoder = new BackendDecoderV3();
  if (golden.start === "ready") decoder.push(readyForQuery);
  return decoder;
}

const fieldNames: Readonly<Record<string, string>> = {
  V: "severity",
  C: "code",
  M: "message",
  D: "detail",
  H: "hint",
  P: "position",
  p: "internalPosition",
  q: "internalQuery",
  W: "where",
  s: "schema",
  t: "table",
  c: "column",
  d: "dataType",
  n: "constraint",
  F: "file",
  L: "line",
  R: "routine",
};

function errorFields(fields: Readonly<Record<string, string>>): Plain {
  const named = Object.entries(fields).filter(([letter]) => letter !== "S");
  return Object.fromEntries(
    named.map(([letter, text]) => [
      fieldNames[letter],
      ["P", "p", "L"].includes(letter) ? Number(text) : text,
    ]),
  );
}

function backendMessage(meaning: Meaning): Plain {
  const { from: _, type: kind, ...rest } = meaning;
  switch (kind) {
    case "BackendKeyData":
      return { kind, processId: rest.pid, secretKey: rest.key };
    case "CommandComplete":
      return { kind, commandTag: rest.tag };
    case "CopyData":
    case "AuthenticationSASLContinue":
    case "AuthenticationSASLFinal":
      return { kind, data: valueHex(rest.data) };
    case "DataRow":
      return { kind, format: undefined, values: (rest.values as unknown[]).map(valueHex) };
    case "ErrorResponse":
    case "NoticeResponse":
      return { kind, fields: errorFields(rest.fields as Record<string, string>) };
    case "NegotiateProtocolVersion":
      return {
        kind,
        newestVersion: rest.newestVersionRaw,
        unrecognizedOptions: rest.unsupported,
      };
    case "NotificationResponse":
      return { kind, processId: rest.pid, channel: rest.channel, payload: rest.payload };
    case "ParameterDescription":
      return { kind, typeOids: rest.types };
    case "ReadyForQuery":
      return { kind, transactionStatus: rest.status };
    case "RowDescription":
      return { kind, fields: (rest.fields as Plain[]).map(field) };
    default:
      return { kind, ...rest };
  }
}

function field({ attnum, typmod, ...rest }: Plain): Plain {
  return { ...rest, columnNumber: attnum, typeModifier: typmod };
}

for (const golden of goldens) {
  test(`BackendDecoderV3.push() decodes ${golden.name} however it is cut`, () => {
    const frames = framesFrom("B", golden);
    const stream = concat(frames.map((frame) => frame.bytes));
    const expected = frames.map((frame) => backendMessage(frame.meaning));
    for (const pieces of allCuts(stream)) {
      assertEquals(plain(decodeAll(decoderFor(golden), pieces), unmerged), expected);
    }
  });
}

function frontendMessage(meaning: Meaning): FrontendMessage {
  const text = (name: string) => meaning[name] as string;
  const formats = (name: string) => meaning[name] as Format[];
  const values = (name: string) =>
    (meaning[name] as (string | null)[]).map((value) => value === null ? null : fromHex(value));
  switch (meaning.type) {
    case "StartupMessage": {
      const [major, minor] = text("version").split(".").map(Number);
      const parameters = meaning.params as Record<string, string>;
      return { kind: meaning.type, version: (major << 16) | minor, parameters };
    }
    case "CancelRequest":
      return {
        kind: meaning.type,
        processId: meaning.pid as number,
        secretKey: fromHex(text("key")),
      };
    case "PasswordMessage":
      return { kind: meaning.type, password: text("password") };
    case "SASLInitialResponse":
      return { kind: meaning.type, mechanism: text("mechanism"), data: utf8(text("data")) };
    case "SASLResponse":
      return { kind: meaning.type, data: utf8(text("data")) };
    case "CopyData":
      return { kind: meaning.type, data: fromHex(valueHex(meaning.data)!) };
    case "Query":
      return { kind: meaning.type, query: text("query") };
    case "Parse":
      return {
        kind: meaning.type,
        statement: text("name"),
        query: text("query"),
        typeOids: meaning.types as number[],
      };
    case "Bind":
      return {
        kind: meaning.type,
        portal: text("portal"),
        statement: text("statement"),
        parameterFormats: formats("paramFormats"),
        parameters: values("params"),
        resultFormats: formats("resultFormats"),
      };
    case "Describe":
    case "Close":
      return {
        kind: meaning.type,
        target: text("kind") as StatementOrPortal,
        name: text("name"),
      };
    case "Execute":
      return { kind: meaning.type, portal: text("portal"), maxRows: meaning.maxRows as number };
    case "CopyFail":
      return { kind: meaning.type, message: text("message") };
    case "FunctionCall":
      return {
        kind: meaning.type,
        functionOid: meaning.oid as number,
        argumentFormats: formats("argFormats"),
        arguments: values("args"),
        resultFormat: meaning.resultFormat as Format,
      };
    case "SSLRequest":
    case "GSSENCRequest":
    case "Sync":
    case "Flush":
    case "CopyDone":
    case "Terminate":
      return { kind: meaning.type };
    default:
      throw new Error(`no message means ${meaning.type}`);
  }
}

for (const golden of goldens) {
  test(`encodeFrontendV3() writes the bytes of ${golden.name}`, () => {
    for (const { bytes, meaning } of framesFrom("F", golden)) {
      const writer = new ByteWriter(1);
      // No message of ours: type z, length 4.
      if (meaning.type === "z") writer.writeBytes(fromHex("7a00000004"));
      else encodeFrontendV3(frontendMessage(meaning), writer);
      assertEquals(hex(writer.take()), hex(bytes));
    }
  });
}

const startupPackets = ["StartupMessage", "SSLRequest", "GSSENCRequest", "CancelRequest"];
const answers = ["PasswordMessage", "SASLInitialResponse", "SASLResponse"];

function expectation(type: string): ExpectedV3 {
  if (startupPackets.includes(type)) return "startup";
  return answers.includes(type) ? type as ExpectedV3 : "query";
}

for (const golden of goldens.filter(({ name }) => name !== "unknown-message-type")) {
  test(`FrontendDecoderV3.push() decodes what the client of ${golden.name} sent`, () => {
    for (const { bytes, meaning } of framesFrom("F", golden)) {
      const expected = plain([frontendMessage(meaning)], unmerged);
      for (let at = 0; at <= bytes.length; at++) {
        const decoder = new FrontendDecoderV3();
        decoder.expect(expectation(meaning.type));
        const messages = cut(bytes, [at]).flatMap((piece) => decoder.push(piece));
        assertEquals(plain(messages, unmerged), expected);
      }
    }
  });
}
