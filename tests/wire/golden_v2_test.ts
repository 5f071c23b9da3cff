/** Protocol 2.0 against what PostgreSQL 10 to 13 really said. */

import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { ProtocolError } from "../../lib/errors.ts";
import type { FrontendMessage } from "../../lib/wire/frontend_message.ts";
import { BackendDecoderV2 } from "../../lib/wire/v2/backend_decoder.ts";
import type { ExpectedV2 } from "../../lib/wire/v2/frontend_framing.ts";
import { FrontendDecoderV2 } from "../../lib/wire/v2/frontend_decoder.ts";
import { encodeFrontendV2 } from "../../lib/wire/v2/frontend_encoder.ts";
import { test } from "../harness.ts";
import { allCuts, concat, cut, decodeAll, fromHex, hex, plain, utf8 } from "./feeding.ts";
import { type Frame, framesFrom, type GoldenCase, type Meaning, valueHex } from "./golden.ts";
import cases from "./golden/v2.json" with { type: "json" };

type Plain = Record<string, unknown>;

const goldens = cases as unknown as readonly GoldenCase[];
const trap = "copy-out-csv-embedded-terminator-trap";
const merged = { mergeCopy: true };

function decoderFor(golden: GoldenCase): BackendDecoderV2 {
  const decoder = new BackendDecoderV2();
  if (golden.start === "ready") decoder.push(utf8("Z"));
  return decoder;
}

/** Our form of the messages a trace means. An error takes the end mark of a COPY with it. */
function expectedBackend(golden: GoldenCase): Plain[] {
  const out: Plain[] = [];
  const meanings = framesFrom("B", golden).map((frame) => frame.meaning);
  meanings.forEach((meaning, i) => {
    const message = backendMessage(meaning, meanings.slice(i + 1));
    const last = out.at(-1);
    if (message === undefined) return;
    if (message.kind === "CopyData" && last?.kind === "CopyData") {
      last.data = `${last.data}${message.data}`;
      return;
    }
    out.push(message);
  });
  return out;
}

function backendMessage(meaning: Meaning, following: readonly Meaning[]): Plain | undefined {
  const failed = following.find((next) => !next.type.startsWith("CopyData"))?.type ===
    "ErrorResponse";
  switch (meaning.type) {
    case "AsciiRow":
    case "BinaryRow":
      return {
        kind: "DataRow",
        format: meaning.type === "AsciiRow" ? 0 : 1,
        values: (meaning.values as unknown[]).map(valueHex),
      };
    case "BackendKeyData":
      return {
        kind: meaning.type,
        processId: meaning.pid,
        secretKey: (meaning.key as number).toString(16).padStart(8, "0"),
      };
    case "CompletedResponse":
      return { kind: "CommandComplete", commandTag: meaning.tag };
    case "CopyDataEnd":
      return failed ? undefined : { kind: "CopyDone" };
    case "CopyDataRow":
      if (failed && meaning.line === "") return undefined;
      return { kind: "CopyData", data: hex(utf8(`${meaning.line}\n`)) };
    case "CopyInResponse":
    case "CopyOutResponse":
      return { kind: meaning.type, format: 0, columnFormats: [] };
    case "CursorResponse":
      return { kind: meaning.type, portal: meaning.portal };
    case "EmptyQueryResponse":
      return { kind: meaning.type };
    case "ErrorResponse":
    case "NoticeResponse":
      return { kind: meaning.type, fields: errorFields(meaning.message as string) };
    case "v3-format ErrorResponse":
      return { kind: "ErrorResponse" };
    case "FunctionResultResponse":
      return { kind: "FunctionCallResponse", value: meaning.hex };
    case "FunctionVoidResponse":
      return { kind: "FunctionCallResponse", value: null };
    case "NotificationResponse":
      return { kind: meaning.type, processId: meaning.pid, channel: meaning.name };
    case "RowDescription":
      return { kind: meaning.type, fields: (meaning.fields as Meaning[]).map(field) };
    case "AuthenticationMD5Password":
      return { kind: meaning.type, salt: meaning.salt };
    default:
      return { kind: meaning.type };
  }
}

function field(meaning: Meaning): Plain {
  return {
    name: meaning.name,
    tableOid: 0,
    columnNumber: 0,
    typeOid: meaning.typeOid,
    typeSize: meaning.typeSize,
    typeModifier: meaning.typmod,
    format: 0,
  };
}

function errorFields(text: string): Plain {
  const [, severity, rest] = /^(\w+): {2}([^]*)\n$/.exec(text)!;
  const [message, position] = rest.split(" at character ");
  if (position === undefined) return { severity, message };
  return { severity, message, position: Number(position) };
}

/** The error in 3.x's form is checked apart: its fields are not in the trace's meaning. */
function withoutV3Fields(golden: GoldenCase, messages: Plain[]): Plain[] {
  if (golden.name !== "gssencrequest-11-error-then-close") return messages;
  return messages.map(({ kind }) => ({ kind }));
}

for (const golden of goldens.filter((golden) => golden.name !== trap)) {
  test(`BackendDecoderV2.push() decodes ${golden.name} however it is cut`, () => {
    const stream = concat(framesFrom("B", golden).map((frame) => frame.bytes));
    const expected = expectedBackend(golden);
    for (const pieces of allCuts(stream)) {
      const messages = plain(decodeAll(decoderFor(golden), pieces), merged);
      assertEquals(withoutV3Fields(golden, messages), expected);
    }
  });
}

test("BackendDecoderV2.push() of a CSV value with the end mark within: what follows is a ProtocolError, for the wire does not tell the quote", () => {
  const golden = goldens.find((golden) => golden.name === trap)!;
  const stream = concat(framesFrom("B", golden).map((frame) => frame.bytes));
  for (const pieces of allCuts(stream)) {
    const decoder = decoderFor(golden);
    const error = assertThrows(() => decodeAll(decoder, pieces), ProtocolError);
    assertEquals(error.messageType, "b");
    assertEquals(error.state, "ready");
    // Z, H, three bytes of data and the end mark came before.
    assertEquals(error.offset, 8);
  }
});

test("BackendDecoderV2.push() understands an error in 3.x's form before the log-in", () => {
  const golden = goldens.find(({ name }) => name === "gssencrequest-11-error-then-close")!;
  const [frame] = framesFrom("B", golden);
  const [message] = new BackendDecoderV2().push(frame.bytes);
  assert(message.kind === "ErrorResponse");
  assertEquals(message.fields.severity, "FATAL");
  assertEquals(message.fields.code, "0A000");
  assertEquals(message.fields.routine, "ProcessStartupPacket");
});

/** Frames whose bytes rill never sends. */
const byHand: Readonly<Record<string, (frame: Frame) => Uint8Array>> = {
  "Sync (v3)": () => utf8("S"),
};

function frontendMessages(meaning: Meaning): FrontendMessage[] {
  switch (meaning.type) {
    case "StartupPacket": {
      const [major, minor] = (meaning.version as string).split(".").map(Number);
      const parameters = Object.fromEntries(
        ["user", "database", "options"]
          .map((name) => [name, meaning[name] ?? ""])
          .filter(([, value]) => value !== ""),
      );
      return [{ kind: "StartupMessage", version: (major << 16) | minor, parameters }];
    }
    case "SSLRequest":
    case "GSSENCRequest":
    case "Terminate":
      return [{ kind: meaning.type }];
    case "PasswordPacket":
      return [{ kind: "PasswordMessage", password: meaning.password as string }];
    case "Query":
      return [{ kind: "Query", query: meaning.query as string }];
    case "Query*3":
      return (meaning.queries as string[]).map((query) => ({ kind: "Query", query }));
    case "CancelRequest": {
      const secretKey = fromHex((meaning.key as number).toString(16).padStart(8, "0"));
      return [{ kind: "CancelRequest", processId: meaning.pid as number, secretKey }];
    }
    case "CopyDataRows":
      return copyMessages(meaning.data as string);
    case "FunctionCall":
      return [{
        kind: "FunctionCall",
        functionOid: meaning.oid as number,
        argumentFormats: [1],
        arguments: (meaning.args as (string | null)[]).map((arg) =>
          arg === null ? null : fromHex(arg)
        ),
        resultFormat: 1,
      }];
    default:
      throw new Error(`no message means ${meaning.type}`);
  }
}

function copyMessages(data: string): FrontendMessage[] {
  const whole: FrontendMessage = { kind: "CopyData", data: utf8(data) };
  // An end mark with a carriage return is not rill's: sent as data, it does the same.
  if (!data.endsWith("\\.\n")) return [whole];
  const lines = utf8(data.slice(0, -3));
  if (lines.length === 0) return [{ kind: "CopyDone" }];
  return [{ kind: "CopyData", data: lines }, { kind: "CopyDone" }];
}

for (const golden of goldens) {
  test(`encodeFrontendV2() writes the bytes of ${golden.name}`, () => {
    for (const frame of framesFrom("F", golden)) {
      const raw = byHand[frame.meaning.type];
      const writer = new ByteWriter(1);
      if (raw !== undefined) writer.writeBytes(raw(frame));
      else frontendMessages(frame.meaning).forEach((message) => encodeFrontendV2(message, writer));
      const written = hex(writer.take());
      // The short packet was cut on purpose: ours has the zeros that the server would fill in.
      if (golden.name === "startup-short-packet-zero-filled") {
        assertEquals(written.slice(8, 208), hex(frame.bytes).slice(8, 208));
        continue;
      }
      assertEquals(written, hex(frame.bytes));
    }
  });
}

const expectations: Readonly<Record<string, ExpectedV2>> = {
  StartupPacket: "startup",
  SSLRequest: "startup",
  GSSENCRequest: "startup",
  CancelRequest: "startup",
  PasswordPacket: "PasswordMessage",
  CopyDataRows: "CopyData",
};

for (const golden of goldens.filter(({ name }) => name !== "v3-message-type-refused")) {
  test(`FrontendDecoderV2.push() decodes what the client of ${golden.name} sent`, () => {
    for (const { bytes, meaning } of framesFrom("F", golden)) {
      const expected = plain(frontendMessages(meaning), merged);
      if (golden.name === "copy-in-crlf" && meaning.type === "CopyDataRows") {
        expected.splice(0, 1, { kind: "CopyData", data: hex(utf8("1\tx\r\n")) }, {
          kind: "CopyDone",
        });
      }
      for (let at = 0; at <= bytes.length; at++) {
        const decoder = new FrontendDecoderV2();
        decoder.expect(expectations[meaning.type] ?? "query");
        const messages = cut(bytes, [at]).flatMap((piece) => decoder.push(piece));
        assertEquals(plain(messages, merged), expected);
      }
    }
  });
}
