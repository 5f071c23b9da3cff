/** Times contenders side by side and tells how they compare. */

import { availableParallelism, cpus } from "node:os";
import process from "node:process";
import { StatusLine } from "./status_line.ts";
import { table } from "../examples/terminal.ts";

/** What one run of a contender moved. */
export interface Moved {
  readonly rows: number;
  /** On the wire; 0 where only rows are counted. */
  readonly bytes: number;
}

/** One way to do the work. */
export interface Contender {
  readonly name: string;
  run(): Moved | Promise<Moved>;
  /** Runs once, untimed, and gives what must be the same for all contenders that have it. */
  result?(): string | Promise<string>;
}

/** What a contender took, over all its timed runs. */
export interface Measured extends Moved {
  readonly name: string;
  /** In milliseconds, the fastest first. */
  readonly wall: readonly number[];
  /** Milliseconds of CPU of this process, user and system, the lowest first. */
  readonly cpu: readonly number[];
}

/** Small sizes, to see that the benches work. */
export const quick: boolean = process.argv.includes("--quick");

/** What runs this, as `Deno 2.9.6`. */
export function runtimeName(): string {
  const { deno, bun, node } = process.versions;
  if (deno) return `Deno ${deno}`;
  return bun ? `Bun ${bun}` : `Node ${node}`;
}

/** Says what is asked and on what it is measured. */
export function heading(question: string, server?: string): void {
  const machine = `${cpus()[0]?.model.trim() ?? "unknown CPU"}, ${availableParallelism()} cores`;
  console.log(`\n${question}`);
  console.log(`  ${[runtimeName(), machine, server].filter(Boolean).join("; ")}`);
  if (quick) console.log("  Small sizes, run once: this shows that it works, not how fast it is");
}

/**
 * Runs all contenders in turn, `runs` times over, so that whatever else the machine does
 * falls on each alike. Their results are compared first; that warms them up, too.
 *
 * @throws {Error} when two contenders do not give the same
 */
export async function interleave(
  contenders: readonly Contender[],
  runs: number,
): Promise<Measured[]> {
  const progress = new StatusLine();
  await compareResults(contenders, progress);
  const samples = contenders.map(() => [] as Sample[]);
  for (let run = 0; run < runs; run++) {
    progress.show(`run ${run + 1} of ${runs}`);
    for (const [i, contender] of contenders.entries()) samples[i].push(await time(contender));
  }
  progress.end();
  return contenders.map(({ name }, i) => ({
    name,
    ...samples[i][0].moved,
    wall: samples[i].map(({ wall }) => wall).sort((a, b) => a - b),
    cpu: samples[i].map(({ cpu }) => cpu).sort((a, b) => a - b),
  }));
}

interface Sample {
  readonly moved: Moved;
  readonly wall: number;
  readonly cpu: number;
}

async function compareResults(
  contenders: readonly Contender[],
  progress: StatusLine,
): Promise<void> {
  let first: { name: string; result: string } | undefined;
  for (const contender of contenders) {
    progress.show(`checking ${contender.name}`);
    const { name } = contender;
    if (!contender.result) {
      await contender.run();
      continue;
    }
    const result = await contender.result();
    first ??= { name, result };
    if (result === first.result) continue;
    throw new Error(`${name} gave ${result}, but ${first.name} gave ${first.result}`);
  }
}

async function time(contender: Contender): Promise<Sample> {
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  const moved = await contender.run();
  const wall = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { moved, wall, cpu: (user + system) / 1000 };
}

/** The middle of sorted numbers. */
export function median(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * Prints rows/s, MB/s and CPU a row. `times` is the wall time of a row as a multiple of
 * that of the contender called `base`, by the medians and by the best of the same runs:
 * the best are steadier where other programs use the machine.
 */
export function report(measured: readonly Measured[], base: string): void {
  const perRow = ({ wall, rows }: Measured) => median(wall) / rows;
  const best = ({ wall, rows }: Measured) => wall[0] / rows;
  const floor = measured.find(({ name }) => name === base)!;
  const head = ["", "rows", "median", "min … max", "rows/s", "MB/s", "ns CPU/row", "times", "best"];
  console.log(table(
    head,
    measured.map((one) => [
      one.name,
      one.rows.toLocaleString("en"),
      milliseconds(median(one.wall)),
      `${milliseconds(one.wall[0])} … ${milliseconds(one.wall.at(-1)!)}`,
      Math.round(1000 / perRow(one)).toLocaleString("en"),
      one.bytes === 0 ? "" : (one.bytes / median(one.wall) / 1000).toFixed(0),
      (median(one.cpu) / one.rows * 1e6).toFixed(0),
      (perRow(one) / perRow(floor)).toFixed(2),
      (best(one) / best(floor)).toFixed(2),
    ]),
  ));
}

/** Prints microseconds a query, wall and CPU; `times` as in {@linkcode report}. */
export function reportLatency(measured: readonly Measured[], base: string): void {
  const micros = (milliseconds: number, { rows }: Measured) => milliseconds / rows * 1000;
  const perQuery = (one: Measured) => micros(median(one.wall), one);
  const best = (one: Measured) => micros(one.wall[0], one);
  const floor = measured.find(({ name }) => name === base)!;
  const head = ["", "median", "min … max", "CPU", "queries/s", "times", "best"];
  console.log(table(
    head,
    measured.map((one) => [
      one.name,
      `${perQuery(one).toFixed(1)} µs`,
      `${best(one).toFixed(1)} … ${micros(one.wall.at(-1)!, one).toFixed(1)} µs`,
      `${micros(median(one.cpu), one).toFixed(1)} µs`,
      Math.round(1e6 / perQuery(one)).toLocaleString("en"),
      (perQuery(one) / perQuery(floor)).toFixed(2),
      (best(one) / best(floor)).toFixed(2),
    ]),
  ));
}

function milliseconds(value: number): string {
  return `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}
