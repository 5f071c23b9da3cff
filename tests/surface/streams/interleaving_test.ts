/** Streams of one transaction, other queries of it in between, and other streams. */

import type { TransactionSql } from "../../../mod.ts";
import { Random } from "../../attribution/plan.ts";
import { testBoth } from "../../both_protocols.ts";
import { assertEquals, assertRejects } from "../../std_assert.ts";
import { all, numbered, numbersOf, pidOf, upTo } from "./reading.ts";
import { createTable } from "./table.ts";

testBoth(
  "TransactionSql runs the queries of a loop's body on the same connection",
  async (open) => {
    await using table = await createTable(open, 600);
    const sql = open({ max: 1 });
    await sql.begin(async (tx) => {
      const pid = await pidOf(tx);
      for await (const { i } of tx<{ i: number }>`select i from ${table.name} order by i`) {
        await tx`update ${table.name} set done = true where i = ${i}`;
        const row = await tx`
        select count(*)::int4 as done, pg_backend_pid() as pid from ${table.name} where done`.one();
        assertEquals(row, { done: i, pid });
      }
    });
    const [{ done }] = await table.observer`select bool_and(done) as done from ${table.name}`;
    assertEquals(done, true);
  },
);

testBoth("TransactionSql runs whatever else there is in a loop's body", async (open) => {
  await using table = await createTable(open);
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    for await (const { i } of numbered(tx, 300)) {
      if (i % 60 > 0) continue;
      const [[one], [two]] = await tx.pipeline([tx`select ${i}::int4 as n`, tx`select 'x' as t`]);
      assertEquals([one, two], [{ n: i }, { t: "x" }]);
      assertEquals((await tx`select ${i}::int8 as big`.describe()).types.length, 1);
      assertEquals((await tx.unsafe("select 1 as a; select 2 as b").simple())[0], { b: 2 });
      await tx.savepoint((sp) => sp`insert into ${table.name} values (${i})`);
      const writer = tx`copy ${table.name} (i) from stdin`.writable().getWriter();
      await writer.write(`${i + 1}\n`);
      await writer.close();
      const texts = await all<unknown>(
        tx`copy (select ${tx.unsafe(String(i))}) to stdout`.readable(),
      );
      assertEquals(new TextDecoder().decode(texts[0] as Uint8Array), `${i}\n`);
    }
  });
  assertEquals(await table.committed(), [60, 61, 120, 121, 180, 181, 240, 241, 300, 301]);
});

testBoth("TransactionSql takes queries of a loop's body that nobody awaits", async (open) => {
  const sql = open({ max: 1 });
  const asked: Promise<number>[] = [];
  await sql.begin(async (tx) => {
    for await (const { i } of numbered(tx, 500)) {
      asked.push(tx<{ i: number }>`select ${i}::int4 as i`.then(([row]) => row.i));
    }
    assertEquals(await Promise.all(asked), upTo(500));
  });
});

testBoth("TransactionSql streams several results at once, each to its own reader", async (open) => {
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    const lengths = [1, 31, 32, 33, 500, 2000];
    const read = await Promise.all(lengths.map((length) => all(numbered(tx, length))));
    assertEquals(read.map(numbersOf), lengths.map(upTo));
  });
});

testBoth("TransactionSql gives each of many streams its rows in their order", async (open) => {
  const sql = open({ max: 1 });
  const random = new Random(20_261_125);
  await sql.begin(async (tx) => {
    const open = Array.from({ length: 12 }, (_, id) => new TaggedStream(tx, id, random));
    while (open.length > 0) {
      const at = random.below(open.length);
      if (!await open[at].step(random)) open.splice(at, 1);
      if (random.below(20) > 0) continue;
      const n = random.below(1000);
      assertEquals(await tx`select ${n}::int4 as n`.one(), { n });
    }
    const [{ open: cursors }] = await tx`
      select count(*)::int4 as open from pg_cursors where name like 'rill%'`;
    assertEquals(cursors, 0);
  });
});

/** A stream whose rows say whose they are. */
class TaggedStream {
  readonly #id: number;
  readonly #count: number;
  readonly #rows: AsyncIterator<{ id: number; i: number }>;
  readonly #leaveAt: number;
  #read = 0;

  constructor(tx: TransactionSql, id: number, random: Random) {
    this.#id = id;
    this.#count = random.of([0, 1, 32, 33, 300, 900]);
    this.#leaveAt = random.of([Infinity, Infinity, 1 + random.below(400)]);
    const width = random.of([0, 10, 1000, 20_000]);
    this.#rows = tx<{ id: number; i: number }>`
      select ${id}::int4 as id, i, repeat('x', ${width}::int4) as filler
      from generate_series(1, ${this.#count}::int4) i`[Symbol.asyncIterator]();
  }

  /** Reads a few rows; false when the stream has ended, or was left. */
  async step(random: Random): Promise<boolean> {
    for (let rows = 1 + random.below(60); rows > 0; rows--) {
      const { done, value } = await this.#rows.next();
      if (done) {
        assertEquals(this.#read, this.#count);
        return false;
      }
      assertEquals([value.id, value.i], [this.#id, ++this.#read]);
      if (this.#read < this.#leaveAt) continue;
      await this.#rows.return!();
      return false;
    }
    return true;
  }
}

testBoth("SavepointSql streams, and what its reader did is undone with it", async (open) => {
  await using table = await createTable(open, 100);
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    for await (const { i } of numbered(tx, 300)) {
      if (i % 100 > 0) continue;
      const undone = tx.savepoint(async (sp) => {
        for await (const row of sp<{ i: number }>`select i from ${table.name}`) {
          await sp`insert into ${table.name} values (${row.i + i})`;
        }
        throw new Error("enough");
      });
      await assertRejects(() => undone, Error, "enough");
    }
    await tx.savepoint(async (sp) => {
      for await (const { i } of numbered(sp, 100)) {
        await sp`insert into ${table.name} values (${i + 100})`;
      }
    });
  });
  assertEquals(await table.committed(), upTo(200));
});
