/** Which words count, and where they stop to. */

import { PlaceFinder } from "../../lib/sql/place_finder.ts";
import type { Place } from "../../lib/sql/place_finder.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";

/** The place behind texts that are read one after the other. */
function placeBehind(...texts: string[]): Place {
  const finder = new PlaceFinder();
  for (const text of texts) finder.read(text);
  return finder.place;
}

function assertBehind(text: string, behind: Place["behind"], inside = false): void {
  const place = placeBehind(text);
  assertEquals({ behind: place.behind, inside: place.inside }, { behind, inside }, text);
}

test("PlaceFinder.place is behind the clause that was begun last", () => {
  assertBehind("", undefined);
  assertBehind("insert into t ", "INSERT INTO");
  assertBehind("insert into t (a, b) values ", "VALUES");
  assertBehind("insert into t select ", "SELECT");
  assertBehind("update t set ", "SET");
  assertBehind("update t set a = 1 where ", undefined);
  assertBehind("update t set a = 1 returning ", "SELECT");
  assertBehind("select a from t where b in ", "IN");
  assertBehind("insert into t values (1) on conflict (a) do update set ", "SET");
  assertBehind("merge into t using s on true when matched then update set ", "SET");
  assertBehind("merge into t using s on true when not matched then insert ", "INSERT INTO");
});

test("PlaceFinder.place reads keywords in any case, and blanks of any kind", () => {
  assertBehind("Insert\nInTo\tt\r\n", "INSERT INTO");
  assertBehind("UPDATE t SET\f", "SET");
  assertBehind("x iN", "IN");
});

test("PlaceFinder.place goes on behind the commas of a clause, and nothing else", () => {
  assertBehind("select a, ", "SELECT");
  assertBehind("select a + ", undefined);
  assertBehind("update t set a = f(1, 2), ", "SET");
  assertBehind("update t set a = ", undefined);
  assertBehind("values (1), ", "VALUES");
  assertBehind("values (1) ", undefined);
  assertBehind("x in (1), ", undefined);
  assertBehind("select a from t, ", undefined);
});

test("PlaceFinder.place tells the parentheses of VALUES and IN", () => {
  assertBehind("values (", "VALUES", true);
  assertBehind("values (1), (2, ", "VALUES", true);
  assertBehind("values (f(", undefined);
  assertBehind("x in (", "IN", true);
  assertBehind("x in ((1, 2), ", "IN", true);
  assertBehind("x in ((", undefined);
  assertBehind("x in (1 + ", undefined);
  assertBehind("x in (select ", "SELECT");
  assertBehind("f(", undefined);
  assertBehind("insert into t (", undefined);
});

test("PlaceFinder.place leaves what was in a parenthesis behind", () => {
  assertBehind("with x as (insert into t values (1) returning *) select ", "SELECT");
  assertBehind("with x as (insert into t ", "INSERT INTO");
  assertBehind("with x as (update t set a = 1), y as (", undefined);
  assertBehind("update t set a = (select 1 from u where v in (1)), ", "SET");
  assertBehind("select extract(year from a), ", "SELECT");
  assertBehind("select array[1, ", undefined);
  assertBehind("select array[1, 2], ", "SELECT");
  assertBehind("select 1)) from t, ", undefined);
});

test("PlaceFinder.place reads no keyword in strings, quoted names and comments", () => {
  for (const no of ["' in '", `"in"`, "$$ in $$", "$in$ in $in$", "e'\\' in '", "-- in\n"]) {
    assertBehind(`update t set ${no}, `, "SET");
    assertBehind(`x ${no} `, undefined);
  }
  assertBehind("insert into t /* values (1) returning */ ", "INSERT INTO");
  assertBehind("insert into t -- select\n", "INSERT INTO");
  assertBehind(`insert into "values" `, "INSERT INTO");
  assertBehind("select 'it''s from', ", "SELECT");
  assertBehind("select '\\', ", "SELECT");
  assertBehind("x in /* here */ ", "IN");
});

test("PlaceFinder.place reads no keyword in other names", () => {
  for (const no of ["within", "in_", "_in", "in1", "inä", "t.in", "t . in", "in$"]) {
    assertBehind(`x ${no} `, undefined);
  }
  assertBehind("insert into values_of_set ", "INSERT INTO");
  assertBehind("insert into shop.values ", "INSERT INTO");
  assertBehind("select t.from, ", "SELECT");
  assertBehind("select a is distinct from b, ", "SELECT");
  assertBehind("select $1, ", "SELECT");
});

test("PlaceFinder.place begins anew with each statement", () => {
  assertBehind("insert into t values (1); ", undefined);
  assertBehind("values (1); insert into t ", "INSERT INTO");
});

test("PlaceFinder.place tells a NOT that reaches so far", () => {
  const negated = (text: string) => placeBehind(text).negated;
  for (const text of ["x not in ", "x not in (", "x not in (1, ", "not x in ", "not (x in "]) {
    // In the list's parenthesis a comma parts the items, not what the NOT reaches.
    assertEquals(negated(text), true, text);
  }
  for (
    const text of [
      "x in ",
      "not a and x in ",
      "not a or x in ",
      "select not a, x in ",
      "not (a and x in (1)) and y in ",
      "not exists (select 1 from t where x in ",
      "join t on a is not null join u on x in ",
      "case when not a then x in ",
    ]
  ) {
    assertEquals(negated(text), false, text);
  }
  assertEquals(negated("not (a and x in "), true);
});

const tokens = [
  ...["with", "x", "as", "(", "insert", "into", '"in"', "values", "(", "'a'", ",", "$$b$$", ")"],
  ...["returning", "*", ")", "/* set */", "update", "t", "set", "a", "=", "(", "select", "b"],
  ...["from", "x", "where", "c", "not", "in", "(", "1", ",", "2", ")", ")", ",", "d", "=", "5"],
  ...["-- where\n", "where", "e", "in", "(", "3", ",", "4", ")", ";", "select", "u", ".", "in"],
];

test("PlaceFinder.read() gives the same however the text is cut between tokens", () => {
  for (let end = 1; end <= tokens.length; end++) {
    const pieces = tokens.slice(0, end).map((token) => `${token} `);
    const whole = pieces.join("");
    assertEquals(placeBehind(...pieces), placeBehind(whole), whole);
    for (let cut = 1; cut < end; cut++) {
      const halves = [pieces.slice(0, cut).join(""), pieces.slice(cut).join("")];
      assertEquals(placeBehind(...halves), placeBehind(whole), whole);
    }
  }
});

test("PlaceFinder.read() refuses to end within a token", () => {
  for (const text of ["'a", `"a`, "$$a", "-- a", "/* a", "/* /* */", "e'\\'"]) {
    assertThrows(() => placeBehind(`select ${text}`), TypeError, "Cannot place");
  }
});
