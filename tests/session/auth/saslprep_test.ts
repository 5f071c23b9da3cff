import { saslprep } from "../../../lib/session/auth/saslprep.ts";
import { test } from "../../harness.ts";
import { assertEquals } from "../../std_assert.ts";
import vectors from "./saslprep_vectors.json" with { type: "json" };

test("saslprep() gives the examples of RFC 4013, section 3", () => {
  assertEquals(saslprep("I\u00adX"), "IX");
  assertEquals(saslprep("user"), "user");
  assertEquals(saslprep("USER"), "USER");
  assertEquals(saslprep("\u00aa"), "a");
  assertEquals(saslprep("\u2168"), "IX");
  assertEquals(saslprep("\u0627\u0031"), undefined);
});

test("saslprep() takes ASCII as it is, control characters too, as PostgreSQL does", () => {
  assertEquals(saslprep("\u0007"), "\u0007");
  assertEquals(saslprep(""), "");
});

// Outputs of pg_saslprep() in the libpgcommon of PostgreSQL 18.4; null: it refused.
for (const { name, input, output } of vectors) {
  test(`saslprep() does as PostgreSQL 18 does: ${name}`, () => {
    assertEquals(saslprep(input), output ?? undefined);
  });
}

test("saslprep() refuses a lone surrogate", () => {
  assertEquals(saslprep("a\ud800"), undefined);
});
