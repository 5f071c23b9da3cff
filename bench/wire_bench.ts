/**
 * What does it cost to find the rows in a stream of bytes?
 *
 * The decoders of 3.x and 2.0 over a stream in memory, in chunks as fast clients (8 kB) and
 * slow ones (64 kB) get them, beside a bare walk over the lengths that checks nothing, and
 * with `locate`, which finds the fields of every row.
 */

import {
  ByteWriter,
  encodeAsciiRow,
  encodeBackendV2,
  encodeBackendV3,
  encodeDataRowV3,
  MessageDecoderStream,
  protocolV2,
  protocolV3,
} from "../lib/wire/mod.ts";
import type { BackendMessage, DataRow, FieldDescription, Protocol } from "../lib/wire/mod.ts";
import { heading, interleave, quick, report } from "./measure.ts";
import type { Contender, Moved } from "./measure.ts";

const ROWS = quick ? 20_000 : 1_000_000;
const RUNS = quick ? 1 : 7;
const CHUNKS = { "8 kB": 8192, "64 kB": 65_536 } as const;
const COLUMNS = ["id", "amount", "reference", "ratio", "at", "even"];

/** A recorded answer, from the log-in to the end of a query. */
interface Recording {
  readonly protocol: Protocol;
  readonly bytes: Uint8Array;
  /** Offset of the first row. */
  readonly start: number;
  /** Counts rows the cheapest way there is; tells where each begins and ends. */
  readonly walk: (recording: Recording, tell?: (start: number, end: number) => void) => number;
}

heading("What does it cost to find the rows in a stream of bytes?");
for (const [title, record] of [["3.x", recordV3], ["2.0", recordV2]] as const) {
  const recording = record();
  const bytesPerRow = Math.round(recording.bytes.length / ROWS);
  console.log(`\n  Protocol ${title}, ${ROWS.toLocaleString("en")} rows of ${bytesPerRow} bytes`);
  const measured = await interleave([
    { name: "walk over lengths", run: () => moved(recording, recording.walk(recording)) },
    { name: "walk, a message a row", run: () => moved(recording, walkWithMessages(recording)) },
    ...Object.entries(CHUNKS).flatMap(([name, size]) => [
      decoder(`push(), ${name}`, recording, size),
      locator(`push() and locate(), ${name}`, recording, size),
      stream(`MessageDecoderStream, ${name}`, recording, size),
    ]),
  ], RUNS);
  report(measured, "walk over lengths");
}

function decoder(name: string, recording: Recording, size: number): Contender {
  const run = () => {
    const decoder = recording.protocol.backendDecoder();
    let rows = 0;
    for (const chunk of chunks(recording.bytes, size)) rows += countRows(decoder.push(chunk));
    return moved(recording, rows);
  };
  return { name, run };
}

function locator(name: string, recording: Recording, size: number): Contender {
  const places = new Int32Array(2 * COLUMNS.length);
  const locateAll = (run: DataRow) => {
    for (let row = 0; row < run.count; row++) run.locate(row, COLUMNS.length, places);
    return run.count;
  };
  const run = () => {
    const decoder = recording.protocol.backendDecoder();
    let rows = 0;
    for (const chunk of chunks(recording.bytes, size)) {
      for (const message of decoder.push(chunk)) {
        if (message.kind === "DataRow") rows += locateAll(message);
      }
    }
    return moved(recording, rows);
  };
  return { name, run };
}

function stream(name: string, recording: Recording, size: number): Contender {
  const run = async () => {
    const source = chunks(recording.bytes, size);
    const messages = new ReadableStream<Uint8Array>({
      pull(controller) {
        const { value, done } = source.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    }, { highWaterMark: 0 }).pipeThrough(
      new MessageDecoderStream(recording.protocol.backendDecoder()),
    );
    const reader = messages.getReader();
    let rows = 0;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return moved(recording, rows);
      rows += countRows(value);
    }
  };
  return { name, run };
}

function countRows(messages: readonly BackendMessage[]): number {
  let rows = 0;
  for (const message of messages) if (message.kind === "DataRow") rows += message.count;
  return rows;
}

/** All have to find the same, each time. */
function moved({ bytes }: Recording, rows: number): Moved {
  if (rows !== ROWS) throw new Error(`${rows} rows were found, expected ${ROWS}`);
  return { rows, bytes: bytes.length };
}

function* chunks(bytes: Uint8Array, size: number): Generator<Uint8Array, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function recordV3(): Recording {
  const writer = new ByteWriter(ROWS * 100);
  for (const message of opening("I")) encodeBackendV3(message, writer);
  const start = writer.length;
  const value = new ByteWriter();
  for (let row = 1; row <= ROWS; row++) encodeDataRowV3(binaryValues(row, value), writer);
  for (const message of closing("I")) encodeBackendV3(message, writer);
  return { protocol: protocolV3, bytes: writer.take(), start, walk: walkV3 };
}

function recordV2(): Recording {
  const writer = new ByteWriter(ROWS * 160);
  for (const message of opening()) encodeBackendV2(message, writer);
  const start = writer.length;
  const encoder = new TextEncoder();
  for (let row = 1; row <= ROWS; row++) {
    encodeAsciiRow(textValues(row).map((text) => encoder.encode(text)), writer);
  }
  for (const message of closing()) encodeBackendV2(message, writer);
  return { protocol: protocolV2, bytes: writer.take(), start, walk: walkV2 };
}

function opening(transactionStatus?: "I"): BackendMessage[] {
  const fields: FieldDescription[] = COLUMNS.map((name) => ({
    name,
    tableOid: 0,
    columnNumber: 0,
    typeOid: 25,
    typeSize: -1,
    typeModifier: -1,
    format: 0,
  }));
  return [
    { kind: "AuthenticationOk" },
    { kind: "ReadyForQuery", transactionStatus },
    { kind: "RowDescription", fields },
  ];
}

function closing(transactionStatus?: "I"): BackendMessage[] {
  return [
    { kind: "CommandComplete", commandTag: `SELECT ${ROWS}` },
    { kind: "ReadyForQuery", transactionStatus },
  ];
}

/** int4, int8, text(32), float8, timestamptz, bool: 61 bytes of values. */
function binaryValues(row: number, writer: ByteWriter): Uint8Array[] {
  writer.writeInt32(row);
  writer.writeInt64(BigInt(row) * 1000003n);
  writer.writeText(reference(row));
  writer.writeFloat64(row / 7);
  writer.writeInt64(BigInt(row) * 1_000_000n);
  writer.writeByte(row % 2);
  const bytes = writer.take();
  return [[0, 4], [4, 12], [12, 44], [44, 52], [52, 60], [60, 61]].map(([start, end]) =>
    bytes.subarray(start, end)
  );
}

function textValues(row: number): string[] {
  const at = new Date(Date.UTC(2026, 0, 1) + row * 1000);
  const ratio = String(row / 7);
  const even = row % 2 === 0 ? "t" : "f";
  return [
    String(row),
    String(row * 1000003),
    reference(row),
    ratio,
    `${at.toISOString().slice(0, 19).replace("T", " ")}+00`,
    even,
  ];
}

function reference(row: number): string {
  return row.toString(16).padStart(32, "0123456789abcdef");
}

function walkV3({ bytes, start }: Recording, tell?: (start: number, end: number) => void): number {
  const view = new DataView(bytes.buffer);
  let rows = 0;
  let at = start;
  while (bytes[at] === 0x44) {
    const end = at + 1 + view.getInt32(at + 1);
    tell?.(at, end);
    at = end;
    rows++;
  }
  return rows;
}

/** Rows of 2.0 have no length: the walk is from field to field, none of which is NULL here. */
function walkV2({ bytes, start }: Recording, tell?: (start: number, end: number) => void): number {
  const view = new DataView(bytes.buffer);
  let rows = 0;
  let at = start;
  while (bytes[at] === 0x44) {
    let end = at + 2;
    for (let field = 0; field < COLUMNS.length; field++) end += view.getInt32(end);
    tell?.(at, end);
    at = end;
    rows++;
  }
  return rows;
}

/** What a decoder with an object for each row has to do at least: 90 of them fill a chunk. */
function walkWithMessages(recording: Recording): number {
  let messages: { kind: "DataRow"; body: Uint8Array }[] = [];
  let found = 0;
  recording.walk(recording, (start, end) => {
    messages.push({ kind: "DataRow", body: recording.bytes.subarray(start, end) });
    if (messages.length < 90) return;
    found += messages.length;
    messages = [];
  });
  return found + messages.length;
}
