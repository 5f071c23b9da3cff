import fc from "fast-check";
import { parseConnectionString } from "../../lib/client/options/connection_string.ts";
import { ConfigError } from "../../lib/errors.ts";
import { assertEquals, assertFalse, assertThrows } from "../std_assert.ts";
import { test } from "../harness.ts";

/** The options that are not empty; the later of two counts. */
function parse(text: string): Record<string, string> {
  const { options } = parseConnectionString(text);
  return Object.fromEntries(options.filter((o) => o.value !== "").map((o) => [o.name, o.value]));
}

test("parseConnectionString() takes all parts of a URI", () => {
  assertEquals(parse("postgresql://ann:s%3Acret@db:6543/shop?sslmode=require&connect_timeout=5"), {
    user: "ann",
    password: "s:cret",
    host: "db",
    port: "6543",
    dbname: "shop",
    sslmode: "require",
    connect_timeout: "5",
  });
  assertEquals(parse("postgres://"), {});
  assertEquals(parse("postgres:///shop"), { dbname: "shop" });
  assertEquals(parse("postgres://ann@"), { user: "ann" });
  assertEquals(parse("postgres://?host=/tmp&port=1"), { host: "/tmp", port: "1" });
  assertEquals(parse("POSTGRES://db?user=ann&"), { host: "db", user: "ann" });
});

test("parseConnectionString() takes several hosts, with ports or without", () => {
  assertEquals(parse("postgres://a:1,b,[::1]:3/d"), { host: "a,b,::1", port: "1,,3", dbname: "d" });
  assertEquals(parse("postgres://[2001:db8::7]/d"), { host: "2001:db8::7", dbname: "d" });
  assertEquals(parse("postgres://%2Fvar%2Frun%2Fpostgresql/d"), {
    host: "/var/run/postgresql",
    dbname: "d",
  });
});

test("parseConnectionString() lets a query parameter override what stands before it", () => {
  assertEquals(parse("postgres://a/d?host=b&dbname=e"), { host: "b", dbname: "e" });
});

test("parseConnectionString() keeps + and further = in values, as libpq and as people write", () => {
  assertEquals(parse("postgres://h?options=-c%20a=b+c"), { host: "h", options: "-c a=b+c" });
});

test("parseConnectionString() takes JDBC's ssl=true for sslmode=require", () => {
  assertEquals(parse("postgres://h?ssl=true"), { host: "h", sslmode: "require" });
});

test("parseConnectionString() takes names and values with libpq's quoting", () => {
  assertEquals(parse(String.raw`host=localhost port = 5432 password='it\'s' dbname=a\ b`), {
    host: "localhost",
    port: "5432",
    password: "it's",
    dbname: "a b",
  });
  assertEquals(parse(String.raw`user='' password='\\ = '`), { password: String.raw`\ = ` });
  assertEquals(parse("user='a'host=b"), { user: "a", host: "b" });
  assertEquals(parse("user=a'b\\"), { user: "a'b" });
  assertEquals(parse(" "), {});
  assertEquals(parse(" user=a\\ "), { user: "a " });
  assertEquals(parse("user=a\u00a0b\n\thost\v=\fb "), { user: "a\u00a0b", host: "b" });
});

test("parseConnectionString() quotes nothing of what it cannot read", () => {
  const texts = [
    "postgres://ann:hush@more@db/shop",
    "postgres://ann:hu/sh@db/shop",
    "postgres://ann:hush%zz@db",
    "postgres://ann:hush%00@db",
    "postgres://ann:hush@[::1",
    "postgres://ann:hush@[]/d",
    "postgres://ann:x@db/d?hush",
    "postgres://ann:x@db/d?=hush",
    "hush://ann@db",
    "password='hush",
    "password=x hush",
    "hush",
  ];
  for (const text of texts) {
    const error = assertThrows(() => parseConnectionString(text), ConfigError, "Cannot read");
    assertFalse(error.message.includes("hush"), text);
    assertEquals(error.cause, undefined);
  }
});

const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter((text) => !text.includes("\0") && text.isWellFormed());
const settings = fc.record({
  user: word,
  password: word,
  host: word.filter((text) => !text.includes(",")),
  port: fc.integer({ min: 1, max: 65535 }).map(String),
  dbname: word,
  application_name: word,
}, { requiredKeys: ["host"] });

test("parseConnectionString() reads every URI that can be built", () => {
  fc.assert(fc.property(settings, (wanted) => {
    const code = (text: string | undefined) => encodeURIComponent(text ?? "");
    const user = `${code(wanted.user)}${wanted.password ? ":" + code(wanted.password) : ""}`;
    const port = wanted.port ? `:${wanted.port}` : "";
    const query = wanted.application_name
      ? `?application_name=${code(wanted.application_name)}`
      : "";
    const uri = `postgres://${user}@${code(wanted.host)}${port}/${code(wanted.dbname)}${query}`;
    assertEquals(parse(uri), { ...wanted });
  }));
});

test("parseConnectionString() reads all names and values that can be quoted", () => {
  fc.assert(fc.property(settings, fc.boolean(), (wanted, quoted) => {
    const text = Object.entries(wanted).map(([name, value]) =>
      quoted
        ? `${name}='${value.replace(/[\\']/g, "\\$&")}'`
        : `${name} = ${value.replace(/[\\'\s]/g, "\\$&")}`
    ).join(" ");
    assertEquals(parse(text), { ...wanted });
  }));
});
