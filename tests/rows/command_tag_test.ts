import { parseCommandTag } from "../../lib/rows/command_tag.ts";
import { test } from "../harness.ts";
import { assertEquals } from "../std_assert.ts";

// Tags as servers from 6.4 to 18 send them, see protocol.sgml, "CommandComplete".
const tags: readonly [tag: string, command: string, count?: number][] = [
  ["SELECT 3", "SELECT", 3],
  ["SELECT", "SELECT"], // Before 9.0.
  ["SELECT 0", "SELECT", 0],
  ["INSERT 0 5", "INSERT", 5],
  ["INSERT 16384 1", "INSERT", 1], // The OID of a row WITH OIDS, up to 11.
  ["UPDATE 12", "UPDATE", 12],
  ["DELETE 0", "DELETE", 0],
  ["MERGE 7", "MERGE", 7],
  ["COPY 100", "COPY", 100],
  ["COPY", "COPY"], // Before 8.2.
  ["FETCH 2", "FETCH", 2],
  ["MOVE 2", "MOVE", 2],
  ["CREATE TABLE", "CREATE TABLE"],
  ["CREATE TABLE AS", "CREATE TABLE AS"],
  ["REFRESH MATERIALIZED VIEW", "REFRESH MATERIALIZED VIEW"],
  ["BEGIN", "BEGIN"],
  ["*ABORT STATE*", "*ABORT STATE*"], // 6.4 to 7.2.
  ["SELECT 9007199254740991", "SELECT", Number.MAX_SAFE_INTEGER],
  ["", ""],
];

for (const [tag, command, count] of tags) {
  test(`parseCommandTag() takes "${tag}" apart`, () => {
    assertEquals(parseCommandTag(tag), count === undefined ? { command } : { command, count });
  });
}
