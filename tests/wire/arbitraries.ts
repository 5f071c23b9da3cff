/** Random messages, as bytes together with what they must be decoded to. */

import fc from "fast-check";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import type { BackendMessage } from "../../lib/wire/backend_message.ts";
import type { FrontendMessage } from "../../lib/wire/frontend_message.ts";
import { encodeBackendV2 } from "../../lib/wire/v2/backend_encoder.ts";
import { encodeAsciiRow, encodeBinaryRow } from "../../lib/wire/v2/rows.ts";
import { encodeBackendV3, encodeDataRowV3 } from "../../lib/wire/v3/backend_encoder.ts";
import { hex, plain, utf8 } from "./feeding.ts";

/** Bytes that a decoder must turn into these messages. */
export interface Spoken {
  readonly bytes: Uint8Array;
  readonly messages: readonly Record<string, unknown>[];
}

const text = fc.string({ unit: "grapheme", maxLength: 12 }).map((s) => s.replaceAll("\0", ""));
const name = text.filter((s) => s !== "");
const bytes = fc.uint8Array({ maxLength: 40 });
const value = fc.option(bytes, { nil: null });
const int32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const int16 = fc.integer({ min: -0x8000, max: 0x7fff });
const oid = fc.integer({ min: 0, max: 0xffffffff });
const format = fc.constantFrom(0 as const, 1 as const);
const formats = fc.array(format, { maxLength: 5 });
const positive = fc.nat(0x7fffffff);
const salt = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const severity = fc.constantFrom("ERROR", "FATAL", "PANIC", "NOTICE", "WARNING", "FEHLER");

function kind<K extends string>(name: K): fc.Arbitrary<{ kind: K }> {
  return fc.constant({ kind: name });
}

function record<K extends string, T extends object>(
  name: K,
  fields: { [P in keyof T]: fc.Arbitrary<T[P]> },
): fc.Arbitrary<{ kind: K } & T> {
  return fc.record({ kind: fc.constant(name), ...fields }) as unknown as fc.Arbitrary<
    { kind: K } & T
  >;
}

const errorFieldsV3 = fc.record({
  severity,
  message: text,
  code: text,
  detail: text,
  hint: text,
  position: positive,
  internalPosition: positive,
  internalQuery: text,
  where: text,
  schema: text,
  table: text,
  column: text,
  dataType: text,
  constraint: text,
  file: text,
  line: positive,
  routine: text,
}, { requiredKeys: ["severity", "message"] });

const errorFieldsV2 = fc.record({ severity, message: text, position: positive }, {
  requiredKeys: ["severity", "message"],
}).filter(({ message }) => !/ at character \d+$/.test(message));

const descriptionV3 = fc.record({
  name: text,
  tableOid: oid,
  columnNumber: int16,
  typeOid: oid,
  typeSize: int16,
  typeModifier: int32,
  format,
});

const copyResponse = { format, columnFormats: formats };

const backendV3: fc.Arbitrary<BackendMessage> = fc.oneof(
  kind("AuthenticationOk"),
  kind("AuthenticationKerberosV5"),
  kind("AuthenticationCleartextPassword"),
  kind("AuthenticationSCMCredential"),
  kind("AuthenticationGSS"),
  kind("AuthenticationSSPI"),
  record("AuthenticationMD5Password", { salt: salt(4) }),
  record("AuthenticationGSSContinue", { data: bytes }),
  record("AuthenticationSASL", { mechanisms: fc.array(name, { maxLength: 3 }) }),
  record("AuthenticationSASLContinue", { data: bytes }),
  record("AuthenticationSASLFinal", { data: bytes }),
  record("BackendKeyData", {
    processId: int32,
    secretKey: fc.uint8Array({ minLength: 4, maxLength: 256 }),
  }),
  kind("BindComplete"),
  kind("CloseComplete"),
  record("CommandComplete", { commandTag: text }),
  record("CopyData", { data: bytes }),
  kind("CopyDone"),
  record("CopyInResponse", copyResponse),
  record("CopyOutResponse", copyResponse),
  record("CopyBothResponse", copyResponse),
  kind("EmptyQueryResponse"),
  record("ErrorResponse", { fields: errorFieldsV3 }),
  record("FunctionCallResponse", { value }),
  record("NegotiateProtocolVersion", {
    newestVersion: int32,
    unrecognizedOptions: fc.array(text, { maxLength: 3 }),
  }),
  kind("NoData"),
  record("NoticeResponse", { fields: errorFieldsV3 }),
  record("NotificationResponse", { processId: int32, channel: text, payload: text }),
  record("ParameterDescription", { typeOids: fc.array(oid, { maxLength: 5 }) }),
  record("ParameterStatus", { name: text, value: text }),
  kind("ParseComplete"),
  kind("PortalSuspended"),
  record("ReadyForQuery", { transactionStatus: fc.constantFrom("I", "T", "E") }),
  record("RowDescription", { fields: fc.array(descriptionV3, { maxLength: 4 }) }),
);

function written(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter(1);
  write(writer);
  return writer.take();
}

const rowV3: fc.Arbitrary<Spoken> = fc.array(value, { maxLength: 6 }).map((values) => ({
  bytes: written((writer) => encodeDataRowV3(values, writer)),
  messages: [{ kind: "DataRow", format: undefined, values: values.map((v) => v && hex(v)) }],
}));

/** Anything a server of 3.x may say. */
export const spokenV3: fc.Arbitrary<Spoken> = fc.oneof(
  { weight: 2, arbitrary: rowV3 },
  {
    weight: 3,
    arbitrary: backendV3.map((message) => ({
      bytes: written((writer) => encodeBackendV3(message, writer)),
      messages: plain([message], { mergeCopy: false }),
    })),
  },
);

const descriptionV2 = fc.record({
  name: text,
  tableOid: fc.constant(0),
  columnNumber: fc.constant(0),
  typeOid: oid,
  typeSize: int16,
  typeModifier: int32,
  format: fc.constant(0 as const),
});

const backendV2: fc.Arbitrary<BackendMessage> = fc.oneof(
  kind("AuthenticationOk"),
  kind("AuthenticationKerberosV4"),
  kind("AuthenticationKerberosV5"),
  kind("AuthenticationCleartextPassword"),
  record("AuthenticationCryptPassword", { salt: salt(2) }),
  record("AuthenticationMD5Password", { salt: salt(4) }),
  kind("AuthenticationSCMCredential"),
  record("BackendKeyData", { processId: int32, secretKey: salt(4) }),
  record("CommandComplete", { commandTag: text }),
  record("CopyInResponse", {
    format: fc.constant(0 as const),
    columnFormats: fc.constant([]),
  }),
  record("CursorResponse", { portal: text }),
  kind("EmptyQueryResponse"),
  record("ErrorResponse", { fields: errorFieldsV2 }),
  record("FunctionCallResponse", { value }),
  record("NoticeResponse", { fields: errorFieldsV2 }),
  record("NotificationResponse", { processId: int32, channel: text }),
  kind("ReadyForQuery"),
);

function spokenMessageV2(message: BackendMessage): Spoken {
  return {
    bytes: written((writer) => encodeBackendV2(message, writer)),
    messages: plain([message], { mergeCopy: true }),
  };
}

function join(parts: readonly Spoken[]): Spoken {
  return {
    bytes: written((writer) => parts.forEach((part) => writer.writeBytes(part.bytes))),
    messages: parts.flatMap((part) => part.messages),
  };
}

/** A RowDescription and rows of its width, some of them binary. */
const resultV2: fc.Arbitrary<Spoken> = fc.array(descriptionV2, { maxLength: 18 }).chain((fields) =>
  fc.array(
    fc.tuple(fc.array(value, { minLength: fields.length, maxLength: fields.length }), fc.boolean()),
    { maxLength: 5 },
  ).map((rows) =>
    join([
      spokenMessageV2({ kind: "RowDescription", fields }),
      ...rows.map(([values, binary]) => ({
        bytes: written((writer) => (binary ? encodeBinaryRow : encodeAsciiRow)(values, writer)),
        messages: [{
          kind: "DataRow",
          format: binary ? 1 : 0,
          values: values.map((v) => v && hex(v)),
        }],
      })),
    ])
  )
);

const line = fc.oneof(
  fc.constant(""),
  fc.constant("\\\\."),
  text.map((s) => s.replaceAll("\n", "")).filter((s) => s !== "\\." && s !== "\\.\r"),
);

/** A COPY OUT, ended well or by an error. */
const copyV2: fc.Arbitrary<Spoken> = fc.tuple(
  fc.array(line, { maxLength: 6 }),
  fc.boolean(),
  fc.boolean(),
).map(([lines, failed, noticed]) => {
  const data = utf8(lines.map((text) => `${text}\n`).join(""));
  const notice = spokenMessageV2({
    kind: "NoticeResponse",
    fields: { severity: "NOTICE", message: "" },
  });
  const end = failed
    ? spokenMessageV2({ kind: "ErrorResponse", fields: { severity: "ERROR", message: "m" } })
    : spokenMessageV2({ kind: "CommandComplete", commandTag: "COPY" });
  // Behind an error the server writes two line feeds before the end mark.
  const mark: Spoken = {
    bytes: utf8(failed ? "\n\n\\.\n" : "\\.\n"),
    messages: failed ? [] : [{ kind: "CopyDone" }],
  };
  const copied: Spoken = {
    bytes: data,
    messages: data.length > 0 ? [{ kind: "CopyData", data: hex(data) }] : [],
  };
  const begin = spokenMessageV2({ kind: "CopyOutResponse", format: 0, columnFormats: [] });
  if (!noticed) return join([begin, copied, mark, end]);
  // A notice comes through at once, so before the empty lines that were kept back.
  const empty = /\n*$/.exec(`\n${lines.map((text) => `${text}\n`).join("")}`)![0].length - 1;
  const kept = failed ? 0 : Math.min(empty, 2, data.length);
  const copyData = (part: Uint8Array): Spoken["messages"] =>
    part.length > 0 ? [{ kind: "CopyData", data: hex(part) }] : [];
  return {
    bytes: join([begin, copied, mark, notice, end]).bytes,
    messages: [
      ...begin.messages,
      ...copyData(data.subarray(0, data.length - kept)),
      ...notice.messages,
      ...copyData(data.subarray(data.length - kept)),
      ...mark.messages,
      ...end.messages,
    ],
  };
});

/** Anything a server of 2.0 may say; what depends on what came before, with it. */
export const spokenV2: fc.Arbitrary<Spoken> = fc.oneof(
  { weight: 3, arbitrary: backendV2.map(spokenMessageV2) },
  { weight: 2, arbitrary: resultV2 },
  { weight: 2, arbitrary: copyV2 },
);

const frontendBoth: fc.Arbitrary<FrontendMessage>[] = [
  record("CancelRequest", {
    processId: int32,
    secretKey: fc.uint8Array({ minLength: 4, maxLength: 256 }),
  }),
  kind("SSLRequest"),
  kind("GSSENCRequest"),
  record("PasswordMessage", { password: text }),
  record("Query", { query: text }),
  kind("Terminate"),
];

const target = fc.constantFrom("S" as const, "P" as const);

/** Anything a client of 3.x may say. */
export const frontendV3: fc.Arbitrary<FrontendMessage> = fc.oneof(
  ...frontendBoth,
  record("StartupMessage", {
    version: fc.constantFrom(0x00030000, 0x00030002, 0x0003270f, 0x00040000),
    parameters: fc.dictionary(name, text, { maxKeys: 4, noNullPrototype: true }),
  }),
  record("SASLInitialResponse", { mechanism: text, data: value }),
  record("SASLResponse", { data: bytes }),
  record("GSSResponse", { data: bytes }),
  record("Parse", { statement: text, query: text, typeOids: fc.array(oid, { maxLength: 4 }) }),
  record("Bind", {
    portal: text,
    statement: text,
    parameterFormats: formats,
    parameters: fc.array(value, { maxLength: 4 }),
    resultFormats: formats,
  }),
  record("Describe", { target, name: text }),
  record("Close", { target, name: text }),
  record("Execute", { portal: text, maxRows: int32 }),
  kind("Sync"),
  kind("Flush"),
  record("FunctionCall", {
    functionOid: oid,
    argumentFormats: formats,
    arguments: fc.array(value, { maxLength: 4 }),
    resultFormat: format,
  }),
  record("CopyData", { data: bytes }),
  kind("CopyDone"),
  record("CopyFail", { message: text }),
);

const short = fc.string({ minLength: 1, maxLength: 30 }).map((s) => s.replaceAll("\0", "0"));

/** Anything a client of 2.0 may say. */
export const frontendV2: fc.Arbitrary<FrontendMessage> = fc.oneof(
  ...frontendBoth,
  record("StartupMessage", {
    version: fc.constantFrom(0x00020000, 0x00020001),
    parameters: fc.record({ user: short, database: short, options: short }, { requiredKeys: [] }),
  }),
  record("FunctionCall", {
    functionOid: oid,
    argumentFormats: fc.constant([1 as const]),
    arguments: fc.array(value, { maxLength: 4 }),
    resultFormat: fc.constant(1 as const),
  }),
  fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => ({
    kind: "CopyData" as const,
    data: utf8(lines.map((text) => `${text}\n`).join("")),
  })),
  kind("CopyDone"),
);

/** Where to cut a stream, as parts of its length. */
export const cuts: fc.Arbitrary<number[]> = fc.array(
  fc.double({ min: 0, max: 1, noNaN: true }),
  { maxLength: 20 },
);
