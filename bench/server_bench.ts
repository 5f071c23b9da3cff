/**
 * How close does reading rows come to merely receiving them?
 *
 * Beside rill's ways to read a million rows stand drains of the same answer that only
 * count its bytes. `times` compares with the drain of the same format and server.
 */

import { connect } from "../mod.ts";
import type { Sql } from "../mod.ts";
import { heading, interleave, quick, report } from "./measure.ts";
import type { Contender, Measured } from "./measure.ts";
import { openRawSocket } from "./raw_socket.ts";
import type { RawSocket } from "./raw_socket.ts";
import { benchTable, serverName, withServer } from "./servers.ts";
import type { BenchRow } from "./servers.ts";
import { RowTaker } from "./row_taker.ts";

const ROWS = quick ? 20_000 : 1_000_000;
/** An array of all rows is not meant for a million. */
const ARRAY_ROWS = Math.min(ROWS, 100_000);
const RUNS = quick ? 1 : 5;

/** Else a scan of a large table begins where the one before stands, and the order differs. */
const IN_ORDER = { max: 1, parameters: { synchronize_seqscans: "off" } } as const;

interface Bench {
  readonly sql: Sql;
  /** All rows of the table. */
  readonly query: string;
  /** The wire's bytes of one answer, filled in by the drains. */
  bytes: number;
}

await withServer("pg18", async (url) => {
  heading(
    "How close does reading rows come to merely receiving them?",
    await serverName(url, "3.2"),
  );
  const options = { url, protocolVersion: "3.2" } as const;
  const table = await benchTable(url, { rows: ROWS, protocolVersion: "3.2" });
  const query = `select * from ${table}`;
  const raw = await Promise.all([
    openRawSocket({ ...options, over: "net" }),
    openRawSocket({ ...options, over: "transport" }),
  ]);
  const binary: Bench = { sql: connect(url, IN_ORDER), query, bytes: 0 };
  const text: Bench = { sql: connect(url, IN_ORDER), query, bytes: 0 };

  const measured = await interleave([
    drain("binary: drain, node:net", binary, raw[0], binaryRequest(raw[0], query)),
    drain("binary: drain, transport", binary, raw[1], binaryRequest(raw[1], query)),
    byRow("binary: for await row", binary),
    byBatch("binary: batches()", binary),
    asArray("binary: await", binary),
    drain("text: drain, node:net", text, raw[0], raw[0].encode({ kind: "Query", query })),
    byRow("text: for await row", text, true),
  ], RUNS);
  reportBy("3.2, binary", measured, "binary");
  reportBy("3.2, text", measured, "text");

  for (const socket of raw) socket.close();
  await Promise.all([binary.sql.close(), text.sql.close()]);
});

await withServer("pg13", async (url) => {
  const options = { url, protocolVersion: "2.0" } as const;
  heading("The same over protocol 2.0", await serverName(url, "2.0"));
  const table = await benchTable(url, { rows: ROWS, protocolVersion: "2.0" });
  const query = `select * from ${table}`;
  const raw = await openRawSocket({ ...options, over: "net" });
  const text: Bench = {
    sql: connect(url, { ...IN_ORDER, protocolVersion: "2.0" }),
    query,
    bytes: 0,
  };

  const measured = await interleave([
    drain("2.0: drain, node:net", text, raw, raw.encode({ kind: "Query", query })),
    byRow("2.0: for await row", text),
    byBatch("2.0: batches()", text),
    asArray("2.0: await", text),
  ], RUNS);
  reportBy("2.0, text", measured, "2.0");

  raw.close();
  await text.sql.close();
});

function reportBy(title: string, measured: readonly Measured[], prefix: string): void {
  const group = measured.filter(({ name }) => name.startsWith(`${prefix}: `));
  console.log(`\n  Protocol ${title}`);
  report(group, group[0].name);
}

/** What the session sends for a query with binary results. */
function binaryRequest(socket: RawSocket, query: string): Uint8Array {
  return socket.encode(
    { kind: "Parse", statement: "", query, typeOids: [] },
    {
      kind: "Bind",
      portal: "",
      statement: "",
      parameterFormats: [],
      parameters: [],
      resultFormats: [1],
    },
    { kind: "Execute", portal: "", maxRows: 0 },
    { kind: "Sync" },
  );
}

function drain(name: string, bench: Bench, socket: RawSocket, request: Uint8Array): Contender {
  return {
    name,
    run: async () => {
      const bytes = await socket.drain(request);
      if (bench.bytes !== 0 && bytes !== bench.bytes) {
        throw new Error(`${name} counted ${bytes} bytes, expected ${bench.bytes}`);
      }
      bench.bytes = bytes;
      return { rows: ROWS, bytes };
    },
  };
}

function byRow(name: string, bench: Bench, simple: boolean = false): Contender {
  const start = () => {
    const query = bench.sql.unsafe<BenchRow>(bench.query);
    return simple ? query.simple() : query;
  };
  return {
    name,
    run: async () => {
      const taker = new RowTaker();
      for await (const row of start()) taker.take(row);
      return taker.moved(bench.bytes, ROWS);
    },
    result: async () => {
      const taker = new RowTaker();
      for await (const row of start()) taker.digest(row);
      return taker.result;
    },
  };
}

function byBatch(name: string, bench: Bench): Contender {
  const start = () => bench.sql.unsafe<BenchRow>(bench.query).batches();
  return {
    name,
    run: async () => {
      const taker = new RowTaker();
      for await (const rows of start()) for (const row of rows) taker.take(row);
      return taker.moved(bench.bytes, ROWS);
    },
    result: async () => {
      const taker = new RowTaker();
      for await (const rows of start()) for (const row of rows) taker.digest(row);
      return taker.result;
    },
  };
}

function asArray(name: string, bench: Bench): Contender {
  return {
    name,
    run: async () => {
      const taker = new RowTaker();
      const query = `${bench.query} limit ${ARRAY_ROWS}`;
      for (const row of await bench.sql.unsafe<BenchRow>(query)) taker.take(row);
      return taker.moved(bench.bytes * (ARRAY_ROWS / ROWS), ARRAY_ROWS);
    },
  };
}
