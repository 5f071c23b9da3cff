/**
 * What does a short query cost, one after the other and 64 at a time?
 *
 * Beside `select $1::int` stands the same prepared statement over a bare socket: bytes
 * made beforehand, and an answer of which only the length is looked at.
 */

import { connect } from "../mod.ts";
import type { Sql } from "../mod.ts";
import { heading, interleave, quick, reportLatency } from "./measure.ts";
import type { Contender } from "./measure.ts";
import { openRawSocket } from "./raw_socket.ts";
import type { RawSocket } from "./raw_socket.ts";
import { serverName, withServer } from "./servers.ts";

const QUERIES = quick ? 640 : 12_800;
const IN_FLIGHT = 64;
const RUNS = quick ? 1 : 7;

await withServer("pg18", async (url) => {
  heading(
    "What does a short query cost, one after the other and 64 at a time?",
    await serverName(url, "3.2"),
  );
  const sql = connect(url, { max: 1 });
  const net = await openRawSocket({ url, protocolVersion: "3.2", over: "net" });
  const transport = await openRawSocket({ url, protocolVersion: "3.2", over: "transport" });
  for (const width of [1, IN_FLIGHT]) {
    const title = width === 1 ? "One after the other" : `${width} in flight on one connection`;
    const measured = await interleave([
      await bare("bare socket, node:net", net, width),
      await bare("bare socket, transport", transport, width),
      short(sql, width),
    ], RUNS);
    console.log(`\n  ${title}, ${QUERIES.toLocaleString("en")} queries`);
    reportLatency(measured, "bare socket, node:net");
  }
  net.close();
  transport.close();
  await sql.close();
});

function short(sql: Sql, width: number): Contender {
  const query = async (value: number) => {
    const [row] = await sql<{ value: number }>`select ${value}::int as value`;
    if (row.value !== value) throw new Error(`${row.value} came, expected ${value}`);
  };
  const run = async () => {
    for (let first = 0; first < QUERIES; first += width) {
      await Promise.all(Array.from({ length: width }, (_, i) => query(first + i)));
    }
    return { rows: QUERIES, bytes: 0 };
  };
  return { name: "await sql`select ${value}::int`", run };
}

/** Every answer has the same length: the value travels in binary. */
async function bare(name: string, socket: RawSocket, width: number): Promise<Contender> {
  await socket.drain(socket.encode(
    { kind: "Parse", statement: "", query: "select $1::int as value", typeOids: [] },
    { kind: "Sync" },
  ));
  const one = socket.encode(
    {
      kind: "Bind",
      portal: "",
      statement: "",
      parameterFormats: [1],
      parameters: [Uint8Array.of(0, 0, 0, 1)],
      resultFormats: [1],
    },
    { kind: "Execute", portal: "", maxRows: 0 },
    { kind: "Sync" },
  );
  const answerBytes = await socket.drain(one);
  const request = new Uint8Array(one.length * width);
  for (let i = 0; i < width; i++) request.set(one, i * one.length);
  const run = async () => {
    for (let i = 0; i < QUERIES; i += width) await socket.exchange(request, answerBytes * width);
    return { rows: QUERIES, bytes: 0 };
  };
  return { name, run };
}
