/**
 * Random values of every family and random nestings of them are the same after the way to a
 * server and back, in whatever format.
 *
 * A failure names its seed: `RILL_SEED=… deno test …` makes the same types and values again.
 */

import fc from "fast-check";
import process from "node:process";
import { connect } from "../../mod.ts";
import type { ClientOptions, Sql } from "../../mod.ts";
import { catalogTypes } from "../../lib/value/registry/catalog_types.ts";
import { TypeRegistry } from "../../lib/value/registry/type_registry.ts";
import { lossless } from "../../lib/value/registry/type_shapes.ts";
import type { TypeShapes } from "../../lib/value/registry/type_shapes.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { checkDecoding, checkEncoding } from "./property/codec_checks.ts";
import type { Trial } from "./property/codec_checks.ts";
import { planTypes } from "./property/plan.ts";
import { checkOtherShapes, checkRoundTrip } from "./property/round_trip.ts";
import type { PropertyType, Sample } from "./property/sample.ts";

const seed = Number(process.env.RILL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`RILL_SEED=${seed}`);

/** Of each type, sent at once. */
const MIN_VALUES = 10;
const MAX_VALUES = 14;

const today = await databaseUrl("3.2");
const old = await databaseUrl("2.0");
const ways = [
  { name: "18 over 3.2", version: 18, url: today },
  { name: "13 over 3.0", version: 13, url: old },
  { name: "13 over 2.0", version: 13, url: old, protocolVersion: "2.0" },
] as const;

/** The shapes of values that lose nothing, beside those that are the default. */
const choices = [
  { ...lossless, int8: "string", composite: "array" },
  {
    date: "text",
    time: "text",
    timestamp: "text",
    timestamptz: "text",
    interval: "text",
    json: "text",
    jsonb: "text",
    geometric: "text",
    range: "text",
    composite: "text",
  },
] as const satisfies readonly TypeShapes[];

for (const { name, version, url, ...options } of ways) {
  test(`Random values of random types are the same there and back on ${name}`, async () => {
    await using sql = await open(url, options);
    await using lossless = await open(url, { ...options, types: choices[0] });
    await using inText = await open(url, { ...options, types: choices[1] });
    const schema = `property_${Math.random().toString(36).slice(2)}`;
    const { statements, types } = planTypes({ seed, version, schema });
    await sql.unsafe([`create schema ${schema}`, ...statements].join(";\n")).simple();
    const failures: string[] = [];
    try {
      for (const [i, type] of types.entries()) {
        const failure = await findFailure({ sql, others: [lossless, inText], type, i });
        if (failure !== undefined) failures.push(`${type.sql}: ${failure}`);
      }
    } finally {
      await sql.unsafe(`drop schema ${schema} cascade`).simple();
    }
    if (failures.length === 0) return;
    const definitions = statements.join(";\n");
    throw new Error(`RILL_SEED=${seed}\n${definitions}\n\n${failures.join("\n\n")}`);
  });
}

/** A client of one connection, whose texts depend on no server's own settings. */
async function open(url: string, options: ClientOptions): Promise<Sql> {
  const sql = connect(url, { max: 1, ...options });
  await sql.unsafe("set lc_monetary = 'C'; set timezone = 'UTC'").simple();
  return sql;
}

interface TypeCheck {
  readonly sql: Sql;
  /** Clients that have chosen other shapes. */
  readonly others: readonly Sql[];
  readonly type: PropertyType;
  /** The type's place among all, so that each has values of its own. */
  readonly i: number;
}

/** The value, as small as can be found, that is not the same there and back; with the reason. */
async function findFailure({ sql, others, type, i }: TypeCheck): Promise<string | undefined> {
  const check = async (samples: readonly Sample[]) => {
    const literals = await checkRoundTrip(sql, type, samples);
    for (const other of others) await checkOtherShapes(other, type, literals);
  };
  const some = fc.array(type.samples, { minLength: MIN_VALUES, maxLength: MAX_VALUES });
  const found = await fc.check(fc.asyncProperty(some, check), {
    seed: seed + i,
    numRuns: 1,
    interruptAfterTimeLimit: 5_000,
    markInterruptAsFailure: false,
  });
  if (!found.failed) return undefined;
  for (const sample of found.counterexample?.[0] ?? []) {
    try {
      await check([sample]);
    } catch (error) {
      return `${fc.stringify(sample)}\n${error}`;
    }
  }
  return `${fc.stringify(found.counterexample)}\n${found.errorInstance}`;
}

const withoutServer = planTypes({ seed, version: 18, schema: "no_schema" });
const trials = createTrials();

test("Codecs keep to their field and throw nothing but ProtocolError, whatever is in it", () => {
  for (const trial of trials) blame(trial, checkDecoding);
});

test("Codecs give random values back, out of their own text and bytes", () => {
  for (const trial of trials) if (trial.type) blame(trial, checkEncoding);
});

/** One for each type that is known. */
function createTrials(): Trial[] {
  const { types, oids, descriptions } = withoutServer;
  const rounding: TypeShapes = { int8: "number", numeric: "number" };
  const registries = [{}, rounding, ...choices].map((shapes) => new TypeRegistry({ shapes }));
  for (const registry of registries) registry.add(descriptions);
  const byOid = new Map(types.map((type) => [oids.get(type.sql)!, type]));
  return [...catalogTypes, ...descriptions].flatMap(({ oid, arrayOid, attributes = [] }) => {
    const parts = [oid, ...attributes.map(({ typeOid }) => typeOid)];
    return [oid, arrayOid].filter((each) => each !== undefined).map((each) => ({
      codecs: registries.map((registry) => registry.codec(each)),
      oids: parts,
      type: byOid.get(each),
      seed: seed + each,
    }));
  });
}

function blame(trial: Trial, check: (trial: Trial) => void): void {
  try {
    check(trial);
  } catch (cause) {
    throw new Error(`RILL_SEED=${seed} ${trial.codecs[0].name}: ${cause}`, { cause });
  }
}
