/** `@std/assert` with types: the npm repack of it has none, and `assert(x)` must narrow. */

// deno-std 1.4.0 needs this to compare objects of classes; drop it with Node 20, which lacks it.
const sets = Set.prototype as unknown as { union?: (other: Iterable<unknown>) => Set<unknown> };
sets.union ??= function (this: Set<unknown>, other) {
  return new Set([...this, ...other]);
};

// @ts-types="./std_assert.d.ts"
export * from "@std/assert";
