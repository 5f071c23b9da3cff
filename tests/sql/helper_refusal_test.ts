/** What objects and lists are refused for. */

import { Fragment, render } from "../../lib/sql/fragment.ts";
import { Helper } from "../../lib/sql/helper.ts";
import { TypedValue } from "../../lib/value/registry/typed_value.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { assertRefuses, sql } from "./template.ts";

const object = sql({ a: 1 });
const objects = sql([{ a: 1 }]);
const arrays = sql([[1]]);
const values = sql([1]);
const names = sql(["a"]);

test("Helper says where an object can stand", () => {
  const text = "Cannot place an object: expected behind INSERT INTO, VALUES, SET, SELECT or IN";
  assertRefuses(sql`${object}`, text);
  assertRefuses(sql`select 1 from t where ${object}`, text);
  assertRefuses(sql`select 1 from t where id = ${object}`, text);
  assertRefuses(sql`select 1 from t order by ${object}`, text);
  assertRefuses(sql`select 1 from t, ${object}`, text);
  assertRefuses(sql`select f(${object})`, text);
  assertRefuses(sql`select array[1, ${object}]`, text);
  assertRefuses(sql`select 1 + ${object}`, text);
  assertRefuses(sql`update t ${object}`, text);
  assertRefuses(sql`update t set a = ${object}`, text);
  assertRefuses(sql`insert into ${object}`, text);
  assertRefuses(sql`insert into t (a) ${object}`, text);
  assertRefuses(sql`values (1) + ${object}`, text);
  assertRefuses(sql`select 1 where x in (1) and y = ${object}`, text);
});

test("Helper says where a list of objects can stand", () => {
  const text = "Cannot place a list of objects: expected behind INSERT INTO, VALUES or IN";
  for (const place of [sql`update t set`, sql`select`, sql`order by`, sql`id =`]) {
    assertRefuses(sql`${place} ${objects}`, text);
  }
});

test("Helper says where a list of arrays can stand", () => {
  const text = "Cannot place a list of arrays: expected behind VALUES or IN";
  for (const place of [sql`insert into t`, sql`update t set`, sql`select`, sql`id = any(`]) {
    assertRefuses(sql`${place} ${arrays}`, text);
  }
});

test("Helper says where a list of values can stand", () => {
  const text = "Cannot place a list of values: expected behind VALUES or IN, or strings alone";
  for (const place of [sql`insert into t`, sql`update t set`, sql`select`, sql`id = any(`]) {
    assertRefuses(sql`${place} ${values}`, text);
  }
  assertRefuses(sql`select ${sql(["a", 1])}`, text);
  assertRefuses(sql`insert into t ${names}`, text);
  assertRefuses(sql`insert into t ${sql([sql`x`])}`, text);
  assertRefuses(sql`update t set ${names}`, text);
});

test("Helper refuses an empty list where it is no list of IN", () => {
  for (const place of [sql`insert into t`, sql`values`, sql`values (`, sql`select`, sql`set`]) {
    assertRefuses(
      sql`${place} ${sql([])}`,
      "Cannot place an empty list: expected an item at least",
    );
  }
  assertRefuses(sql`values ${sql([[], []])}`, "Cannot place row 1: it is empty");
  assertRefuses(sql`x in ${sql([[]])}`, "Cannot place row 1: it is empty");
});

test("Helper refuses an empty list behind NOT IN: it would match nothing", () => {
  const text = "Cannot place an empty list behind NOT IN: NOT IN (NULL) is true of nothing";
  const empty = sql([]);
  assertRefuses(sql`x not in ${empty}`, text);
  assertRefuses(sql`x NOT /* */ IN (${empty})`, text);
  assertRefuses(sql`x not in (1, ${empty})`, text);
  assertRefuses(sql`where not x in ${empty}`, text);
  assertRefuses(sql`where a and not (b or x in ${empty})`, text);
});

test("Helper refuses an object without keys", () => {
  for (const place of [sql`insert into t`, sql`values`, sql`update t set`, sql`select`]) {
    assertRefuses(sql`${place} ${sql({})}`, "Cannot place an object: it has no keys");
  }
});

test("Helper loses nothing of rows that have other keys", () => {
  const rows = sql([{ a: 1 }, { a: 2, "b c": 3 }]);
  const text = `Cannot place row 2: it has the key "b c", expected the keys of the first`;
  assertRefuses(sql`insert into t ${rows}`, text);
  assertRefuses(sql`values ${rows}`, text);
});

test("Helper refuses a column that no row has", () => {
  const text = `Cannot take column "b": no row has it`;
  assertRefuses(sql`insert into t ${sql([{ a: 1 }, { a: 2 }], "a", "b")}`, text);
  assertRefuses(sql`update t set ${sql({ a: 1 }, ["b"])}`, text);
  assertRefuses(sql`x in ${sql([{ a: 1 }], "b")}`, text);
  assertRefuses(sql`select ${sql({}, "constructor")}`, `Cannot take column "constructor"`);
  assertRefuses(sql`select ${sql({}, "__proto__")}`, `Cannot take column "__proto__"`);
});

test("Helper refuses rows that do not fit the first", () => {
  assertRefuses(sql`values ${sql([[1, 2], [3]])}`, "row 2: it has 1 values, expected 2");
  assertRefuses(sql`values ${sql([[1, 2], 3])}`, "row 2: it is no array");
  assertRefuses(sql`insert into t ${sql([{ a: 1 }, null])}`, "row 2: it is no object");
  assertRefuses(sql`values ${sql([{ a: 1 }, [1]])}`, "row 2: it is no object");
  assertRefuses(sql`insert into t ${sql([{ a: 1 }, sql`x`])}`, "row 2: it is no object");
});

test("Helper refuses several rows in one parenthesis of VALUES", () => {
  assertRefuses(sql`values (${sql([[1], [2]])})`, "Cannot place 2 rows");
});

test("Helper refuses objects behind IN when no column is named", () => {
  assertRefuses(sql`id in ${objects}`, "Cannot place a list of objects behind IN: no column");
  assertRefuses(sql`id in ${object}`, "Cannot place an object behind IN: no column is named");
});

test("Helper refuses what it can make no SQL of", () => {
  for (const [first, given] of [[undefined, "undefined"], [null, "null"], [5, "number"]]) {
    assertThrows(
      () => new Helper(first as never),
      TypeError,
      `Cannot make SQL of ${given}: expected a name, a list or an object of columns`,
    );
  }
  for (const other of [sql`x`, new TypedValue({ a: 1 }, 114)]) {
    assertThrows(() => sql(other), TypeError, "expected a name, a list or an object of columns");
    assertRefuses(sql`insert into t ${sql([other])}`, "Cannot place a list of values");
  }
});

test("Helper refuses columns that mean nothing", () => {
  assertThrows(() => sql({ a: 1 }, []), TypeError, "the list of their names is empty");
  const only = ": only objects have them";
  assertThrows(() => sql([1], "a"), TypeError, `Cannot take columns of a list of values${only}`);
  assertThrows(() => sql([[1]], "a"), TypeError, `Cannot take columns of a list of arrays${only}`);
});

test("Helper refuses names that are none", () => {
  assertRefuses(sql`select ${sql([""])}`, "Cannot quote an identifier: it is empty");
  assertRefuses(sql`insert into t ${sql({ "a\0": 1 })}`, "zero byte");
});

test("Helper refuses to stand in a string, a quoted name or a comment", () => {
  const text = "it would be in a string, a quoted name or a comment";
  for (const start of ["'", `"`, "e'\\'", "$$ ", "$a$ $b$", "-- ", "/* ", "/* /* */ ", "u&'"]) {
    const open = new Fragment({ strings: [`select ${start}`, ""], values: [object] });
    assertRefuses(open, text);
  }
});

test("Helper keeps values out of its errors", () => {
  const secret = "hunter2";
  const refused = [
    sql`select ${sql([5, secret])}`,
    sql`where ${sql({ a: secret })}`,
    sql`insert into t ${sql([{ a: secret }, { b: secret }])}`,
    sql`insert into t ${sql([{ a: secret }, secret])}`,
    sql`values ${sql([[secret], [secret, secret]])}`,
    sql`values ${sql([[secret], secret])}`,
    sql`values (${sql([[secret], [secret]])})`,
    sql`set ${sql({ a: secret }, "b")}`,
  ];
  for (const { parts } of refused) {
    const { message } = assertThrows(() => render(parts), TypeError);
    assert(!message.includes(secret), message);
  }
});

test("render() takes 65535 parameters and refuses more", () => {
  const list = Array.from({ length: 65535 }, (_, i) => i);
  const { text, values } = render(sql`x in ${sql(list)}`.parts);
  assertEquals(values.length, 65535);
  assert(text.endsWith(",$65535)"));
  assertThrows(
    () => render(sql`x in ${sql(list)} and y = ${1}`.parts),
    RangeError,
    "Cannot send more than 65535 parameters",
  );
});
