/** One test for both protocols: a PostgreSQL 18 over 3.2 and a 13 over 2.0. */

import { connect } from "../mod.ts";
import type { ClientOptions, Sql } from "../mod.ts";
import { withoutUnhandledRejections } from "./faults/unhandled.ts";
import { test } from "./harness.ts";
import type { TestOptions } from "./harness.ts";
import { databaseUrl } from "./servers.ts";

/** Opens a client of the protocol under test, which is closed with the test. */
export type OpenClient = (options?: ClientOptions) => Sql;

/** What a test is told of the protocol. */
export interface ProtocolUnderTest {
  readonly protocolVersion: "3.2" | "2.0";
  /** Of the server that speaks it, without the version. */
  readonly url: string;
}

/** Both. */
export const protocolsUnderTest: readonly ProtocolUnderTest[] = [
  { protocolVersion: "3.2", url: await databaseUrl("3.2") },
  { protocolVersion: "2.0", url: await databaseUrl("2.0") },
];

/** Registers a test for each protocol. A rejection that nobody handles fails it. */
export function testBoth(
  name: string,
  body: (open: OpenClient, protocol: ProtocolUnderTest) => Promise<void>,
  options?: TestOptions,
): void {
  for (const server of protocolsUnderTest) {
    const { protocolVersion, url } = server;
    test(`${name} (${protocolVersion})`, () =>
      withoutUnhandledRejections(async () => {
        const opened: Sql[] = [];
        const open: OpenClient = (more = {}) => {
          const sql = connect(url, { protocolVersion, ...more });
          opened.push(sql);
          return sql;
        };
        try {
          await body(open, server);
        } finally {
          await Promise.all(opened.map((sql) => sql.close()));
        }
      }), options);
  }
}
