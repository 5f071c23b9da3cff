/**
 * How many rows a second does the row decoder make of bytes in memory?
 *
 * Six binary columns (int4, int8, text of 32, float8, timestamptz, bool), as in
 * the streaming benches. Asks what generated code gains over the plain reader, what
 * each way of reading text costs, and from how many rows generating pays.
 *
 *     deno task bench rows
 */

import { Buffer } from "node:buffer";
import {
  createRowDecoder,
  type RowDecoder,
  type RowDecoderOptions,
} from "../lib/rows/row_decoder.ts";
import { ByteWriter } from "../lib/bytes/byte_writer.ts";
import { TypeRegistry } from "../lib/value/registry/type_registry.ts";
import type { DataRow } from "../lib/wire/backend_message.ts";
import { field, memoryRun } from "../tests/rows/memory_run.ts";
import { heading, quick } from "./measure.ts";

const registry = new TypeRegistry();
const typeOids = [23, 20, 25, 701, 1184, 16];
const fields = typeOids.map((oid, i) => field(`column_${i}`, oid, 1));

/** Chunks of 90 rows, which is what a read of 8 kB holds. */
const CHUNK_ROWS = 90;
const SAMPLES = quick ? 1 : 15;
const SAMPLE_ROWS = quick ? 1000 : 20_000;

function makeRuns(count: number): DataRow[] {
  const runs: DataRow[] = [];
  for (let first = 0; first < count; first += CHUNK_ROWS) {
    const length = Math.min(CHUNK_ROWS, count - first);
    runs.push(memoryRun(Array.from({ length }, (_, i) => encodeRow(first + i))));
  }
  return runs;
}

function encodeRow(n: number): Uint8Array[] {
  const text = `row ${n} `.padEnd(32, "abcdefghij");
  const values = [n, BigInt(n) * 1_000_003n, text, n / 7, new Date(1.7e12 + n * 1001), n % 2 === 0];
  return values.map((value, i) => {
    const writer = new ByteWriter();
    registry.codec(typeOids[i]).encodeBinary!(value, writer);
    return writer.take();
  });
}

const readers = {
  web: {},
  utf8Slice: {
    readUtf8: (bytes: Uint8Array, start: number, end: number): string =>
      Buffer.prototype.utf8Slice.call(bytes, start, end),
  },
  latin1Window: {
    readLatin1: (bytes: Uint8Array, start: number, end: number): string =>
      Buffer.prototype.latin1Slice.call(bytes, start, end),
  },
};

type Options = Pick<RowDecoderOptions, "shape" | "generate" | "readUtf8" | "readLatin1">;

function createDecoder(options: Options): RowDecoder {
  return createRowDecoder<unknown>({ fields, registry, ...options });
}

function decodeAll(runs: readonly DataRow[], decoder: RowDecoder): unknown[] {
  const rows: unknown[] = [];
  for (const run of runs) decoder.decode(run, 0, run.count, rows);
  return rows;
}

interface Candidate {
  readonly name: string;
  readonly options: Options;
  /** Nanoseconds a row. */
  readonly samples: number[];
}

const candidates: Candidate[] = [];
for (const shape of ["object", "values"] as const) {
  for (const [reader, readText] of Object.entries(readers)) {
    for (const generate of [false, true, undefined]) {
      const way = generate === undefined ? "by count" : generate ? "generated" : "plain";
      const name = `${shape.padEnd(6)} ${reader.padEnd(12)} ${way.padEnd(9)}`;
      const options = { shape, ...readText, ...(generate !== undefined && { generate }) };
      candidates.push({ name, options, samples: [] });
    }
  }
}

heading("How many rows a second does the row decoder make of bytes in memory?");
console.log(`  ${SAMPLES} samples, interleaved`);

for (const count of [1, 100, 10_000]) {
  const runs = makeRuns(count);
  checkEqual(runs);
  report(`${count} rows, a decoder each`, (options) => {
    const made = () => createDecoder(options);
    return () => measure(runs, made);
  });
  report(`${count} rows, the decoder kept`, (options) => {
    const kept = createDecoder(options);
    return () => measure(runs, () => kept);
  });
}

function report(
  title: string,
  prepare: (options: Options) => () => number,
): void {
  const probes = candidates.map(({ options }) => prepare(options));
  for (const candidate of candidates) candidate.samples.length = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    probes.forEach((probe, i) => candidates[i].samples.push(probe()));
  }
  console.log(`\n${title.padEnd(32)}ns/row: min  median   p90   rows/s (median)`);
  for (const { name, samples } of candidates) {
    const figures = [0, 0.5, 0.9].map((part) => quantile(samples, part));
    const columns = figures.map((figure) => figure.toFixed(0).padStart(7)).join(" ");
    const rate = Math.round(1e9 / figures[1]).toLocaleString("en").padStart(12);
    console.log(`${name.padEnd(32)}${columns} ${rate}`);
  }
}

/** Nanoseconds a row. */
function measure(runs: readonly DataRow[], decoder: () => RowDecoder): number {
  const count = runs.reduce((sum, run) => sum + run.count, 0);
  const results = Math.max(1, Math.round(Math.min(SAMPLE_ROWS, count * 500) / count));
  const start = performance.now();
  for (let i = 0; i < results; i++) decodeAll(runs, decoder());
  return (performance.now() - start) * 1e6 / (results * count);
}

function checkEqual(runs: readonly DataRow[]): void {
  const show = (options: Options) =>
    JSON.stringify(
      decodeAll(runs, createDecoder(options)).map((row) => Object.values(row as object)),
      (_, value) => typeof value === "bigint" ? `${value}n` : value,
    );
  const wanted = show(candidates[0].options);
  for (const { name, options } of candidates) {
    if (show(options) !== wanted) throw new Error(`${name} gives other rows`);
  }
}

function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))];
}
