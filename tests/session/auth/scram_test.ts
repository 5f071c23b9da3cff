import { ConnectionError, ProtocolError } from "../../../lib/errors.ts";
import { ScramClient, type ScramOptions } from "../../../lib/session/auth/scram.ts";
import { deriveScramKeys, ScramKeyCache } from "../../../lib/session/auth/scram_keys.ts";
import { test } from "../../harness.ts";
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "../../std_assert.ts";
import { ScramServer } from "./scram_server.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const NONCE = "rOprNGfwEbeRWgbNEkqO";
const BASE: ScramOptions = {
  password: "pencil",
  channelBinding: "n",
  maxIterations: 100_000,
  user: "user",
  nonce: NONCE,
};

const SERVER_FIRST = `r=${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
const CLIENT_FINAL = `c=biws,r=${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,` +
  "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
const SERVER_FINAL = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

function started(options: Partial<ScramOptions> = {}): ScramClient {
  const client = new ScramClient({ ...BASE, ...options });
  client.clientFirst();
  return client;
}

async function proved(): Promise<ScramClient> {
  const client = started();
  await client.clientFinal(encode(SERVER_FIRST));
  return client;
}

test("ScramClient speaks the example of RFC 7677", async () => {
  const client = new ScramClient(BASE);
  assertEquals(client.mechanism, "SCRAM-SHA-256");
  assertEquals(decode(client.clientFirst()), `n,,n=user,r=${NONCE}`);
  assertEquals(decode(await client.clientFinal(encode(SERVER_FIRST))), CLIENT_FINAL);
  assertEquals(client.verified, false);
  await client.verify(encode(SERVER_FINAL));
  assertEquals(client.verified, true);
});

test("ScramClient logs in to a server written with node:crypto, any password", async () => {
  for (const [password, prepared] of [["x", "x"], ["ｐäss", "päss"], ["ａ😀", "ａ😀"], ["", ""]]) {
    const client = new ScramClient({ password, channelBinding: "n", maxIterations: 16 });
    const server = new ScramServer({ password: prepared });
    await client.verify(server.final(await client.clientFinal(server.first(client.clientFirst()))));
    assert(client.verified);
  }
});

test("ScramClient binds to the channel", async () => {
  const certificateHash = Uint8Array.from({ length: 32 }, (_, i) => i * 9);
  const client = new ScramClient({ ...BASE, channelBinding: certificateHash });
  const server = new ScramServer({ password: "pencil", certificateHash, offersPlus: true });
  assertEquals(client.mechanism, "SCRAM-SHA-256-PLUS");
  await client.verify(server.final(await client.clientFinal(server.first(client.clientFirst()))));
  assertEquals(server.gs2Header, "p=tls-server-end-point,,");
  assert(client.verified);
});

test("ScramClient binds its flag `y` into the exchange", async () => {
  const client = new ScramClient({ ...BASE, channelBinding: "y" });
  const server = new ScramServer({ password: "pencil" });
  await client.verify(server.final(await client.clientFinal(server.first(client.clientFirst()))));
  assertEquals(server.gs2Header, "y,,");
});

test("ScramClient.clientFirst() makes a nonce of its own each time", () => {
  const first = () => decode(new ScramClient({ ...BASE, nonce: undefined }).clientFirst());
  assert(/^n,,n=user,r=[A-Za-z0-9+/]{24}$/.test(first()));
  assertNotEquals(first(), first());
});

test("ScramClient.clientFirst() escapes the user", () => {
  const client = new ScramClient({ ...BASE, user: "a=b,c" });
  assertEquals(decode(client.clientFirst()), `n,,n=a=3Db=2Cc,r=${NONCE}`);
});

test("ScramClient.clientFinal() refuses a nonce that does not extend its own", async () => {
  for (const nonce of [NONCE, NONCE.slice(0, 10), `x${NONCE}abc`, "fyko+d2lbbFgONRv9qkxdawL"]) {
    await assertRejects(
      () => started().clientFinal(encode(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`)),
      ProtocolError,
      "the server's nonce does not extend the client's",
    );
  }
});

test("ScramClient.clientFinal() refuses more iterations than allowed, before it computes", async () => {
  for (const iterations of [100_001, 2_000_000_000, 9_999_999_999]) {
    await assertRejects(
      () => started().clientFinal(encode(`r=${NONCE}x,s=AAAA,i=${iterations}`)),
      ConnectionError,
      "maxScramIterations",
    );
  }
  await started({ maxIterations: 5 }).clientFinal(encode(`r=${NONCE}x,s=AAAA,i=5`));
});

test("ScramClient.clientFinal() refuses every other form of message", async () => {
  const cases = [
    "",
    "e=other-error",
    `m=ext,r=${NONCE}x,s=AAAA,i=1`,
    `r=${NONCE}x,s=AAAA,i=1,x=extension`,
    `r=${NONCE}x,s=AAAA,i=1\n`,
    `r=${NONCE}x,s=AAAA,i=0`,
    `r=${NONCE}x,s=AAAA,i=-1`,
    `r=${NONCE}x,s=AAAA,i=1e3`,
    `r=${NONCE}x,s=AAAA,i=`,
    `r=${NONCE}x,s=,i=1`,
    `r=${NONCE}x,s=AAA,i=1`,
    `r=${NONCE}x,s=AA A,i=1`,
    `r=${NONCE}x,i=1`,
    `s=AAAA,r=${NONCE}x,i=1`,
    `r=${NONCE}é,s=AAAA,i=1`,
    `r=${NONCE}${"x".repeat(5000)},s=AAAA,i=1`,
  ];
  for (const text of cases) {
    await assertRejects(() => started().clientFinal(encode(text)), ProtocolError);
  }
});

test("ScramClient.verify() refuses a wrong signature", async () => {
  const wrong = [
    "v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    "v=AAAA",
    `v=${"A".repeat(43)}=`,
  ];
  for (const text of wrong) {
    const client = await proved();
    await assertRejects(
      () => client.verify(encode(text)),
      ConnectionError,
      "the server's signature is wrong",
    );
    assertEquals(client.verified, false);
  }
});

test("ScramClient.verify() reports the server's error", async () => {
  const client = await proved();
  await assertRejects(
    () => client.verify(encode("e=channel-bindings-dont-match")),
    ConnectionError,
    '"channel-bindings-dont-match"',
  );
});

// The replaced digit leaves the bytes as they are: its last two bits are stray.
test("ScramClient.verify() refuses every other form of message", async () => {
  for (
    const text of [
      "",
      "v=",
      "v=AAA",
      "e=",
      SERVER_FINAL.replace("4=", "5="),
      "e=a,b",
      `${SERVER_FINAL},x=1`,
      `m=x,${SERVER_FINAL}`,
    ]
  ) {
    const client = await proved();
    await assertRejects(() => client.verify(encode(text)), ProtocolError);
  }
});

test("ScramClient keeps the order of the exchange", async () => {
  const fresh = new ScramClient(BASE);
  await assertRejects(() => fresh.clientFinal(encode(SERVER_FIRST)), ProtocolError);
  await assertRejects(() => fresh.verify(encode(SERVER_FINAL)), ProtocolError);
  fresh.clientFirst();
  assertThrows(() => fresh.clientFirst(), ProtocolError);
  await assertRejects(() => fresh.verify(encode(SERVER_FINAL)), ProtocolError);
  const done = await proved();
  await assertRejects(() => done.clientFinal(encode(SERVER_FIRST)), ProtocolError);
  await done.verify(encode(SERVER_FINAL));
  await assertRejects(() => done.verify(encode(SERVER_FINAL)), ProtocolError);
});

test("ScramClient errors hold neither password nor SASL data", async () => {
  const error = await assertRejects(
    () => started({ password: "s3cret" }).clientFinal(encode(`r=${NONCE}x,s=c2FsdA==,i=0`)),
    ProtocolError,
  );
  for (const secret of ["s3cret", NONCE, "c2FsdA=="]) assert(!String(error).includes(secret));
});

const secretOf = (password: string) => ({ password, salt: Uint8Array.of(1, 2), iterations: 2 });

test("ScramKeyCache.keys() derives once per password, salt and iterations", async () => {
  const cache = new ScramKeyCache();
  const [one, same] = await Promise.all([cache.keys(secretOf("a")), cache.keys(secretOf("a"))]);
  assert(one === same);
  assert(one === await cache.keys(secretOf("a")));
  assertEquals(one.clientKey, (await deriveScramKeys(secretOf("a"))).clientKey);
  const others = [
    secretOf("b"),
    { ...secretOf("a"), salt: Uint8Array.of(1, 3) },
    { ...secretOf("a"), iterations: 3 },
  ];
  for (const other of others) {
    assertNotEquals((await cache.keys(other)).clientKey, one.clientKey);
  }
});

test("ScramKeyCache.keys() forgets what was used longest ago", async () => {
  const cache = new ScramKeyCache(2);
  const a = await cache.keys(secretOf("a"));
  const b = await cache.keys(secretOf("b"));
  assert(a === await cache.keys(secretOf("a")));
  await cache.keys(secretOf("c"));
  assert(a === await cache.keys(secretOf("a")));
  assert(b !== await cache.keys(secretOf("b")));
});

test("ScramKeyCache.keys() keeps no failure", async () => {
  const cache = new ScramKeyCache();
  const impossible = { ...secretOf("a"), iterations: 0 };
  await assertRejects(() => cache.keys(impossible));
  await assertRejects(() => cache.keys(impossible));
  await cache.keys(secretOf("a"));
});

test("ScramClient takes its keys from the cache", async () => {
  const keyCache = new ScramKeyCache();
  for (let login = 0; login < 2; login++) {
    const client = new ScramClient({ ...BASE, nonce: undefined, keyCache });
    const server = new ScramServer({ password: "pencil" });
    await client.verify(server.final(await client.clientFinal(server.first(client.clientFirst()))));
    assert(client.verified);
  }
});
