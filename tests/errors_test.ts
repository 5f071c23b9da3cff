import { DatabaseError } from "../lib/errors.ts";
import { conditionName } from "../lib/sqlstate.ts";
import { assertEquals, assertFalse, assertInstanceOf, assertStringIncludes } from "./std_assert.ts";
import { test } from "./harness.ts";

const fields = { severity: "ERROR", code: "23505", message: "duplicate key" };

function excerptOf(query: string, position: number): string | undefined {
  return new DatabaseError({ ...fields, position }, { query }).excerpt;
}

test("DatabaseError has the server's message and all its fields", () => {
  const all = {
    severity: "ERROR",
    code: "23505",
    message: "duplicate key",
    detail: "Key (id)=(5) already exists.",
    hint: "h",
    position: 3,
    internalPosition: 4,
    internalQuery: "select 1",
    where: "w",
    schema: "s",
    table: "t",
    column: "c",
    dataType: "d",
    constraint: "t_pkey",
    file: "nbtinsert.c",
    line: 666,
    routine: "_bt_check_unique",
  };
  const cause = new Error("below");
  const error = new DatabaseError(all, { query: "insert", condition: "unique_violation", cause });
  assertInstanceOf(error, Error);
  assertEquals(error.name, "DatabaseError");
  for (const [name, value] of Object.entries(all)) {
    assertEquals(error[name as keyof typeof all], value, name);
  }
  assertEquals(error.query, "insert");
  assertEquals(error.condition, "unique_violation");
  assertEquals(error.cause, cause);
});

test("DatabaseError shows no rows and no query to what enumerates it", () => {
  const error = new DatabaseError(
    { ...fields, detail: "secret", where: "secret", internalQuery: "secret", constraint: "t_pkey" },
    { query: "secret" },
  );
  assertFalse(JSON.stringify({ ...error }).includes("secret"));
  assertFalse(`${error.message} ${error.stack}`.includes("secret"));
  assertStringIncludes(JSON.stringify(error), "t_pkey");
});

test("DatabaseError has no property for what the server did not send", () => {
  const error = new DatabaseError({ severity: "ERROR", message: "as protocol 2.0 sends it" });
  assertEquals(Object.keys(error).sort(), ["name", "safeToRetry", "severity"]);
  assertFalse("detail" in error);
  assertFalse("cause" in error);
  assertEquals(error.excerpt, undefined);
});

test("DatabaseError.safeToRetry is for what was undone or never begun", () => {
  const safe = (code: string) => new DatabaseError({ ...fields, code }).safeToRetry;
  assertEquals(["40001", "40P01", "53300", "57P03", "57P05"].map(safe), [
    true,
    true,
    true,
    true,
    true,
  ]);
  assertEquals(["23505", "57P01", "40003", "57014", "XX000"].map(safe), [
    false,
    false,
    false,
    false,
    false,
  ]);
  assertEquals(new DatabaseError({ severity: "ERROR", message: "" }).safeToRetry, false);
  assertEquals(new DatabaseError(fields, { safeToRetry: true }).safeToRetry, true);
});

test("DatabaseError.excerpt is the line and a caret under the place", () => {
  assertEquals(excerptOf("select x\nfrom nowhere\nwhere y", 15), "from nowhere\n     ^");
  assertEquals(excerptOf("select x\r\nfrom nowhere\r\nwhere y", 16), "from nowhere\n     ^");
  assertEquals(excerptOf("selec", 1), "selec\n^");
});

test("DatabaseError.excerpt points behind the end where the text ends too early", () => {
  assertEquals(excerptOf("select (1", 10), "select (1\n         ^");
});

test("DatabaseError.excerpt is undefined where the server points nowhere in the text", () => {
  for (const position of [0, -1, 11, 1.5, NaN]) {
    assertEquals(excerptOf("select (1", position), undefined);
  }
  assertEquals(new DatabaseError({ ...fields, position: 1 }).excerpt, undefined);
});

test("DatabaseError.excerpt counts characters, keeps tabs, knows wide and combining ones", () => {
  assertEquals(excerptOf("\tselect '😀', x", 14), "\tselect '😀', x\n\t" + " ".repeat(13) + "^");
  assertEquals(excerptOf("'日本' x", 6), "'日本' x\n" + " ".repeat(7) + "^");
  assertEquals(excerptOf("'e\u0301' x", 6), "'e\u0301' x\n" + " ".repeat(4) + "^");
});

test("DatabaseError.excerpt clips long lines on both sides", () => {
  const query = "a".repeat(500) + "!" + "b".repeat(500);
  const [line, caret] = excerptOf(query, 501)!.split("\n");
  assertEquals(line, "…" + "a".repeat(60) + "!" + "b".repeat(39) + "…");
  assertEquals(line[caret.length - 1], "!");
  assertEquals(excerptOf(query, 1), "a".repeat(100) + "…\n^");
  const [end, endCaret] = excerptOf(query, 1002)!.split("\n");
  assertEquals(end, "…" + "b".repeat(60));
  assertEquals(endCaret.length, 62);
});

test("DatabaseError.excerpt sends no control characters to a terminal", () => {
  assertEquals(excerptOf("a\u001b[2J b", 7), "a\ufffd[2J b\n      ^");
});

test("DatabaseError.excerpt is of the internal query when the fault is in one", () => {
  const internal = { ...fields, internalPosition: 8, internalQuery: "select boom" };
  assertEquals(
    new DatabaseError(internal, { query: "select f()" }).excerpt,
    "select boom\n       ^",
  );
});

test("conditionName() knows codes and classes, and no others", () => {
  assertEquals(conditionName("23505"), "unique_violation");
  assertEquals(conditionName("22000"), "data_exception");
  assertEquals(conditionName("00000"), "successful_completion");
  assertEquals(conditionName("XX002"), "index_corrupted");
  assertEquals(conditionName("2202E"), "array_subscript_error");
  for (const code of ["", "23", "99999", "23505 ", "unique_violation", "\n23505"]) {
    assertEquals(conditionName(code), undefined);
  }
});
