/** `@std/assert` with types: the npm repack of it has none, and `assert(x)` must narrow. */

// @ts-types="./std_assert.d.ts"
export * from "@std/assert";
