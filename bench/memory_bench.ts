/**
 * How much memory does reading five million rows take, and does it grow?
 *
 * Counted above the runtime's own: what the process takes once it has connected and run a
 * small query. Fails when that is over the budget, or when the memory creeps upwards.
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Progress } from "../examples/terminal.ts";
import { connect } from "../mod.ts";
import { chart } from "./chart.ts";
import { heading, median, quick, runtimeName } from "./measure.ts";
import { benchTable, serverName, serverVariable, withServer } from "./servers.ts";
import type { BenchRow } from "./servers.ts";

const MIB = 2 ** 20;
/** The table is read so many times over, by one query. */
const REPETITIONS = quick ? 10 : 5;
const TABLE_ROWS = quick ? 20_000 : 1_000_000;
const ROWS = TABLE_ROWS * REPETITIONS;
const SAMPLES = 50;
/** Of a row: 61 of values, 24 of their lengths, 7 of framing. */
const WIRE_BYTES = 92;
/** What this engine may take above the base, and add from the second quarter to the last, in MiB. */
const LIMITS = process.versions.bun
  ? { peak: 64, growth: 24 }
  // V8 makes its young generation larger in steps, at any time: 20 MiB were seen in one.
  : { peak: 110, growth: 32 };

interface Memory {
  readonly base: number;
  readonly samples: readonly number[];
}

const [, , mark] = process.argv;
if (mark === "--measure") process.exitCode = await measure(process.env[serverVariable.pg18]!);
else process.exitCode = await withServer("pg18", measureAfresh);

/** In a process of its own, which has made no table and started no server. */
async function measureAfresh(url: string): Promise<number> {
  heading(
    `How much memory does reading ${ROWS.toLocaleString("en")} rows take?`,
    await serverName(url, "3.2"),
  );
  await benchTable(url, { rows: TABLE_ROWS, protocolVersion: "3.2" });
  const flags = process.versions.deno ? ["run", "-A", "--v8-flags=--expose-gc"] : ["--expose-gc"];
  const file = fileURLToPath(import.meta.url);
  const options = ["--measure", ...(quick ? ["--quick"] : [])];
  const { status } = spawnSync(process.execPath, [...flags, file, ...options], {
    env: { ...process.env, [serverVariable.pg18]: url },
    stdio: "inherit",
  });
  return status ?? 1;
}

async function measure(url: string): Promise<number> {
  const memory = await readAll(url);
  console.log(chart(memory.samples.map((bytes) => bytes / MIB), { unit: "MiB", height: 8 }));
  return judge(memory);
}

async function readAll(url: string): Promise<Memory> {
  const sql = connect(url, { max: 1 });
  const table = await benchTable(url, { rows: TABLE_ROWS, protocolVersion: "3.2" });
  await sql.unsafe(`select * from ${table} limit 1`);
  (globalThis as { gc?: () => void }).gc?.();
  const base = process.memoryUsage.rss();

  const samples: number[] = [];
  const progress = new Progress(ROWS);
  const once = `select * from ${table}`;
  let rows = 0;
  let total = 0n;
  for await (const row of sql.unsafe<BenchRow>(Array(REPETITIONS).fill(once).join(" union all "))) {
    total += row.amount;
    if (++rows % (ROWS / SAMPLES) !== 0) continue;
    samples.push(process.memoryUsage.rss());
    progress.show(rows, rows * WIRE_BYTES);
  }
  progress.end();
  await sql.close();
  const expected = BigInt(TABLE_ROWS) * BigInt(TABLE_ROWS + 1) / 2n * 1000003n *
    BigInt(REPETITIONS);
  if (total !== expected) throw new Error(`The sum is ${total}, expected ${expected}`);
  return { base, samples };
}

/** The second quarter is behind the warming up; the last must not be above it. */
function judge({ base, samples }: Memory): number {
  const middle = (part: readonly number[]) => median([...part].sort((a, b) => a - b)) / MIB;
  const early = middle(samples.slice(SAMPLES / 4, SAMPLES / 2));
  const late = middle(samples.slice(-SAMPLES / 4));
  const peak = (Math.max(...samples) - base) / MIB;
  const flat = late - early <= LIMITS.growth;
  const within = peak <= LIMITS.peak;
  console.log([
    `  base ${(base / MIB).toFixed(0)} MiB,`,
    `peak ${peak.toFixed(0)} MiB above it (budget on ${runtimeName()}: ${LIMITS.peak}),`,
    `second quarter ${early.toFixed(0)} MiB, last quarter ${late.toFixed(0)} MiB:`,
    `${within ? "within the budget" : "OVER THE BUDGET"}, ${flat ? "flat" : "IT GROWS"}`,
  ].join(" "));
  return within && flat ? 0 : 1;
}
