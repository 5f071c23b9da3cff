/**
 * From an ErrorResponse to the error that users see.
 *
 * @module
 */

import { DatabaseError } from "../errors.ts";
import type { ErrorFields } from "../errors.ts";
import { conditionName } from "../sqlstate.ts";

/** The error for an ErrorResponse to `query`. */
export function serverError(fields: ErrorFields, query?: string): DatabaseError {
  const condition = fields.code === undefined ? undefined : conditionName(fields.code);
  return new DatabaseError(fields, { condition, query });
}

/** `57P01 admin_shutdown`, or what is known of that: why the server did what it did. */
export function reasonOf(fields: ErrorFields): string {
  if (fields.code === undefined) return fields.message;
  const condition = conditionName(fields.code);
  return condition === undefined ? fields.code : `${fields.code} ${condition}`;
}
