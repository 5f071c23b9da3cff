/** A table that a test writes into, seen from a connection that has no part in the test. */

import type { Fragment, Sql } from "../../../mod.ts";
import type { OpenClient, ProtocolUnderTest } from "../../both_protocols.ts";

/** A table of the test's own, dropped with it. */
export interface TestTable extends AsyncDisposable {
  /** As it stands in the catalog. */
  readonly relname: string;
  /** For templates. */
  readonly name: Fragment;
  /** Sees what is committed. */
  readonly observer: Sql;
  /** What is committed in its first column, `n`, in order. */
  values(): Promise<number[]>;
}

/** Makes a table whose first column must be `n`. */
export async function createTable(open: OpenClient, columns = "n int4"): Promise<TestTable> {
  const observer = open({ max: 1 });
  const relname = `t_${crypto.randomUUID()}`;
  const name = observer(relname);
  await observer`create table ${name} (${observer.unsafe(columns)})`;
  return {
    relname,
    name,
    observer,
    async values() {
      const rows = await observer<{ n: number }>`select n from ${name} order by n`;
      return rows.map(({ n }) => n);
    },
    async [Symbol.asyncDispose]() {
      // A transaction that a test left open is to fail it, not to hold it up.
      await observer`set lock_timeout = '10s'`;
      await observer`drop table ${name}`;
    },
  };
}

/** What `code` of an error must be: 2.0 has no SQLSTATE. */
export function codeOn({ protocolVersion }: ProtocolUnderTest, code: string): string | undefined {
  return protocolVersion === "2.0" ? undefined : code;
}
