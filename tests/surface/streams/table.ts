/** Tables that streams read and their readers write, seen from a connection beside. */

import type { Fragment, Sql } from "../../../mod.ts";
import type { OpenClient } from "../../both_protocols.ts";

/** A table of the test's own, dropped with it. */
export interface StreamTable extends AsyncDisposable {
  /** For templates. */
  readonly name: Fragment;
  /** A connection that has no part in the test. */
  readonly observer: Sql;
  /** What is committed in its column `i`, in order. */
  committed(): Promise<number[]>;
}

/** Makes a table of `i` from 1 to `count`, with a column `done` that is false. */
export async function createTable(open: OpenClient, count = 0): Promise<StreamTable> {
  const observer = open({ max: 1 });
  const name = observer(`stream_${crypto.randomUUID()}`);
  await observer`create table ${name} (i int4, done bool not null default false)`;
  await observer`insert into ${name} select generate_series(1, ${count}::int4)`;
  return {
    name,
    observer,
    async committed() {
      const rows = await observer<{ i: number }>`select i from ${name} order by i`;
      return rows.map(({ i }) => i);
    },
    async [Symbol.asyncDispose]() {
      // A transaction that a test left open is to fail it, not to hold it up.
      await observer`set lock_timeout = '10s'`;
      await observer`drop table ${name}`;
    },
  };
}
