import { lquery, ltree, ltxtquery } from "../../lib/extension/ltree/mod.ts";
import { testCases } from "../value/server_cases.ts";

const types = { ltree, lquery, ltxtquery };
// Two sessions that create one extension at the same moment would disturb each other.
const setup = "begin; select pg_advisory_xact_lock(7265); " +
  "create extension if not exists ltree; commit";
const options = { types, setup };
const label = "a".repeat(255);
const path = Array.from({ length: 500 }, (_, i) => `n${i}`).join(".");

testCases("ltree", [
  ["", ""],
  ["Top", "Top"],
  ["Top.Science.Astronomy", "Top.Science.Astronomy"],
  ["a.A.a", "a.A.a"],
  ["_._1.1", "_._1.1"],
  ["1.2.3", "1.2.3"],
  ["NULL.null", "NULL.null"],
  ["NULL", "NULL"],
  [label, label],
  [path, path],
], options);
testCases("ltree", [["a-b.c-", "a-b.c-"], ["-", "-"]], { ...options, since: 16 });

testCases("lquery", [
  ["a", "a"],
  ["a.b", "a.b"],
  ["*", "*"],
  ["*.a.*", "*.a.*"],
  ["*{2}", "*{2}"],
  ["*{2,}", "*{2,}"],
  ["*{,3}", "*{,3}"],
  ["*{1,4}.b", "*{1,4}.b"],
  ["a{1,2}", "a{1,2}"],
  ["!a|b", "!a|b"],
  ["a|b|c.d", "a|b|c.d"],
  ["a@.b*.c%", "a@.b*.c%"],
  ["a@*%", "a%@*"],
  ["*{0,2}", "*{,2}"],
  [
    "Top.*{0,2}.sport*@.!football|tennis{1,}.Russ*|Spain",
    "Top.*{,2}.sport@*.!football|tennis{1,}.Russ*|Spain",
  ],
  ["NULL", "NULL"],
], options);

testCases("ltxtquery", [
  ["a", "a"],
  ["a & b", "a & b"],
  ["a|b", "a | b"],
  ["!a", "!a"],
  ["!!a", "!( !a )"],
  ["!(a & b)", "!( a & b )"],
  ["(a | b) & c", "( a | b ) & c"],
  ["a | b & c", "a | b & c"],
  ["Europe & Russia*@ & !Transportation", "Europe & Russia@* & !Transportation"],
  ["a & (b & c)", "a & b & c"],
  ["a%*@", "a%@*"],
  ["NULL", "NULL"],
], options);
