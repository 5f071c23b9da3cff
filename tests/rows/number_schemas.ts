/** Standard Schemas written by hand: what the libraries give, without one of them. */

import type { StandardSchema, StandardSchemaResult } from "../../lib/rows/standard_schema.ts";

/** Makes a text of an even number. */
export const evenNumber: StandardSchema<number, string> = {
  "~standard": { version: 1, vendor: "tests", validate },
};

/** Does it in a turn of its own. */
export const evenNumberLater: StandardSchema<number, string> = {
  "~standard": {
    version: 1,
    vendor: "tests",
    validate: (value) => Promise.resolve(value).then(validate),
  },
};

function validate(value: unknown): StandardSchemaResult<string> {
  if (typeof value === "number" && value % 2 === 0) return { value: String(value) };
  return { issues: [{ message: "Expected an even number" }] };
}
