/** What encoders refuse, and that a refused message leaves nothing behind. */

import { assertEquals, assertThrows } from "../std_assert.ts";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import type { BackendMessage } from "../../lib/wire/backend_message.ts";
import type { FrontendMessage } from "../../lib/wire/frontend_message.ts";
import { rowValues } from "../../lib/wire/row_values.ts";
import { BackendDecoderV2 } from "../../lib/wire/v2/backend_decoder.ts";
import { encodeBackendV2 } from "../../lib/wire/v2/backend_encoder.ts";
import { encodeFrontendV2 } from "../../lib/wire/v2/frontend_encoder.ts";
import { encodeAsciiRow, encodeBinaryRow } from "../../lib/wire/v2/rows.ts";
import { BackendDecoderV3 } from "../../lib/wire/v3/backend_decoder.ts";
import { encodeBackendV3, encodeDataRowV3 } from "../../lib/wire/v3/backend_encoder.ts";
import { encodeFrontendV3 } from "../../lib/wire/v3/frontend_encoder.ts";
import { test } from "../harness.ts";
import { hex, utf8 } from "./feeding.ts";

function startupV2(parameters: Record<string, string>): string {
  const writer = new ByteWriter(1);
  encodeFrontendV2({ kind: "StartupMessage", version: 0x20000, parameters }, writer);
  assertEquals(writer.length, 296);
  return new TextDecoder().decode(writer.take());
}

/** Offsets of the manual's fields: length, version, database, user, options. */
const options = (packet: string): string => packet.slice(104, 168).replace(/\0+$/, "");

test("encodeFrontendV2() sends settings as switches with backslashes before spaces", () => {
  assertEquals(
    options(startupV2({ user: "u", client_encoding: "UTF8", application_name: "a \\b" })),
    "-c client_encoding=UTF8 -c application_name=a\\ \\\\b",
  );
  assertEquals(
    options(startupV2({ options: "-c a=b", DateStyle: "ISO" })),
    "-c a=b -c DateStyle=ISO",
  );
});

test("encodeFrontendV2() fills each field of a StartupMessage to its last byte", () => {
  const packet = startupV2({ user: "u".repeat(32), database: "d".repeat(64) });
  assertEquals(packet.slice(8, 104), "d".repeat(64) + "u".repeat(32));
});

const unknown = { kind: "NoSuchMessage" };

const refusedV2: readonly [string, unknown, typeof TypeError | typeof RangeError, string][] = [
  ["a user of 33 bytes", startup({ user: "u".repeat(33) }), RangeError, "user has 33 bytes"],
  ["a database of 65 bytes", startup({ database: "d".repeat(65) }), RangeError, "database has 65"],
  ["settings of 65 bytes", startup({ x: "y".repeat(60) }), RangeError, "options has 65 bytes"],
  ["a zero byte in a user", startup({ user: "a\0" }), TypeError, "user contains a zero byte"],
  ["version 3.0", { ...startup({}), version: 0x30000 }, TypeError, "protocol 2.0"],
  ["Parse", { kind: "Parse" }, TypeError, "Cannot encode Parse: protocol 2.0 has no such message"],
  ["Sync", { kind: "Sync" }, TypeError, "Cannot encode Sync"],
  ["CopyFail", { kind: "CopyFail", message: "m" }, TypeError, "Cannot encode CopyFail"],
  ["SASLResponse", { kind: "SASLResponse" }, TypeError, "Cannot encode SASLResponse"],
  ["a zero byte in a query", { kind: "Query", query: "a\0b" }, TypeError, "zero byte"],
  [
    "a text function call",
    {
      kind: "FunctionCall",
      functionOid: 1,
      argumentFormats: [0],
      arguments: [],
      resultFormat: 1,
    },
    TypeError,
    "binary format only",
  ],
];

function startup(parameters: Record<string, string>): FrontendMessage {
  return { kind: "StartupMessage", version: 0x20000, parameters };
}

for (const [what, message, type, reason] of refusedV2) {
  test(`encodeFrontendV2() refuses ${what} and writes nothing`, () => {
    const writer = new ByteWriter();
    writer.writeByte(1);
    assertThrows(() => encodeFrontendV2(message as FrontendMessage, writer), type, reason);
    assertEquals(writer.length, 1);
  });
}

const bind = {
  kind: "Bind",
  portal: "",
  statement: "",
  parameterFormats: [],
  parameters: new Array(65536).fill(null),
  resultFormats: [],
};

const refusedV3: readonly [string, unknown, typeof TypeError | typeof RangeError, string][] = [
  ["65536 parameters", bind, RangeError, "Cannot send 65536 items"],
  ["a zero byte in a name", { ...bind, parameters: [], portal: "\0" }, TypeError, "zero byte"],
  ["version 2.0", startup({}), TypeError, "protocol 3.x has no such message"],
  [
    "a parameter without a name",
    {
      ...startup({ "": "x" }),
      version: 0x30000,
    },
    TypeError,
    "a parameter has no name",
  ],
  ["what is no message", unknown, TypeError, "Cannot encode NoSuchMessage"],
];

for (const [what, message, type, reason] of refusedV3) {
  test(`encodeFrontendV3() refuses ${what} and writes nothing`, () => {
    const writer = new ByteWriter();
    writer.writeByte(1);
    assertThrows(() => encodeFrontendV3(message as FrontendMessage, writer), type, reason);
    assertEquals(writer.length, 1);
  });
}

test("encodeBackendV2() and encodeBackendV3() refuse what their protocol does not have", () => {
  const writer = new ByteWriter();
  const onlyV3 = ["NoData", "ParseComplete", "ParameterStatus", "AuthenticationSASL"];
  for (const kind of onlyV3) {
    const message = { kind } as BackendMessage;
    assertThrows(() => encodeBackendV2(message, writer), TypeError, `Cannot encode ${kind}`);
  }
  const onlyV2 = ["CursorResponse", "AuthenticationKerberosV4", "AuthenticationCryptPassword"];
  for (const kind of onlyV2) {
    const message = { kind } as BackendMessage;
    assertThrows(() => encodeBackendV3(message, writer), TypeError, `Cannot encode ${kind}`);
  }
  assertThrows(() => encodeBackendV3({ kind: "ReadyForQuery" }, writer), TypeError, "status");
  const secretKey = new Uint8Array(32);
  const key: BackendMessage = { kind: "BackendKeyData", processId: 1, secretKey };
  assertThrows(() => encodeBackendV2(key, writer), TypeError, "32 bytes, expected 4");
  assertEquals(writer.length, 0);
});

test("encodeBackendV3() writes a run of rows again, also one of 2.0", () => {
  const rows = [[utf8("a"), null], [null, utf8("")]];
  const expected = new ByteWriter();
  for (const row of rows) encodeDataRowV3(row, expected);
  const bytes = expected.take();

  const decoderV3 = new BackendDecoderV3();
  const ready = new ByteWriter();
  encodeBackendV3({ kind: "ReadyForQuery", transactionStatus: "I" }, ready);
  decoderV3.push(ready.take());
  const again = new ByteWriter(1);
  for (const message of decoderV3.push(bytes)) encodeBackendV3(message, again);
  assertEquals(hex(again.take()), hex(bytes));

  const decoderV2 = new BackendDecoderV2();
  const field = { tableOid: 0, columnNumber: 0, typeOid: 25, typeSize: -1, typeModifier: -1 };
  const fields = ["a", "b"].map((name) => ({ ...field, name, format: 0 as const }));
  encodeBackendV2({ kind: "ReadyForQuery" }, ready);
  encodeBackendV2({ kind: "RowDescription", fields }, ready);
  decoderV2.push(ready.take());
  for (const encodeRow of [encodeAsciiRow, encodeBinaryRow]) {
    for (const row of rows) encodeRow(row, ready);
    const sent = ready.take();
    const [run, ...others] = decoderV2.push(sent);
    assertEquals(others, []);
    encodeBackendV2(run, again);
    assertEquals(hex(again.take()), hex(sent));
    encodeBackendV3(run, again);
    assertEquals(hex(again.take()), hex(bytes));
    if (run.kind === "DataRow") assertEquals(rowValues(run, 1), [null, utf8("")]);
  }
});
