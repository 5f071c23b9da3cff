/** Under TLS too the server waits while nobody reads: seen from the server's side. */

import { setTimeout as sleep } from "node:timers/promises";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { denoConnector } from "../../lib/runtime/deno.ts";
import type { DenoApi } from "../../lib/runtime/deno_api.ts";
import { detectRuntime } from "../../lib/runtime/detect.ts";
import type { Connector, TlsOptions, Transport } from "../../lib/transport/transport.ts";
import type { FrontendMessage } from "../../lib/wire/frontend_message.ts";
import { encodeFrontendV3 } from "../../lib/wire/v3/frontend_encoder.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import { assert, assertEquals } from "../std_assert.ts";

const pg18 = await server("pg18");
const { ca } = pg18.certificates;
const { connect } = detectRuntime();
const named = { serverName: "localhost", alpn: ["postgresql"] } as const;
const address = { host: pg18.host, port: pg18.port };

const ROWS = 100_000;
/** Of 1000 letters each, with a line end, in CopyData messages of their own. */
const COPY_BYTES = ROWS * (1001 + 5);

/** A connection that knows no more than to send messages and to see the end of the answer. */
class RawSession {
  readonly transport: Transport;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  constructor(transport: Transport) {
    this.transport = transport;
    this.#reader = transport.readable.getReader();
    this.#writer = transport.writable.getWriter();
  }

  async startUp(applicationName: string): Promise<void> {
    const parameters = { user: "postgres", application_name: applicationName };
    await this.send({ kind: "StartupMessage", version: 0x00030000, parameters });
    await this.answer();
  }

  async send(message: FrontendMessage): Promise<void> {
    const writer = new ByteWriter();
    encodeFrontendV3(message, writer);
    await this.#writer.write(writer.take());
  }

  /** All up to ReadyForQuery: how long it is, and the last chunk as characters. */
  async answer(): Promise<{ length: number; end: string }> {
    for (let length = 0;;) {
      const { value } = await this.#reader.read();
      assert(value, "the server closed the connection");
      length += value.length;
      const end = String.fromCharCode(...value.subarray(-200));
      if (end.endsWith("Z\0\0\0\x05I")) return { length, end };
    }
  }
}

async function stallsTheServer(connect: Connector, directTls: TlsOptions): Promise<void> {
  const name = `stalled ${Math.random()}`;
  const session = new RawSession(await connect(address, { directTls }));
  await session.startUp(name);
  const observer = new RawSession(await detectRuntime().connect(address, {}));
  await observer.startUp("observer");

  const rows = `select repeat('x', 1000) from generate_series(1, ${ROWS})`;
  await session.send({ kind: "Query", query: `copy (${rows}) to stdout` });
  const query = `select concat_ws('/', left(query, 4), state, wait_event)` +
    ` from pg_stat_activity where application_name = '${name}'`;
  // Whoever reads ahead has all of it long before the server was seen waiting so often.
  for (let seen = 0; seen < 20;) {
    await observer.send({ kind: "Query", query });
    const { end } = await observer.answer();
    assertEquals(end.includes("copy/idle"), false, "the server could send all of it");
    if (end.includes("copy/active/ClientWrite")) seen++;
    await sleep(50);
  }
  const { length } = await session.answer();
  assert(length > COPY_BYTES, `${length} bytes came`);
  await session.transport.close();
  await observer.transport.close();
}

for (
  const [title, options] of [
    ["without verification", { ...named, verify: "none" }],
    ["with verification", { ...named, verify: "full", caCerts: [ca] }],
  ] as const
) {
  test(`Transport under TLS ${title} lets the server wait while nobody reads`, () =>
    stallsTheServer(connect, options));
}

const { Deno } = globalThis as { Deno?: DenoApi };
if (Deno) {
  const native = denoConnector({
    connect: (options) => Deno.connect(options),
    startTls(conn, options) {
      return Deno.startTls(conn, { ...options, caCerts: [ca] } as typeof options);
    },
  });
  test("Transport under Deno's own TLS lets the server wait while nobody reads", () =>
    stallsTheServer(native, { ...named, verify: "full" }));
}
