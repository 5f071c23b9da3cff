import { connect } from "../../mod.ts";
import { hstore } from "../../lib/extension/hstore/mod.ts";
import { test } from "../harness.ts";
import { databaseUrl } from "../servers.ts";
import { assertEquals } from "../std_assert.ts";
import { testCases } from "../value/server_cases.ts";

// Two sessions that create one extension at the same moment would disturb each other.
const setup = "begin; select pg_advisory_xact_lock(7265); " +
  "create extension if not exists hstore; commit";
const long = "x".repeat(70_000);
const many = Array.from({ length: 300 }, (_, i) => `k${i}`);

testCases("hstore", [
  ["", {}],
  ["a=>1", { a: "1" }],
  ["a=>1, b=>2", { a: "1", b: "2" }],
  ["b=>2, a=>1", { a: "1", b: "2" }],
  ["bb=>1, a=>2", { a: "2", bb: "1" }],
  ["a=>NULL", { a: null }],
  ["a=>null", { a: null }],
  ['a=>"NULL"', { a: "NULL" }],
  ['a=>"null"', { a: "null" }],
  ["NULL=>NULL", { NULL: null }],
  ['""=>""', { "": "" }],
  ['""=>NULL', { "": null }],
  ['" a "=>" b "', { " a ": " b " }],
  ['"1"=>"2", "-1"=>"", "01"=>t', { 1: "2", "-1": "", "01": "t" }],
  ['"a\\"b"=>"\\""', { 'a"b': '"' }],
  ['"\\\\"=>"a\\\\b\\\\"', { "\\": "a\\b\\" }],
  ['"\\\\\\""=>"\\"\\\\"', { '\\"': '"\\' }],
  ['"it\'s"=>"\'\'"', { "it's": "''" }],
  ['"a=>b"=>"c, d"', { "a=>b": "c, d" }],
  ['"\\", \\"x\\"=>\\""=>1', { '", "x"=>"': "1" }],
  ['"{}"=>"{1,NULL}"', { "{}": "{1,NULL}" }],
  ['"(,)"=>"[,]"', { "(,)": "[,]" }],
  ['"line\nbreak"=>"\t\r\n\v"', { "line\nbreak": "\t\r\n\v" }],
  ['"naïve"=>"€"', { naïve: "€" }],
  ['"😀"=>"👩‍👩‍👧"', { "😀": "👩‍👩‍👧" }],
  ['"\ufeffa"=>"\u2028"', { "\ufeffa": "\u2028" }],
  ["__proto__=>x", Object.fromEntries([["__proto__", "x"]])],
  ["__proto__=>NULL", Object.fromEntries([["__proto__", null]])],
  ["constructor=>1, toString=>NULL, hasOwnProperty=>2", {
    constructor: "1",
    toString: null,
    hasOwnProperty: "2",
  }],
  ["length=>3, lowerBounds=>1", { length: "3", lowerBounds: "1" }],
  [`a=>"${long}"`, { a: long }],
  [many.map((key) => `${key}=>${key}`).join(), Object.fromEntries(many.map((key) => [key, key]))],
], { types: { hstore }, setup });

for (const protocol of ["3.2", "2.0"] as const) {
  const url = await databaseUrl(protocol);
  const protocolVersion = protocol === "2.0" ? protocol : undefined;
  test(`hstore parameters are objects, Maps or the text form, over ${protocol}`, async () => {
    await using sql = connect(url, { max: 1, protocolVersion, types: { hstore } });
    await sql.unsafe(setup).simple();
    for (const value of [{ b: null, a: "1" }, new Map([["b", null], ["a", "1"]]), "a=>1,b=>NULL"]) {
      const [{ v }] = await sql`select ${value}::hstore as v`;
      assertEquals(v, { a: "1", b: null });
    }
  });
}
