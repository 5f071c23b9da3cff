import fc from "fast-check";
import { closestName } from "../../lib/client/options/suggestion.ts";
import { assertEquals } from "../std_assert.ts";
import { test } from "../harness.ts";

const names = ["user", "host", "sslMode", "idleTimeoutMs", "max"];

test("closestName() finds letters swapped, dropped, added and replaced", () => {
  assertEquals(closestName("hots", names), "host");
  assertEquals(closestName("usr", names), "user");
  assertEquals(closestName("sslMoode", names), "sslMode");
  assertEquals(closestName("idleTimeoutNs", names), "idleTimeoutMs");
});

test("closestName() takes every way to write words together as one", () => {
  assertEquals(closestName("idle_timeout_ms", names), "idleTimeoutMs");
  assertEquals(closestName("SSLMODE", names), "sslMode");
});

test("closestName() does not guess where nothing is close", () => {
  for (const name of ["", "x", "ma", "hash", "completely"]) {
    assertEquals(closestName(name, names), undefined, name);
  }
});

test("closestName() prefers the name itself to any other", () => {
  fc.assert(fc.property(fc.constantFrom(...names), (name) => {
    assertEquals(closestName(name, [...names].reverse()), name);
  }));
});
