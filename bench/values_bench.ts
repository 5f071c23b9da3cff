/**
 * How many nanoseconds does a codec take for a value?
 *
 * Every type of the registry, read and written, as text and as binary, through the bytes that
 * a server sends. Beside some stands the cheapest thing that could work (value_twins.ts): a
 * codec, with all its checks, is to take at most twice its time.
 *
 * All are called through one loop that has seen all of them, as in the plain row reader, so
 * that nothing is inlined. Of each text a character is read, as by whoever uses it: until then
 * a text may be a rope of pieces. Texts are read by the Web's means (`ByteSource`).
 *
 *     deno task bench values
 */

import { ByteWriter } from "../lib/bytes/byte_writer.ts";
import { connect, type Sql } from "../mod.ts";
import { table } from "../examples/terminal.ts";
import { catalogTypes } from "../lib/value/registry/catalog_types.ts";
import type { Codec, Decode, FieldSource } from "../lib/value/codec.ts";
import { ByteSource } from "../lib/value/field_source.ts";
import { textForm } from "../lib/value/text_form.ts";
import { TypeRegistry } from "../lib/value/registry/type_registry.ts";
import { heading, median, quick } from "./measure.ts";
import { serverName, withServer } from "./servers.ts";
import { samples } from "./value_samples.ts";
import { type Twin, twins } from "./value_twins.ts";

const SAMPLES = quick ? 1 : 40;
const SAMPLE_MS = 0.4;
/** Values one behind the other, the samples over and over. */
const COUNT = 256;
const GATE = 2;

const directions = ["decodeBinary", "encodeBinary", "decodeText", "encodeText"] as const;
type Direction = typeof directions[number];

/** The values of a type in all their forms, `COUNT` each. */
interface Values {
  readonly type: string;
  readonly codec: Codec;
  readonly text: Fields;
  readonly binary?: Fields;
  readonly values: readonly unknown[];
}

interface Fields {
  readonly source: FieldSource;
  /** Start and end of each. */
  readonly offsets: Int32Array;
}

/** Something to be timed. */
interface Contender {
  readonly type: string;
  readonly direction: Direction;
  readonly twin: boolean;
  /** Goes once over all values. */
  run(): void;
  rounds: number;
  /** Nanoseconds a value. */
  readonly samples: number[];
}

const registry = new TypeRegistry();
const oids = new Map(catalogTypes.flatMap(({ name, oid, arrayOid }) => [
  [name, oid],
  [`${name}[]`, arrayOid ?? 0],
]));

const results = new Array<unknown>(COUNT);
const writer = new ByteWriter(65_536);
/** What was seen of the results, so that none can be left out. */
let seen = 0;

await withServer("pg18", async (url) => {
  heading("How many nanoseconds does a codec take for a value?", await serverName(url, "3.2"));
  await using sql = connect(url, { max: 1 });
  await sql.unsafe("set timezone to 'UTC'; set lc_monetary to 'C'").simple();
  const contenders: Contender[] = [];
  for (const type of Object.keys(samples)) contenders.push(...prepare(await load(sql, type)));
  measure(contenders);
  report(contenders);
});

/** Asks the server for the bytes of a type's samples. */
async function load(sql: Sql, type: string): Promise<Values> {
  const codec = registry.codec(oids.get(type.replace("[][]", "[]")) ?? 0);
  const rows = samples[type].map((text, i) =>
    `(${i}, '${text.replaceAll("'", "''")}'::${quoted(type)})`
  );
  const query = `select v from (values ${rows.join(", ")}) as t(i, v) order by i`;
  const text = toFields(await sql.unsafe(query).simple().raw());
  const cursor = `begin; declare c binary cursor for ${query}`;
  await sql.unsafe(cursor).simple();
  const binary = toFields(await sql.unsafe("fetch all from c").simple().raw());
  await sql.unsafe("commit").simple();
  const values: unknown[] = [];
  decodeAll(codec.decodeText, text);
  for (let i = 0; i < COUNT; i++) values.push(results[i]);
  return { type, codec, text, binary: codec.decodeBinary && binary, values };
}

/** "char" is a type, char another. */
function quoted(type: string): string {
  return type === "char" ? '"char"' : type;
}

function toFields(rows: readonly (readonly (Uint8Array | null)[])[]): Fields {
  const writer = new ByteWriter();
  const offsets = new Int32Array(COUNT * 2);
  for (let i = 0; i < COUNT; i++) {
    offsets[i * 2] = writer.length;
    writer.writeBytes(rows[i % rows.length][0]!);
    offsets[i * 2 + 1] = writer.length;
  }
  return { source: new ByteSource(writer.take()), offsets };
}

/** The codec and its twin, in each direction that the type has. */
function prepare(values: Values): Contender[] {
  const { type, codec } = values;
  const twin = twins[type];
  const found: Contender[] = [];
  for (const direction of directions) {
    const run = createRun(values, direction, codec);
    if (!run) continue;
    found.push({ type, direction, twin: false, run, rounds: 1, samples: [] });
    const other = twin && createRun(values, direction, twin);
    if (!other) continue;
    checkEqual(values, direction, { run, other, twin });
    found.push({ type, direction, twin: true, run: other, rounds: 1, samples: [] });
  }
  return found;
}

/** Undefined where the type does not go that way: no such form, or strings that are sent as text. */
function createRun(
  { codec, text, binary, values }: Values,
  direction: Direction,
  by: Codec | Twin,
): (() => void) | undefined {
  const isCodec = by === codec;
  if (direction === "decodeText") {
    const decode = by.decodeText;
    return decode && (() => decodeAll(decode, text));
  }
  if (direction === "decodeBinary") {
    const decode = by.decodeBinary;
    return decode && binary && (() => decodeAll(decode, binary));
  }
  if (direction === "encodeText") {
    if (isCodec) return () => formatAll((value) => textForm(codec, value), values);
    const format = by.encodeText as Codec["encodeText"] | undefined;
    return format && (() => formatAll(format, values));
  }
  const encode = by.encodeBinary as Codec["encodeBinary"];
  if (!encode) return undefined;
  const run = () => encodeAll(encode, values);
  try {
    run();
  } catch {
    return undefined;
  }
  return run;
}

function decodeAll(decode: Decode, { source, offsets }: Fields): void {
  for (let i = 0; i < COUNT; i++) {
    const value = decode(source, offsets[i * 2], offsets[i * 2 + 1]);
    if (typeof value === "string") seen += value.charCodeAt(value.length >> 1);
    results[i] = value;
  }
}

function formatAll(format: (value: unknown) => string, values: readonly unknown[]): void {
  for (let i = 0; i < COUNT; i++) {
    const text = format(values[i]);
    seen += text.charCodeAt(text.length >> 1);
    results[i] = text;
  }
}

function encodeAll(encode: NonNullable<Codec["encodeBinary"]>, values: readonly unknown[]): void {
  writer.truncate(0);
  for (let i = 0; i < COUNT; i++) encode(values[i], writer);
  seen += writer.length;
}

/** @throws {Error} when the twin makes something else */
function checkEqual(
  { type }: Values,
  direction: Direction,
  { run, other, twin }: { run: () => void; other: () => void; twin: Twin },
): void {
  if (twin.rounds && direction === "decodeBinary") return;
  // A timestamp has more than one text.
  if (type === "timestamptz" && direction === "encodeText") return;
  const show = (run: () => void): string => {
    results.fill(undefined);
    run();
    const bytes = direction === "encodeBinary" ? writer.take().join() : "";
    const replace = (_: string, value: unknown) => typeof value === "bigint" ? `${value}n` : value;
    return JSON.stringify(results, replace) + bytes;
  };
  const [ours, theirs] = [show(run), show(other)];
  if (ours !== theirs) throw new Error(`${type}, ${direction}: the twin makes something else`);
}

function measure(contenders: readonly Contender[]): void {
  for (const contender of contenders) {
    // Twice: the first time it is not compiled yet.
    for (let i = 0; i < 2; i++) {
      contender.rounds = quick ? 1 : 40;
      contender.rounds = Math.max(1, Math.round(SAMPLE_MS / (time(contender) * COUNT / 1e6)));
    }
    if (quick) contender.rounds = 1;
  }
  for (let sample = 0; sample < SAMPLES; sample++) {
    for (const contender of contenders) contender.samples.push(time(contender));
  }
  for (const { samples } of contenders) samples.sort((a, b) => a - b);
  if (seen === 0) throw new Error("Nothing was done");
}

/** Nanoseconds a value. */
function time({ run, rounds }: Contender): number {
  const begun = performance.now();
  for (let round = 0; round < rounds; round++) run();
  return (performance.now() - begun) * 1e6 / (rounds * COUNT);
}

function report(contenders: readonly Contender[]): void {
  const find = (type: string, direction: Direction, twin: boolean) =>
    contenders.find((one) => one.type === type && one.direction === direction && one.twin === twin);
  const figures = (one: Contender | undefined) =>
    one ? `${one.samples[0].toFixed(1)} / ${median(one.samples).toFixed(1)}` : "";
  const types = Object.keys(samples);
  console.log(`\n  Nanoseconds a value, minimum / median of ${SAMPLES} samples, interleaved\n`);
  console.log(table(
    ["", ...directions],
    types.map((type) => [
      type,
      ...directions.map((direction) => figures(find(type, direction, false))),
    ]),
  ));
  console.log("\n  Beside the cheapest thing that could work; times by the minima\n");
  const rows: string[][] = [];
  for (const type of types) {
    for (const direction of directions) {
      const ours = find(type, direction, false);
      const twin = find(type, direction, true);
      if (!ours || !twin) continue;
      const times = ours.samples[0] / twin.samples[0];
      const note = times > GATE ? `over ${GATE}` : "";
      rows.push([`${type} ${direction}`, figures(ours), figures(twin), times.toFixed(2), note]);
    }
  }
  console.log(table(["", "codec", "cheapest", "times", ""], rows));
  console.log("  The bytes of float4 are compared with a read that leaves all digits of a double");
}
