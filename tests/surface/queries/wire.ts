/** What a client and its server of 3.x say to each other, listened to by option `trace`. */

import { connect } from "../../../mod.ts";
import type { ClientOptions, Sql } from "../../../mod.ts";
import { protocolsUnderTest } from "../../both_protocols.ts";
import { withoutUnhandledRejections } from "../../faults/unhandled.ts";
import { test } from "../../harness.ts";
import type { TestOptions } from "../../harness.ts";

const [{ url }] = protocolsUnderTest;

/** A client of one connection, unless told otherwise, that can be listened to. */
export interface TracedClient {
  readonly sql: Sql;
  /** The lines of what was said while `body` was under way. */
  during(body: () => PromiseLike<unknown>): Promise<string[]>;
}

/** Opens a client that is closed with the test. */
export type OpenTraced = (options?: ClientOptions) => TracedClient;

/** Registers a test for 3.x alone. A rejection that nobody handles fails it. */
export function testWire(
  name: string,
  body: (open: OpenTraced) => Promise<void>,
  options?: TestOptions,
): void {
  test(name, () =>
    withoutUnhandledRejections(async () => {
      const opened: Sql[] = [];
      const open: OpenTraced = (more) => {
        const client = traced(more);
        opened.push(client.sql);
        return client;
      };
      try {
        await body(open);
      } finally {
        await Promise.all(opened.map((sql) => sql.close()));
      }
    }), options);
}

function traced(options: ClientOptions = {}): TracedClient {
  const lines: string[] = [];
  const sql = connect(url, { max: 1, trace: (line) => lines.push(line), ...options });
  return {
    sql,
    async during(body) {
      lines.length = 0;
      await body();
      return [...lines];
    },
  };
}

/** The names of the messages of the client, in their order. */
export function sent(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith("F\t")).map((line) => line.split("\t")[1]);
}

/** Messages of that name, from either side. */
export function count(lines: readonly string[], name: string): number {
  return lines.filter((line) => line.split("\t")[1] === name).length;
}

/** Requests that were on their way at the most: those whose end was asked for and not told. */
export function mostInFlight(lines: readonly string[]): number {
  let inFlight = 0;
  let most = 0;
  for (const line of lines) {
    if (/^F\t(?:Sync|Query)/.test(line)) most = Math.max(most, ++inFlight);
    if (line.startsWith("B\tReadyForQuery")) inFlight--;
  }
  return most;
}
