import { ResultFacts } from "../../lib/rows/result_facts.ts";
import { ResultQueue } from "../../lib/rows/result_queue.ts";
import { RowIterator } from "../../lib/rows/row_iterator.ts";
import { checkedSource, queueSource } from "../../lib/rows/row_source.ts";
import { RowStream } from "../../lib/rows/row_stream.ts";
import { withoutUnhandledRejections } from "../faults/unhandled.ts";
import { test } from "../harness.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "../std_assert.ts";
import { drain } from "./listed_batches.ts";
import { field } from "./memory_run.ts";
import { numberDecoder, numberRun, numbers } from "./number_runs.ts";
import { evenNumber } from "./number_schemas.ts";
import { settlesNow } from "./turns.ts";

const columns = [field("n", 23)];

/** A stream wired as a query wires it; `run` is what the server does when the query is run. */
function streamed(run: (server: Server) => void = () => {}) {
  const server = new Server(run);
  return { server, stream: new RowStream(queueSource(server.queue), server.facts) };
}

/** The session's side of a stream. */
class Server {
  readonly facts: ResultFacts = new ResultFacts();
  readonly queue: ResultQueue<number>;
  starts = 0;

  constructor(run: (server: Server) => void) {
    this.queue = new ResultQueue<number>({
      decoderFor: () => numberDecoder(),
      start: () => {
        this.starts++;
        run(this);
      },
      cancel: () => this.fail(new Error("canceling statement due to user request")),
    });
  }

  describe(): void {
    this.facts.description(columns);
    this.queue.description(columns);
  }

  rows(first: number, count: number): void {
    const run = numberRun(first, count);
    this.facts.rows(run);
    this.queue.push(run);
  }

  select(count: number): void {
    this.describe();
    this.rows(0, count);
    this.facts.complete(`SELECT ${count}`);
    this.end();
  }

  end(): void {
    this.facts.end();
    this.queue.end();
  }

  fail(error: Error): void {
    if (this.queue.left) this.facts.left();
    else this.facts.fail(error);
    this.queue.end({ error });
  }
}

/** Two rows of which nobody knows whether more come. */
function endless(server: Server): void {
  server.describe();
  server.rows(0, 2);
}

const ways: readonly [name: string, read: (stream: RowStream<number>) => Promise<unknown[]>][] = [
  ["a loop", async (stream) => (await drain(stream)).values],
  ["batches()", async (stream) => (await drain(stream.batches())).values.flat()],
  ["map()", async (stream) => (await drain(stream.map((row) => row))).values],
  ["readable()", async (stream) => {
    const rows: number[] = [];
    await stream.readable().pipeTo(new WritableStream({ write: (row) => void rows.push(row) }));
    return rows;
  }],
];

for (const [way, read] of ways) {
  test(`RowStream gives every row by ${way}, and then a summary`, async () => {
    const { stream, server } = streamed((server) => server.select(300));
    assertEquals(server.starts, 0);
    assertEquals(await read(stream), numbers(0, 300));
    assertEquals(server.starts, 1);
    assertEquals(await stream.summary, {
      command: "SELECT",
      count: 300,
      columns,
      notices: [],
      complete: true,
    });
  });

  test(`RowStream is read once: nobody can when it was by ${way}`, async () => {
    const { stream } = streamed((server) => server.select(1));
    await read(stream);
    const second = "Cannot read a stream twice: it is being read already";
    assertThrows(() => stream[Symbol.asyncIterator](), TypeError, second);
    assertThrows(() => stream.batches(), TypeError, second);
    assertThrows(() => stream.readable(), TypeError, second);
    assertThrows(() => stream.map((row) => row), TypeError, second);
  });
}

test("RowStream iterates by the row iterator that is written by hand", () => {
  assertInstanceOf(streamed().stream[Symbol.asyncIterator](), RowIterator);
});

test("RowStream.map() can be tried again when its options were wrong", async () => {
  const { stream } = streamed((server) => server.select(2));
  assertThrows(() => stream.map((row) => row, { concurrency: 0 }), RangeError);
  assertEquals(await drain(stream.map((row) => -row, { concurrency: 2 })), { values: [-0, -1] });
});

test("RowStream.columns runs the query, once", async () => {
  const { stream, server } = streamed((server) => server.select(2));
  assertStrictEquals(await stream.columns, columns);
  assertStrictEquals(await stream.columns, columns);
  assertEquals((await drain(stream)).values, [0, 1]);
  assertEquals(server.starts, 1);
});

test("RowStream.columns come before the rows, and are none where no rows are", async () => {
  const { stream, server } = streamed();
  const asked = stream.columns;
  assert(!await settlesNow(asked));
  server.facts.complete("INSERT 0 3");
  server.end();
  assertEquals(await asked, []);
  assertEquals((await stream.summary).count, 3);
});

test("RowStream.columns and .summary reject as the query does", () =>
  withoutUnhandledRejections(async () => {
    const failure = new Error("syntax error");
    const { stream } = streamed((server) => server.fail(failure));
    assertStrictEquals(await assertRejects(() => stream.columns), failure);
    assertStrictEquals(await assertRejects(() => stream.summary), failure);
    assertStrictEquals((await drain(stream)).failure, failure);
  }));

for (const asked of ["nobody asks", "nobody waits"] as const) {
  test(`RowStream.summary is no unhandled rejection when ${asked}`, () =>
    withoutUnhandledRejections(async () => {
      const { stream } = streamed((server) => server.fail(new Error("division by zero")));
      if (asked === "nobody waits") assertInstanceOf(stream.summary, Promise);
      await drain(stream);
    }));
}

test("RowStream.summary does not run the query", async () => {
  const { stream, server } = streamed((server) => server.select(1));
  assert(!await settlesNow(stream.summary));
  assertEquals(server.starts, 0);
});

test("RowStream.summary is not complete when a loop was left before the end", async () => {
  const { stream } = streamed(endless);
  for await (const _ of stream) break;
  assertEquals(await stream.summary, {
    command: "",
    count: 2,
    columns,
    notices: [],
    complete: false,
  });
});

test("RowStream[Symbol.asyncDispose]() leaves a stream that nobody reads", async () => {
  const { stream, server } = streamed();
  await stream[Symbol.asyncDispose]();
  assertEquals(await stream.columns, []);
  assertEquals((await stream.summary).complete, false);
  assertEquals((await drain(stream)).values, []);
  assertEquals(server.starts, 0);
});

test("RowStream[Symbol.asyncDispose]() leaves a stream whose columns were asked for", async () => {
  const { stream } = streamed(endless);
  await stream.columns;
  await stream[Symbol.asyncDispose]();
  assertEquals((await stream.summary).complete, false);
});

test("RowStream[Symbol.asyncDispose]() waits for the calls of map()", async () => {
  const { stream } = streamed(endless);
  let finish!: () => void;
  const next = stream.map(() => new Promise<void>((resolve) => finish = resolve)).next();
  assert(!await settlesNow(next));
  const disposed = stream[Symbol.asyncDispose]();
  assert(!await settlesNow(disposed));
  finish();
  await disposed;
  assertEquals(await next, { done: true, value: undefined });
});

test("RowStream[Symbol.asyncDispose]() changes nothing when all was read", async () => {
  const { stream } = streamed((server) => server.select(2));
  await drain(stream);
  await stream[Symbol.asyncDispose]();
  assertEquals((await stream.summary).complete, true);
});

for (const way of ["a loop", "map()"] as const) {
  test(`RowStream with a schema gives by ${way} the rows before one refused`, () =>
    withoutUnhandledRejections(async () => {
      const server = new Server(endless);
      const stream = new RowStream(checkedSource(server.queue, evenNumber), server.facts);
      const told = await drain(way === "map()" ? stream.map((text) => text) : stream);
      assertEquals(told.values, ["0"]);
      assertInstanceOf(told.failure, TypeError);
      assertEquals(told.failure.message, "Cannot take row 1: Expected an even number");
      assertEquals((await stream.summary).complete, false);
    }));
}

test("RowStream with a schema gives batches of what it makes of the rows", async () => {
  const server = new Server((server) => server.select(1));
  const stream = new RowStream(checkedSource(server.queue, evenNumber), server.facts);
  assertEquals((await stream.columns).length, 1);
  assertEquals(await drain(stream.batches()), { values: [["0"]] });
});
