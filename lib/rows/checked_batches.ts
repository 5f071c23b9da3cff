/**
 * Rows that a schema checks on their way, and what it makes of them.
 *
 * @module
 */

import { derivedBatches } from "./derived_batches.ts";
import type { Batches } from "./result_iterator.ts";
import { checkRow } from "./standard_schema.ts";
import type { InferOutput, StandardSchema } from "./standard_schema.ts";

/**
 * Yields what the schema makes of the rows, in the arrays they arrive in. A row that it does not
 * take ends the result behind the rows before it, as one that cannot be decoded does.
 */
export function checkedBatches<Schema extends StandardSchema>(
  batches: Batches<unknown>,
  schema: Schema,
): Batches<InferOutput<Schema>> {
  let index = 0;
  const fill = async (outputs: InferOutput<Schema>[]) => {
    const { done, value: rows } = await batches.next();
    if (done) return;
    for (const row of rows) {
      const output = checkRow(schema, row, index++);
      // Awaited only where it must be: a schema that checks at once costs no turn a row.
      outputs.push(output instanceof Promise ? await output : output);
    }
  };
  return derivedBatches({ fill, leave: () => batches.return() });
}
