import fc from "fast-check";
import { camel, kebab, type LetterCase, pascal } from "../../lib/client/options/letter_case.ts";
import { test } from "../harness.ts";
import { assertEquals } from "../std_assert.ts";

const small = [..."abz019_", ..."_____", "é", "ß", "ı", "ς", "ŉ", "ŀ", "я", "\u{10428}", "日", "$"];
const snakeName = fc.oneof(
  fc.string({ unit: fc.constantFrom(...small), maxLength: 12 }),
  fc.string({ unit: "binary" }).map((text) => text.replace(/[\p{Lu}-]/gu, "_")),
);

function assertPairs({ column }: LetterCase, pairs: Readonly<Record<string, string>>): void {
  for (const [name, given] of Object.entries(pairs)) {
    assertEquals(column.from(name), given);
    assertEquals(column.to(given), name);
  }
}

test("camel has a capital for each underscore between words", () => {
  assertPairs(camel, {
    "": "",
    user: "user",
    user_id: "userId",
    a_b_c: "aBC",
    user_url_2: "userUrl_2",
    a_1: "a_1",
    a1_b2c: "a1B2c",
    _id: "_id",
    _user_id: "_userId",
    id_: "id_",
    user__id: "user__id",
    __: "__",
    größe_österreich: "größeÖsterreich",
    имя_клиента: "имяКлиента",
    "?column?": "?column?",
  });
});

test("pascal is camel with a capital in front", () => {
  assertPairs(pascal, {
    "": "",
    user: "User",
    user_id: "UserId",
    a_b_c: "ABC",
    a_1: "A_1",
    "1_a": "1A",
    _user_id: "_userId",
    id_: "Id_",
    user__id: "User__id",
    ärger: "Ärger",
    ß_a: "ßA",
  });
});

test("kebab has a hyphen for each underscore", () => {
  assertPairs(kebab, { "": "", user_id: "user-id", _a__1_: "-a--1-" });
});

test("camel and pascal leave capitals of the database as they are, and lose them on the way back", () => {
  for (const { column } of [camel, pascal]) {
    assertEquals(column.from("UserId"), "UserId");
    assertEquals(column.from("User_Id"), "User_Id");
  }
  assertEquals(camel.column.to(camel.column.from("userId")), "user_id");
  assertEquals(pascal.column.to(pascal.column.from("UserId")), "user_id");
});

test("camel, pascal and kebab take snake_case for what is sent, too", () => {
  for (const { column } of [camel, pascal, kebab]) assertEquals(column.to("user_id"), "user_id");
});

test("camel, pascal and kebab give every name without capitals back", () => {
  for (const { column } of [camel, pascal, kebab]) {
    fc.assert(fc.property(snakeName, (name) => column.to(column.from(name)) === name));
  }
});

test("camel and pascal give names of JavaScript back", () => {
  const name = fc.stringMatching(/^[a-z]([a-zA-Z]|[0-9]){0,12}$/);
  fc.assert(fc.property(name, (name) => camel.column.from(camel.column.to(name)) === name));
  const className = fc.stringMatching(/^[A-Z]([a-zA-Z]|[0-9]){0,12}$/);
  fc.assert(fc.property(className, (name) => pascal.column.from(pascal.column.to(name)) === name));
});

test("camel and pascal give every small letter back", () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    const letter = String.fromCodePoint(code);
    if (!/\p{Ll}/u.test(letter)) continue;
    const name = `${letter}_${letter}`;
    for (const { column } of [camel, pascal]) assertEquals(column.to(column.from(name)), name);
  }
});
