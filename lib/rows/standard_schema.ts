/**
 * Standard Schema, version 1: the one interface by which Zod, Valibot, ArkType and others
 * check a value. Named as in its specification, https://standardschema.dev.
 *
 * @module
 */

/** What checks a value and says what it becomes. */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The schema's side of the interface. */
  readonly "~standard": StandardSchemaProps<Input, Output>;
}

/** What stands under the one key of a {@linkcode StandardSchema}. */
export interface StandardSchemaProps<Input = unknown, Output = Input> {
  /** Of the interface. */
  readonly version: 1;
  /** The library that made the schema. */
  readonly vendor: string;
  /** Checks a value. */
  readonly validate: (
    value: unknown,
  ) => StandardSchemaResult<Output> | Promise<StandardSchemaResult<Output>>;
  /** For types alone; need not be there when the program runs. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
}

/** What a value becomes, or why it cannot be taken. */
export type StandardSchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardSchemaIssue[] };

/** One thing that is wrong with a value. */
export interface StandardSchemaIssue {
  /** What is wrong; the schema's own words. */
  readonly message: string;
  /** Where in the value, from outside to inside; absent for the value as a whole. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema gives for a value that it takes. */
export type InferOutput<Schema extends StandardSchema> = Extract<
  Awaited<ReturnType<Schema["~standard"]["validate"]>>,
  { readonly value: unknown }
>["value"];

/**
 * What the schema makes of a row: a promise if the schema checks asynchronously. `index` is the
 * row's in its result, from 0.
 *
 * @throws {TypeError} when the schema does not take it; `cause.issues` says all that is wrong
 */
export function checkRow<Schema extends StandardSchema>(
  schema: Schema,
  row: unknown,
  index: number,
): InferOutput<Schema> | Promise<InferOutput<Schema>> {
  const result = schema["~standard"].validate(row);
  if (result instanceof Promise) {
    return result.then((settled) => outputOf(settled, index) as InferOutput<Schema>);
  }
  return outputOf(result, index) as InferOutput<Schema>;
}

function outputOf<Output>(result: StandardSchemaResult<Output>, index: number): Output {
  const { issues } = result;
  if (!issues) return result.value;
  const why = issues.length > 0 ? describe(issues[0]) : "the schema does not say why";
  throw new TypeError(`Cannot take row ${index}: ${why}`, { cause: { issues } });
}

function describe({ message, path = [] }: StandardSchemaIssue): string {
  const keys = path.map((segment) => String(typeof segment === "object" ? segment.key : segment));
  return keys.length === 0 ? message : `${message} at ${keys.join(".")}`;
}
