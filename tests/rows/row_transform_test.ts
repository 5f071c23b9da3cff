import { createTransformingDecoder, type RowTransform } from "../../lib/rows/row_transform.ts";
import type { RowShape } from "../../lib/rows/row_decoder.ts";
import { TypeRegistry } from "../../lib/value/registry/type_registry.ts";
import { test } from "../harness.ts";
import { assertEquals, assertStrictEquals, assertThrows } from "../std_assert.ts";
import { field, memoryRun, utf8 } from "./memory_run.ts";

const registry = new TypeRegistry();
const fields = [field("user_id", 23), field("name", 25)];
const run = memoryRun([[utf8("1"), utf8("ann")], [utf8("2"), null], [utf8("3"), utf8("bob")]]);

function decoderOf(transform: RowTransform, shape: RowShape = "object", columns = fields) {
  return createTransformingDecoder({ fields: columns, registry, shape }, transform);
}

function decodeAll(transform: RowTransform, shape?: RowShape, columns = fields): unknown[] {
  const rows: unknown[] = [];
  decoderOf(transform, shape, columns).decode(run, 0, run.count, rows);
  return rows;
}

const upper = (name: string) => name.toUpperCase();

test("createTransformingDecoder() without functions changes nothing", () => {
  const [first] = decodeAll({});
  assertEquals(first, { user_id: 1, name: "ann" });
});

test("columnFrom names the properties of rows and nothing else", () => {
  const rows = decodeAll({ columnFrom: upper });
  assertEquals(rows[1], { USER_ID: 2, NAME: null });
  assertEquals(Object.keys(rows[0] as object), ["USER_ID", "NAME"]);
  assertEquals(decodeAll({ columnFrom: upper }, "values")[1], [2, null]);
  assertEquals(fields[0].name, "user_id");
});

test("columnFrom is asked once for each column, and not before there are rows", () => {
  const asked: string[] = [];
  const decoder = decoderOf({ columnFrom: (name) => (asked.push(name), name) });
  assertEquals(asked, []);
  decoder.decode(run, 0, 2, []);
  decoder.decodeOne(run, 2);
  assertEquals(asked, ["user_id", "name"]);
});

test("columnFrom may give one name to several columns: the last counts", () => {
  const calls: unknown[] = [];
  const rows = decodeAll({
    columnFrom: () => "__proto__",
    valueFrom: (value, { name }) => (calls.push([value, name]), `${value}!`),
  });
  assertEquals(Object.entries(rows[0] as object), [["__proto__", "ann!"]]);
  assertStrictEquals(Object.getPrototypeOf(rows[0]), Object.prototype);
  assertEquals(calls, [["ann", "name"], [null, "name"], ["bob", "name"]]);
});

test("columnFrom that gives no string fails the rows", () => {
  const columnFrom = (() => undefined) as unknown as () => string;
  assertThrows(
    () => decodeAll({ columnFrom }),
    TypeError,
    "Cannot name a column: transform.column gave undefined, expected a string",
  );
});

test("valueFrom gets each value, null too, with the server's description of its column", () => {
  const valueFrom = (value: unknown, column: unknown) => [value, column === fields[0]];
  const rows = decodeAll({ columnFrom: upper, valueFrom });
  assertEquals(rows[0], { USER_ID: [1, true], NAME: ["ann", false] });
  assertEquals(rows[1], { USER_ID: [2, true], NAME: [null, false] });
  assertEquals(decodeAll({ valueFrom }, "values")[1], [[2, true], [null, false]]);
});

test("valueFrom does not get the bytes of raw rows", () => {
  const rows = decodeAll({ valueFrom: () => "changed" }, "raw");
  assertEquals(rows[1], [utf8("2"), null]);
});

test("valueFrom gets each of several columns of one name in an array", () => {
  const columns = [field("x", 23), field("x", 25)];
  const rows = decodeAll({ valueFrom: (value) => `${value}!` }, "values", columns);
  assertEquals(rows[0], ["1!", "ann!"]);
});

test("rowFrom gets rows of each shape when they are complete", () => {
  const rowFrom = (row: unknown) => ({ row });
  const valueFrom = (value: unknown) => `${value}!`;
  assertEquals(decodeAll({ rowFrom })[0], { row: { user_id: 1, name: "ann" } });
  assertEquals(decodeAll({ rowFrom, valueFrom, columnFrom: upper })[0], {
    row: { USER_ID: "1!", NAME: "ann!" },
  });
  assertEquals(decodeAll({ rowFrom, valueFrom }, "values")[0], { row: ["1!", "ann!"] });
  assertEquals(decodeAll({ rowFrom, valueFrom }, "raw")[0], { row: [utf8("1"), utf8("ann")] });
});

test("decodeOne() gives the same rows as decode()", () => {
  for (const shape of ["object", "values", "raw"] as const) {
    const transforms: RowTransform[] = [
      { columnFrom: upper },
      { valueFrom: (value) => [value] },
      { columnFrom: upper, valueFrom: (value) => [value], rowFrom: (row) => ({ row }) },
    ];
    for (const transform of transforms) {
      const decoder = decoderOf(transform, shape);
      const rows = [0, 1, 2].map((row) => decoder.decodeOne(run, row));
      assertEquals(rows, decodeAll(transform, shape));
    }
  }
});

test("decode() keeps the rows before the one that a function throws at, and none behind", () => {
  const valueFrom = (value: unknown) => {
    if (value === "bob") throw new RangeError("no bob");
    return `${value}!`;
  };
  const rows: unknown[] = [];
  const decoder = decoderOf({ valueFrom });
  assertThrows(() => decoder.decode(run, 0, 3, rows), RangeError, "no bob");
  assertEquals(rows, [{ user_id: "1!", name: "ann!" }, { user_id: "2!", name: "null!" }]);
});
