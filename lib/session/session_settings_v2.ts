/**
 * The settings of a session on protocol 2.0, which neither takes them at start-up
 * (but for 64 bytes of switches) nor reports them.
 *
 * @module
 */

import type { DataRow } from "../wire/backend_message.ts";
import type { ResultSink } from "./result_sink.ts";
import type { Session } from "./session.ts";
import { simpleQuery } from "./simple_query.ts";

/** What the server would report by itself on 3.x. */
const REPORTED = [
  "application_name",
  "client_encoding",
  "DateStyle",
  "default_transaction_read_only",
  "integer_datetimes",
  "IntervalStyle",
  "server_encoding",
  "server_version",
  "standard_conforming_strings",
  "TimeZone",
] as const;

/** What rill reads texts by: set first, so that users may set another DateStyle. */
const NEEDED: Readonly<Record<string, string>> = {
  DateStyle: "ISO, MDY",
  extra_float_digits: "3", // Before 12 a float's text lost digits otherwise.
};

/** Sets what was asked for and reads what the server has, in one round trip. */
export function applySettings(
  session: Session,
  wanted: Readonly<Record<string, string>>,
): Promise<void> {
  const { options: _sentAtStartUp, ...settings } = {
    ...NEEDED,
    ...wanted,
    client_encoding: "UTF8",
  } as Record<
    string,
    string
  >;
  const statements = Object.entries(settings).map(([name, value]) =>
    `select set_config(${quote(name)}, ${quote(value)}, false)`
  );
  const names = REPORTED.map((name) => quote(name)).join(", ");
  statements.push(`select name, setting from pg_settings where name in (${names})`);
  return new Promise((resolve, reject) => {
    simpleQuery(session, statements.join(";\n"), new SettingsSink(session, resolve, reject));
  });
}

/** Safe whatever standard_conforming_strings is. */
function quote(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

class SettingsSink implements ResultSink {
  readonly #session: Session;
  readonly end: () => void;
  readonly fail: (error: Error) => void;
  readonly #decoder = new TextDecoder();
  #columns = 0;

  constructor(session: Session, resolve: () => void, reject: (error: Error) => void) {
    this.#session = session;
    this.end = resolve;
    this.fail = reject;
  }

  description(fields: readonly unknown[]): void {
    this.#columns = fields.length;
  }

  rows(run: DataRow): void {
    if (this.#columns !== 2) return; // What set_config gave.
    const offsets = new Int32Array(4);
    for (let row = 0; row < run.count; row++) {
      run.locate(row, 2, offsets);
      const [nameStart, nameEnd, valueStart, valueEnd] = offsets;
      const name = this.#decoder.decode(run.bytes.subarray(nameStart, nameEnd));
      this.#session.parameters.set(
        name,
        this.#decoder.decode(run.bytes.subarray(valueStart, valueEnd)),
      );
    }
  }

  complete(): void {}

  notice(): void {}
}
