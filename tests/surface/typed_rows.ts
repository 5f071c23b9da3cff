/**
 * What the types of the surface must say. It is checked by `typed_rows_test.ts`, and never run:
 * where a type is another than the one that is written here, or a wrong use is no error, it does
 * not check.
 */

import type {
  AnyRow,
  Batches,
  FieldDescription,
  Fragment,
  Query,
  QueryResult,
  ReservedSql,
  ResultIterator,
  RowList,
  RowStream,
  SavepointSql,
  Sql,
  StandardSchema,
  StatementDescription,
  StreamSummary,
  TransactionSql,
} from "../../mod.ts";

/** True for one and the same type; `any` is the same as nothing else. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

/** `is<Expected>()(value)` does not check when the value is of another type. */
declare function is<Expected>(): <Actual>(
  value: Actual,
  ...other: Same<Actual, Expected> extends true ? [] : [expected: Expected]
) => void;

interface User {
  readonly id: number;
  readonly name: string | null;
}

interface Total {
  readonly total: bigint;
}

declare const userSchema: StandardSchema<unknown, User>;
declare const parsing: StandardSchema<{ readonly id: string }, Total>;

/** Awaited. */
export async function awaitedRows(sql: Sql): Promise<void> {
  is<Query<User>>()(sql<User>`select`);
  is<RowList<User>>()(await sql<User>`select`);
  is<User>()((await sql<User>`select`)[0]);
  is<(string | null)[]>()((await sql<User>`select`).map(({ name }) => name));
  is<RowList<AnyRow>>()(await sql`select`);
  is<unknown>()((await sql`select`)[0].anything);
  const { count, command, columns, statements } = await sql<User>`select`;
  is<number>()(count);
  is<string>()(command);
  is<readonly FieldDescription[]>()(columns);
  is<readonly RowList<User>[]>()(statements);
  is<boolean>()(await sql<User>`select`.then((rows) => rows.length > 0));
  is<RowList<User> | undefined>()(await sql<User>`select`.catch(() => undefined));
  is<RowList<User>>()(await sql<User>`select`.finally(() => {}));

  // @ts-expect-error: there is no such column.
  (await sql<User>`select`)[0].email;
  // @ts-expect-error: a value that is not known is not a string.
  const name: string = (await sql`select`)[0].name;
  is<string>()(name);
}

/** In other shapes. */
export async function shapes(sql: Sql): Promise<void> {
  is<Query<unknown[]>>()(sql<User>`select`.values());
  is<RowList<unknown[]>>()(await sql`select`.values());
  is<Query<(Uint8Array | null)[]>>()(sql<User>`select`.raw());
  is<User>()(await sql<User>`select`.one());
  is<User | undefined>()(await sql<User>`select`.maybeOne());
  is<unknown[]>()(await sql<User>`select`.values().one());
  is<Query<User>>()(sql<User>`select`.simple());
  is<Query<User>>()(sql<User>`select`.execute());
  is<Query<User>>()(sql<User>`select`.with({ timeoutMs: 5, tag: "a", prepare: false }));
  is<StatementDescription>()(await sql<User>`select`.describe());

  // @ts-expect-error: there may be none.
  (await sql<User>`select`.maybeOne()).id;
  // @ts-expect-error: it is called timeoutMs.
  sql`select`.with({ timeout: 5 });
  // @ts-expect-error: a signal, not what makes it.
  sql`select`.with({ signal: new AbortController() });
}

/** Checked by a schema. */
export async function schemas(sql: Sql): Promise<void> {
  is<Query<User>>()(sql`select`.as(userSchema));
  is<RowList<Total>>()(await sql`select`.as(parsing));
  is<Total>()(await sql`select`.as(parsing).one());
  for await (const row of sql`select`.as(parsing)) is<Total>()(row);
  is<RowStream<Total>>()(sql<User>`select`.as(parsing).stream());

  // @ts-expect-error: no Standard Schema.
  sql`select`.as({ validate: (row: unknown) => row });
  // @ts-expect-error: the input is not what comes.
  (await sql`select`.as(parsing).one()).id;
}

/** As they arrive. */
export async function streamedRows(sql: Sql): Promise<void> {
  for await (const row of sql<User>`select`) is<User>()(row);
  for await (const rows of sql<User>`select`.batches()) is<User[]>()(rows);
  for await (const rows of sql<User>`select`.cursor(10)) is<User[]>()(rows);
  for await (const rows of sql`select`.values().cursor()) is<unknown[][]>()(rows);
  is<Batches<User>>()(sql<User>`select`.cursor(10));
  is<StreamSummary>()(await sql<User>`select`.cursor(10, (rows) => is<User[]>()(rows)));
  is<StreamSummary>()(await sql<User>`select`.cursor((rows) => is<User[]>()(rows)));
  is<StreamSummary>()(await sql<User>`select`.forEach((row) => is<User>()(row)));
  is<StreamSummary>()(await sql<User>`select`.stream((row) => is<User>()(row)));
  is<ReadableStream<User>>()(sql<User>`select`.readable());
  is<ResultIterator<User>>()(sql<User>`select`[Symbol.asyncIterator]());

  const stream = sql<User>`select`.stream({ mode: "portal" });
  is<RowStream<User>>()(stream);
  is<readonly FieldDescription[]>()(await stream.columns);
  is<StreamSummary>()(await stream.summary);
  is<ResultIterator<number>>()(stream.map(({ id }) => id, { concurrency: 4 }));
  is<ResultIterator<string>>()(stream.map(({ id }) => Promise.resolve(String(id))));
  is<Batches<User>>()(stream.batches());

  // @ts-expect-error: no such mode.
  sql`select`.stream({ mode: "fast" });
  // @ts-expect-error: a number of rows.
  sql`select`.cursor("10");
  // @ts-expect-error: it gets rows of User.
  sql<User>`select`.forEach((row: Total) => row);
}

/** From texts. */
export async function texts(sql: Sql): Promise<void> {
  is<Query<User>>()(sql.unsafe<User>("select $1", [1], { prepare: false }));
  is<Query<AnyRow>>()(sql.unsafe("select"));
  is<Query<User>>()(sql.file<User>("query.sql", [1], { cache: false }));
  is<QueryResult<User>>()(await sql.query<User>("select $1", [1]));
  is<QueryResult<AnyRow>>()(await sql.query({ text: "select", values: [] }));
  is<QueryResult<unknown[]>>()(await sql.query({ text: "select", rowMode: "array" }));
  is<number | null>()((await sql.query("select")).rowCount);

  // @ts-expect-error: the values are a list.
  sql.unsafe("select $1", 1);
  // @ts-expect-error: of unsafe() there is nothing to be cached.
  sql.unsafe("select", [], { cache: false });
}

/** Pieces. */
export function fragments(sql: Sql): void {
  is<Fragment>()(sql("name"));
  is<Fragment>()(sql("schema", "name"));
  is<Fragment>()(sql({ id: 1 }, "id"));
  is<Fragment>()(sql([{ id: 1 }], ["id", "name"]));
  is<Fragment>()(sql([1, 2]));
  const piece: Fragment = sql`where ${sql`true`}`;
  is<Query<AnyRow>>()(sql`select ${piece}`);

  // @ts-expect-error: neither a name, nor a list, nor an object.
  sql(5);
  // @ts-expect-error: columns are names.
  sql({ id: 1 }, 1);
}

/** Of transactions: queries in an array become what they give. */
export async function transactions(sql: Sql): Promise<void> {
  is<number>()(await sql.begin(() => 5));
  is<User>()(await sql.begin(async (tx) => await tx<User>`select`.one()));
  is<RowList<User>>()(await sql.begin((tx) => tx<User>`select`));
  is<RowList<User>>()(await sql.begin("read only", (tx) => tx<User>`select`));
  const [users, totals] = await sql.begin((tx) => [tx<User>`select`, tx<Total>`select`]);
  is<RowList<User>>()(users);
  is<RowList<Total>>()(totals);
  const [first, plain] = await sql.begin(
    { isolation: "serializable" },
    async (tx) => [tx<User>`select`, await tx<Total>`select`.one()] as const,
  );
  is<RowList<User>>()(first);
  is<Total>()(plain);
  await sql.begin((tx) => {
    is<TransactionSql>()(tx);
    return tx.savepoint((deeper) => is<SavepointSql>()(deeper));
  });
  is<User>()(await sql.begin((tx) => tx.savepoint("a", (deeper) => deeper<User>`select`.one())));
  is<TransactionSql>()(await sql.transaction({ readOnly: true }));
  is<ReservedSql>()(await sql.reserve());

  // @ts-expect-error: something is to be run in it.
  sql.begin();
  // @ts-expect-error: no such level.
  sql.begin({ isolation: "strict" }, () => {});
  // @ts-expect-error: there are no transactions in transactions, but savepoints.
  sql.begin((tx) => tx.begin(() => {}));
  // @ts-expect-error: a savepoint is one of a transaction.
  sql.savepoint(() => {});
  // @ts-expect-error: the pool is closed, not a connection of it.
  (await sql.reserve()).close();
}

/** Of pipelines: each by its own type. */
export async function pipelines(sql: Sql): Promise<void> {
  const results = await sql.pipeline([sql<User>`select`, sql<Total>`select`.values()]);
  is<[RowList<User>, RowList<unknown[]>]>()(results);
  is<[RowList<AnyRow>]>()(await sql.pipeline([sql`select`]));
  const many = await sql.pipeline([1, 2].map((n) => sql<Total>`select ${n}`), { sync: "one" });
  is<RowList<Total>[]>()(many);
  is<[]>()(await sql.pipeline([]));
  await sql.begin(async (tx) => {
    is<[RowList<User>]>()(await tx.pipeline([tx<User>`select`]));
  });

  // @ts-expect-error: a promise was run already.
  sql.pipeline([sql`select`.then()]);
  // @ts-expect-error: each or one.
  sql.pipeline([sql`select`], { sync: "none" });
}

/** Of what a client tells. */
export function facts(sql: Sql): void {
  is<Readonly<Record<string, string>>>()(sql.parameters);
  is<number | undefined>()(sql.options.max);
  sql.options.parsers[20] = (text) => BigInt(text);

  // @ts-expect-error: told by the server.
  sql.parameters.TimeZone = "UTC";
  // @ts-expect-error: as they were given.
  sql.options.max = 5;
  // @ts-expect-error: no secret is among them.
  sql.options.password;
}
