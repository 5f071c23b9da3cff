/** Clients whose work is watched from outside: what an abort must stop is seen in the server. */

import { connect } from "../../../mod.ts";
import type { ClientOptions, Sql, SqlTag } from "../../../mod.ts";
import { withoutUnhandledRejections } from "../../faults/unhandled.ts";
import { test } from "../../harness.ts";
import type { TestOptions } from "../../harness.ts";
import { server } from "../../servers.ts";
import type { TestServer } from "../../servers.ts";

/** A server, and how it is spoken to. */
export interface Target {
  readonly name: string;
  readonly server: TestServer;
  readonly parameters: Readonly<Record<string, string>>;
}

const pg18 = await server("pg18");
const pg13 = await server("pg13");

export const targets: readonly Target[] = [
  { name: "18 over 3.2", server: pg18, parameters: { sslmode: "disable" } },
  { name: "18 over 3.2 and TLS", server: pg18, parameters: { sslmode: "require" } },
  { name: "13 over 2.0", server: pg13, parameters: { sslmode: "disable", protocolVersion: "2.0" } },
];

/** Registers a test for each target. A rejection that nobody handles fails it. */
export function testTargets(
  name: string,
  body: (stage: Stage) => Promise<void>,
  options?: TestOptions,
): void {
  for (const target of targets) {
    test(`${name}, on ${target.name}`, () =>
      withoutUnhandledRejections(async () => {
        const stage = new Stage(target);
        try {
          await body(stage);
        } catch (error) {
          await stage.close({ timeoutMs: 100 }); // What failed may have left anything open.
          throw error;
        }
        await stage.close();
      }), options);
  }
}

/** A test that waits for what never comes is to say what it sees. */
const PATIENCE_MS = 10_000;

let stages = 0;

/** The clients of one test, and one that sees what they do. */
export class Stage {
  readonly target: Target;
  /** Is not seen by itself. */
  readonly observer: Sql;
  readonly #applicationName: string;
  readonly #opened: Sql[] = [];

  constructor(target: Target) {
    this.target = target;
    this.#applicationName = `abort ${++stages}`;
    this.observer = connect(target.server.url(target.parameters), { max: 1 });
  }

  /** Opens a client, which is closed with the test: of one connection, unless it is said. */
  open(options: ClientOptions = {}): Sql {
    return this.openAt(this.target.server.url(this.target.parameters), options);
  }

  /** The same at another address. */
  openAt(url: string, options: ClientOptions = {}): Sql {
    const sql = connect(url, { max: 1, applicationName: this.#applicationName, ...options });
    this.#opened.push(sql);
    return sql;
  }

  /** Resolves when a query of the clients sleeps in the server. */
  async untilAsleep(): Promise<void> {
    await this.#until((backends) => backends.some(({ event }) => event === "PgSleep"));
  }

  /** Resolves when a query of the clients waits for a lock. */
  async untilLocked(): Promise<void> {
    await this.#until((backends) => backends.some(({ kind }) => kind === "Lock"));
  }

  /** Resolves when the server of the clients has more rows to send than anybody reads. */
  async untilPaused(): Promise<void> {
    await this.#until((backends) => backends.some(({ event }) => event === "ClientWrite"));
  }

  /** Resolves when nothing of the clients runs, and none has a transaction open. */
  async untilIdle(): Promise<void> {
    await this.#until((backends) => backends.every(({ state }) => state === "idle"));
  }

  /** Closes all clients. */
  async close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    await Promise.all(this.#opened.map((sql) => sql.close(options)));
    await this.observer.close(options);
  }

  async #until(isSo: (backends: readonly Backend[]) => boolean): Promise<void> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (let backends = await this.#backends(); !isSo(backends);) {
      if (performance.now() > giveUpAt) throw new Error(`It stays so: ${JSON.stringify(backends)}`);
      backends = await this.#backends();
    }
  }

  async #backends(): Promise<readonly Backend[]> {
    return await this.observer<Backend>`
      select state, wait_event_type as kind, wait_event as event from pg_stat_activity
      where application_name = ${this.#applicationName} and pid <> pg_backend_pid()`;
  }
}

interface Backend {
  readonly state: string;
  readonly kind: string | null;
  readonly event: string | null;
}

/** The server's process behind a connection. */
export async function pidOf(sql: SqlTag): Promise<number> {
  const { pid } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.one();
  return pid;
}

/** What a promise is rejected with, whatever that is. */
export function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(promise).then(
    () => Promise.reject(new Error("Resolved, expected a rejection")),
    (reason) => reason,
  );
}
