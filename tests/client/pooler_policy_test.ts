import fc from "fast-check";
import {
  type PoolerName,
  poolerPolicy,
  refuseSessionBound,
} from "../../lib/client/pooler/pooler_policy.ts";
import { sessionBoundPart } from "../../lib/client/pooler/session_bound_sql.ts";
import { test } from "../harness.ts";
import { assertEquals, assertThrows } from "../std_assert.ts";

/** Texts, by the part of each that belongs to the session. */
const bound: Readonly<Record<string, readonly string[]>> = {
  "LISTEN": ["listen jobs", ' \t\n LISTEN "Jobs" ;', "/* a */ /* b */listen a", "-- a\nlisten a"],
  "UNLISTEN": ["unlisten *"],
  "LOAD": ["load 'auto_explain'"],
  "DISCARD": ["discard all", "select 1; discard temp"],
  "PREPARE": ["prepare a as select $1", "prepare transaction as select 1"],
  "EXECUTE": ["execute a(1)"],
  "DEALLOCATE": ["deallocate all"],
  "SET ROLE": ["set role app", "set session role app"],
  "SET SESSION AUTHORIZATION": ["set session authorization app"],
  "SET": [
    "set search_path to a, b",
    "SET/**/SESSION my.setting = 'local'",
    "set time zone local",
    'set "search_path" = a',
    "set session characteristics as transaction read only",
    "set transaction_timeout = 5",
    "begin; set a = 1; commit",
    "select 1;;\r\nset a = 1",
    "-- a\rset a = 1",
  ],
  "RESET": ["reset all", "reset role"],
  "set_config(…, false)": [
    "select set_config('a', 'b', false)",
    "select pg_catalog.set_config($1, coalesce(nullif($2, ''), ('b')), FALSE) from t",
    "with a as (select SET_CONFIG ('a', 'b' , /* not true */ false)) select 1",
  ],
  "pg_advisory_lock()": [
    "select pg_advisory_lock(1)",
    "select * from t where id = 1 and PG_ADVISORY_LOCK (1, 2) is null",
    "(select pg_catalog . pg_advisory_lock(1))",
    "declare a cursor for select pg_advisory_lock(1)",
    "copy (select pg_advisory_lock(1)) to stdout",
    "call a(pg_advisory_lock(1))",
    "values (pg_advisory_lock(1))",
    "merge into t using u on pg_advisory_lock(1) is null when matched then do nothing",
  ],
  "pg_try_advisory_lock_shared()": ["update t set a = pg_try_advisory_lock_shared(id)"],
  "pg_advisory_unlock_all()": ["select pg_advisory_unlock_all()"],
  "DECLARE … WITH HOLD": [
    "declare a cursor with hold for select 1",
    'declare "for" binary no scroll cursor with hold for select 1',
    'declare u&"a b" cursor with hold for select 1',
  ],
  "CREATE TEMP TABLE": [
    "create temp table a (b int)",
    "create local temporary table if not exists a as select 1",
    "create temp table a (b int) on commit delete rows",
    "create temp table a (b text default ' on commit drop ')",
  ],
  "CREATE TEMP VIEW": [
    "create or replace temp view a as select 1",
    "create temp recursive view a (b) as select 1",
  ],
  "CREATE TEMP SEQUENCE": ["create temporary sequence a"],
  "CREATE in pg_temp": [
    "create table if not exists pg_temp.a (b int)",
    "create or replace function pg_temp.a() returns int return 1",
  ],
  "INTO TEMP": [
    "select 1 as a into temp b",
    "with c as (select 1 as a) select a into temporary table temp from c",
  ],
};

/** Texts that a transaction ends with all they did, or that only speak of what does not end. */
const free: readonly string[] = [
  "",
  ";",
  "select 1",
  "update t set a = 1",
  "update t\nset a = 1, load = 2 where execute = 'listen'",
  "insert into t values (1) on conflict (a)\ndo update\nset a = 2",
  "alter table t\nset schema a",
  "set local search_path to a",
  "set transaction isolation level serializable",
  "set session transaction read only",
  "set transaction_isolation = 'serializable'",
  "set session transaction_read_only = on; set transaction_deferrable to on",
  "set constraints all deferred",
  "prepare transaction 'a'; commit prepared 'a'",
  "prepare transaction e'\\''; prepare transaction $a$b$a$; prepare transaction u&'a'",
  "notify jobs, 'listen'",
  "select set_config('a', 'b', true)",
  "select set_config('a', f('b', false), true), g('c', 'd', false)",
  "select set_config('a', 'b', not false)",
  "select my.set_config('a', 'b', false)",
  "select pg_advisory_xact_lock(1), pg_try_advisory_xact_lock_shared(2)",
  "select my.pg_advisory_lock(1), my_pg_advisory_lock(1), pg_advisory_lock from t",
  "grant execute on function pg_advisory_lock(bigint) to app",
  "create view a as select pg_advisory_lock(1)",
  "create function a() returns void begin atomic select pg_advisory_lock(1); listen a; end",
  "create rule a as on insert to t do also (delete from u; select pg_advisory_lock(1))",
  "declare a cursor for with hold as (select 1) select * from hold",
  "declare a cursor without hold for select 1",
  "create temp table a (b int) on commit drop",
  "create temporary table a on commit drop as select 1",
  "create table pg_temp.a (b int) on commit drop",
  "create table temp (temp int)",
  "create index on pg_temp.a (b)",
  "with a as (select 1) insert into temp select * from a",
  "with a as (select 1) merge into temp b using a on true when matched then delete",
  "select 1 as a into temp",
  "select 1 as a into temp from t",
  "select ';\nset a = 1', $$;\nlisten a$$, e'\\';\nload a', \";\nreset a\"",
  "select 1 -- ; set a = 1\r, /* ;\n/* listen a */ set b = 1 */ 2",
];

const withoutTransaction = { undoesSettings: false, inTransaction: false };

test("sessionBoundPart() names what outlives a transaction", () => {
  for (const [name, texts] of Object.entries(bound)) {
    for (const text of texts) {
      for (const inTransaction of [false, true]) {
        const part = sessionBoundPart(text, { undoesSettings: false, inTransaction });
        assertEquals(part?.name, name, text);
      }
    }
  }
});

test("sessionBoundPart() lets be what ends with its transaction", () => {
  for (const text of free) {
    assertEquals(sessionBoundPart(text, withoutTransaction), undefined, text);
  }
});

test("sessionBoundPart() finds a statement wherever it stands and whatever is around it", () => {
  const blank = fc.constantFrom(" ", "\t", "\n", "\r\n", "/* set */", "-- ;\n", "/*/**/*/");
  const blanks = fc.array(blank, { maxLength: 4 }).map((parts) => parts.join(""));
  const others = fc.array(fc.constantFrom(...free.filter((text) => !text.includes("atomic"))));
  const found = fc.constantFrom(
    ...Object.entries(bound).flatMap(([name, texts]) => texts.map((text) => ({ name, text }))),
  );
  fc.assert(
    fc.property(others, others, blanks, found, (before, after, space, { name, text }) => {
      const whole = [...before, `${space}${text}${space}`, ...after].join(`\n;${space}`);
      assertEquals(sessionBoundPart(whole, withoutTransaction)?.name, name, whole);
    }),
  );
});

test("sessionBoundPart() takes any text", () => {
  const pieces = fc.constantFrom(
    ...["set", "listen", "a", "temp", "into", "set_config", "pg_advisory_lock", "atomic", "begin"],
    ...["'", '"', "$", "$$", "$a$", "e'", "u&'", "\\", "/*", "*/", "--", "\n", " ", ";", "(", ")"],
    ...[",", ".", "1", "\0", "\ud800", "é", "false"],
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join("")),
  );
  fc.assert(fc.property(texts, (text) => {
    sessionBoundPart(text, withoutTransaction);
  }));
});

test("sessionBoundPart() takes SET in a transaction that undoes it, yet no role", () => {
  const name = (text: string, inTransaction: boolean) =>
    sessionBoundPart(text, { undoesSettings: true, inTransaction })?.name;
  for (const text of [...bound["SET"], ...bound["RESET"], ...bound["set_config(…, false)"]]) {
    assertEquals(name(text, true), undefined, text);
  }
  assertEquals(name("set a = 1; ; --", false), "SET");
  assertEquals(name("set a = 1; select 2", false), undefined);
  assertEquals(name("set role app", true), "SET ROLE");
  assertEquals(name("set a = 1; listen b", true), "LISTEN");
});

test("refuseSessionBound() says what cannot be run, why, and what can", () => {
  const refusal = (pooler: PoolerName, text: string) =>
    assertThrows(
      () => refuseSessionBound(poolerPolicy(pooler), text, { inTransaction: true }),
      TypeError,
    ).message;
  assertEquals(
    refusal("pgbouncer-transaction", "listen jobs"),
    "Cannot run LISTEN: pgbouncer gives each transaction another server connection, " +
      "expected a direct connection",
  );
  assertEquals(
    refusal("supavisor", "set a = 1"),
    "Cannot run SET: Supavisor gives each transaction another server connection, " +
      "expected SET LOCAL in a transaction, or a direct connection",
  );
  assertEquals(
    refusal("hyperdrive", "select pg_advisory_lock(1)"),
    "Cannot run pg_advisory_lock(): Hyperdrive gives each transaction another server connection, " +
      "expected pg_advisory_xact_lock(), or a direct connection",
  );
});

test("refuseSessionBound() refuses nothing else", () => {
  refuseSessionBound(poolerPolicy("supavisor"), "select 1", { inTransaction: false });
  refuseSessionBound(poolerPolicy("hyperdrive"), "set a = 1", { inTransaction: true });
});
