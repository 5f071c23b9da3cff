/** Streams and queries of one holder in any order, with any end: each gets its own, none hangs. */

import type { ReservedSql, ResultIterator, Sql, SqlTag, TransactionSql } from "../../../mod.ts";
import { Random } from "../../attribution/plan.ts";
import { testBoth } from "../../both_protocols.ts";
import { turn } from "../../rows/turns.ts";
import { assertEquals } from "../../std_assert.ts";
import { failureOf } from "./reading.ts";

const ROUNDS = 25;
const STEPS = 50;

/** Who holds the connection; what fails in a transaction fails it. */
const places: readonly [
  name: string,
  hold: (sql: Sql, act: (tag: SqlTag) => Promise<void>) => Promise<unknown>,
][] = [
  ["TransactionSql", (sql, act) => failureOf(sql.begin((tx: TransactionSql) => act(tx)))],
  ["ReservedSql", async (sql, act) => {
    const reserved: ReservedSql = await sql.reserve();
    await act(reserved);
    await reserved.release(); // With streams that are open.
  }],
];

for (const [name, hold] of places) {
  testBoth(`${name} gives each of random streams and queries its own`, async (open) => {
    const sql = open({ max: 1 });
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const wrong: unknown[] = [];
      await hold(sql, (tag) => new RandomUser(tag, new Random(seed), wrong).act());
      assertEquals(wrong, [], `seed ${seed}`);
      const left = await sql`select name from pg_cursors where name like 'rill%'`;
      assertEquals([...left], [], `seed ${seed}`);
    }
  });
}

/** A row that says whose it is. */
interface TaggedRow {
  readonly id: number;
  readonly i: number;
}

/** Does whatever comes to mind. */
class RandomUser {
  readonly #tag: SqlTag;
  readonly #random: Random;
  /** What cannot be. */
  readonly #wrong: unknown[];
  readonly #streams: RandomStream[] = [];
  readonly #asked: Promise<void>[] = [];

  constructor(tag: SqlTag, random: Random, wrong: unknown[]) {
    this.#tag = tag;
    this.#random = random;
    this.#wrong = wrong;
  }

  async act(): Promise<void> {
    const random = this.#random;
    for (let step = 0; step < STEPS; step++) {
      const kind = random.of(
        ["open", "open", "use", "use", "use", "query", "query", "fail"] as const,
      );
      if (kind === "open") this.#streams.push(new RandomStream(this.#tag, step, random));
      else if (kind === "query") await this.#ask(step);
      else if (kind === "use") await this.#use();
      else if (random.below(8) === 0) await failureOf(this.#tag`select 1 / 0`);
      if (random.below(3) === 0) await turn();
    }
    await Promise.all(this.#asked);
  }

  async #ask(n: number): Promise<void> {
    const told = this.#tag`select ${n}::int4 as n`.then(
      ([row]) => void (row.n === n || this.#wrong.push([n, row])),
      () => {}, // In a transaction that has failed, or behind a stream in flow mode.
    );
    if (this.#random.below(2)) await told;
    else this.#asked.push(told);
  }

  async #use(): Promise<void> {
    const at = this.#random.below(Math.max(1, this.#streams.length));
    const stream = this.#streams[at];
    if (stream === undefined) return;
    const goesOn = await stream.use(this.#random);
    if (stream.wrong !== undefined) this.#wrong.push(stream.wrong);
    if (!goesOn) this.#streams.splice(at, 1);
  }
}

/** A stream that is read, left or aborted; some fail by themselves. */
class RandomStream {
  readonly #id: number;
  readonly #count: number;
  readonly #controller = new AbortController();
  readonly #rows: ResultIterator<TaggedRow>;
  #read = 0;
  /** The first that was another's row, or none where there is one. */
  wrong: unknown;

  constructor(tag: SqlTag, id: number, random: Random) {
    this.#id = id;
    this.#count = random.of([0, 5, 40, 500, 3_000]);
    const failing = random.of([0, 0, 0, 0, 1 + random.below(600)]);
    const slow = random.of([0, 1 + random.below(400)]);
    const query = tag.unsafe<TaggedRow>(`
      select ${id} as id, i, repeat('x', ${random.of([0, 100, 2_000])}), 1 / (${failing} - i),
        case when i = ${slow} then pg_sleep(0.01) end
      from generate_series(1, ${this.#count}) i`);
    const mode = random.of([undefined, undefined, undefined, "portal", "flow"] as const);
    const stream = query.with({ signal: this.#controller.signal }).stream(mode ? { mode } : {});
    this.#rows = stream[Symbol.asyncIterator]();
  }

  /** False when nothing more is to be had of it. */
  async use(random: Random): Promise<boolean> {
    const kind = random.of(["read", "read", "read all", "leave", "abort"] as const);
    if (kind === "read") return await this.#readOn(1 + random.below(100));
    if (kind === "read all") return await this.#readOn(Infinity);
    if (kind === "leave") await this.#rows.return();
    else this.#controller.abort(new Error("enough"));
    return false;
  }

  async #readOn(rows: number): Promise<boolean> {
    for (; rows > 0; rows--) {
      const next = await this.#rows.next().catch(() => undefined);
      if (next === undefined) return false;
      if (next.done) {
        if (this.#read !== this.#count) this.wrong ??= `${this.#read} rows of ${this.#count}`;
        return false;
      }
      const { id, i } = next.value;
      if (id !== this.#id || i !== ++this.#read) this.wrong ??= next.value;
    }
    return true;
  }
}
