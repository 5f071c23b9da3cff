/** What a stream gives beside a loop over its rows, in both modes. */

import type { RowStream } from "../../../mod.ts";
import { testBoth } from "../../both_protocols.ts";
import { turn } from "../../rows/turns.ts";
import { assert, assertEquals, assertThrows } from "../../std_assert.ts";
import { all, failureOf, numbered, numbersOf, upTo } from "./reading.ts";
import type { Numbered } from "./reading.ts";

const COUNT = 3_000;

/** Registers a test of streams in each mode, of a transaction. */
function testModes(
  name: string,
  body: (open: () => RowStream<Numbered>) => Promise<void>,
): void {
  for (const mode of ["portal", "flow"] as const) {
    testBoth(`${name} in ${mode} mode`, async (open) => {
      const sql = open({ max: 1 });
      await sql.begin(async (tx) => {
        await body(() => numbered(tx, COUNT).stream({ mode }));
        assertEquals(await tx`select 1 as one`.one(), { one: 1 });
      });
    });
  }
}

testModes("RowStream.batches() gives all rows, and no empty array", async (open) => {
  const batches = await all(open().batches());
  assert(batches.every((batch) => batch.length > 0));
  assertEquals(numbersOf(batches.flat()), upTo(COUNT));
});

testModes("RowStream.batches() gives arrays that are the reader's own", async (open) => {
  const batches = open().batches();
  const { value: first } = await batches.next();
  const length = first!.length;
  await all(batches);
  assertEquals(numbersOf(first!), upTo(length));
});

testModes("RowStream.readable() is paced by who reads", async (open) => {
  const written: number[] = [];
  let most = 0;
  let underWay = 0;
  await open().readable().pipeTo(
    new WritableStream<Numbered>({
      async write({ i }) {
        most = Math.max(most, ++underWay);
        if (i % 100 === 0) await turn();
        written.push(i);
        underWay--;
      },
    }),
  );
  assertEquals([written.length, most], [COUNT, 1]);
  assertEquals(written, upTo(COUNT));
});

testModes("RowStream.readable() that is cancelled leaves the result", async (open) => {
  const stream = open();
  const reader = stream.readable().getReader();
  assertEquals((await reader.read()).value?.i, 1);
  await reader.cancel();
  assertEquals((await stream.summary).complete, false);
});

testModes("RowStream.readable() whose writer fails leaves the result", async (open) => {
  const stream = open();
  const reason = new Error("full");
  const write = ({ i }: Numbered) => i < 50 ? Promise.resolve() : Promise.reject(reason);
  const piped = stream.readable().pipeTo(new WritableStream({ write }));
  assertEquals(await failureOf(piped), reason);
  assertEquals((await stream.summary).complete, false);
});

testModes("RowStream.columns come without a row being read", async (open) => {
  const stream = open();
  assertEquals((await stream.columns).map(({ name, typeOid }) => [name, typeOid]), [
    ["i", 23],
    ["filler", 25],
  ]);
  assertEquals(numbersOf(await all(stream)), upTo(COUNT));
});

testModes("RowStream.summary says what the server said at the end", async (open) => {
  const stream = open();
  await all(stream);
  const { command, count, columns, notices, complete } = await stream.summary;
  assertEquals({ command, count, notices, complete }, {
    command: "SELECT",
    count: COUNT,
    notices: [],
    complete: true,
  });
  assertEquals(columns, await stream.columns);
});

testModes("RowStream.summary of a stream that was left has what arrived", async (open) => {
  const stream = open();
  for await (const { i } of stream) if (i === 100) break;
  const { count, complete } = await stream.summary;
  assertEquals(complete, false);
  assert(count >= 100);
});

testModes("RowStream[Symbol.asyncDispose]() leaves the result, whoever reads", async (open) => {
  for (const read of [() => {}, readOneRow, readOneBatch]) {
    await using stream = open();
    await read(stream);
  }
});

testBoth("RowStream is read by one reader", async (open) => {
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    const stream = numbered(tx, COUNT).stream();
    const rows = stream[Symbol.asyncIterator]();
    assertThrows(() => stream.batches(), TypeError, "read already");
    assertThrows(() => stream.readable(), TypeError, "read already");
    assertThrows(() => stream.map(() => {}), TypeError, "read already");
    assertEquals((await all(rows)).length, COUNT);
  });
});

testModes("RowStream.map() gives results in the order of the rows", async (open) => {
  const results = open().map(async ({ i }) => {
    if (i % 7 === 0) await turn();
    return i;
  }, { concurrency: 10 });
  assertEquals(await all(results), upTo(COUNT));
});

testBoth("RowStream.map() may ask the server in the same transaction", async (open) => {
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    let underWay = 0;
    let most = 0;
    const squares = numbered(tx, 500).stream().map(async ({ i }) => {
      most = Math.max(most, ++underWay);
      const { square } = await tx<{ square: number }>`
        select ${i}::int4 * ${i}::int4 as square`.one();
      underWay--;
      return square;
    }, { concurrency: 8 });
    assertEquals(await all(squares), upTo(500).map((i) => i * i));
    assertEquals(most, 8);
  });
});

testBoth(
  "RowStream.map() whose call fails leaves the stream, and the transaction goes on",
  async (open) => {
    const sql = open({ max: 1 });
    await sql.begin(async (tx) => {
      const stream = numbered(tx, COUNT).stream();
      const enough = new Error("enough");
      const mapped = stream.map(async ({ i }) => {
        await tx`select ${i}::int4`;
        if (i === 100) throw enough;
        return i;
      }, { concurrency: 8 });
      const read: number[] = [];
      const failure = await failureOf((async () => {
        for await (const i of mapped) read.push(i);
      })());
      assertEquals(failure, enough);
      assertEquals(read, upTo(99));
      assertEquals((await stream.summary).complete, false);
      assertEquals(await tx`select 1 as one`.one(), { one: 1 });
    });
  },
);

testBoth("Query.forEach() awaits what it calls, and gives the summary", async (open) => {
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    const seen: number[] = [];
    const { count, complete } = await numbered(tx, COUNT).forEach(async ({ i }) => {
      if (i % 100 === 0) await tx`select ${i}::int4`;
      seen.push(i);
    });
    assertEquals([count, complete], [COUNT, true]);
    assertEquals(seen, upTo(COUNT));
  });
});

testBoth("Query.cursor() gives arrays of its size, whatever was fetched", async (open) => {
  const sql = open({ max: 1 });
  await sql.begin(async (tx) => {
    const sizes: number[] = [];
    for await (const rows of numbered(tx, COUNT).cursor(700)) {
      sizes.push(rows.length);
      await tx`select 1`;
    }
    assertEquals(sizes, [700, 700, 700, 700, 200]);
    assertThrows(() => numbered(tx, 1).cursor(0), RangeError);
  });
});

async function readOneRow(stream: RowStream<Numbered>): Promise<void> {
  await stream[Symbol.asyncIterator]().next();
}

async function readOneBatch(stream: RowStream<Numbered>): Promise<void> {
  await stream.batches().next();
}
