import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { ConnectionError } from "../../lib/errors.ts";
import { detectRuntime } from "../../lib/runtime/detect.ts";
import { nodeConnector } from "../../lib/runtime/node.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "../std_assert.ts";
import { listen } from "./peers.ts";

const runtime = detectRuntime();

for (
  const [name, connect] of [["Runtime", runtime.connect], ["node:net", nodeConnector()]] as const
) {
  test(`connect() of ${name} tells that the connection was refused`, async () => {
    const listener = await listen();
    await listener.close();
    assert("port" in listener.address);
    const error = await assertRejects(() => connect(listener.address, {}), ConnectionError);
    const { port } = listener.address;
    assertEquals(error.message, `Cannot connect to 127.0.0.1:${port}: connection refused`);
    assertEquals(error.code, "ECONNREFUSED");
    assertEquals(error.safeToRetry, true);
    assert(error.cause instanceof Error);
  });

  test(`connect() of ${name} tells that there is no such socket`, async () => {
    const path = "/nowhere/.s.PGSQL.5432";
    const error = await assertRejects(() => connect({ path }, {}), ConnectionError);
    assertEquals(error.message, `Cannot connect to ${path}: no such socket`);
    assertEquals(error.code, "ENOENT");
  });

  test(`connect() of ${name} tells that the host is not known`, async () => {
    const host = "no-such-host.invalid";
    const error = await assertRejects(() => connect({ host, port: 1 }, {}), ConnectionError);
    assert(error.code === "ENOTFOUND" || error.code === "EAI_AGAIN", error.code);
  });

  for (const family of ["tcp", "unix"] as const) {
    test(`connect() of ${name} over ${family} rejects with the signal's reason`, async () => {
      const listener = await listen(family);
      const reason = new Error("enough");
      const { address } = listener;
      const before = connect(address, { signal: AbortSignal.abort(reason) });
      assertStrictEquals(await before.catch((error) => error), reason);

      const controller = new AbortController();
      const connecting = connect(address, { signal: controller.signal });
      controller.abort(reason);
      assertStrictEquals(await connecting.catch((error) => error), reason);
      await listener.close();
    });
  }

  test(`connect() of ${name} is not touched by a signal that aborts afterwards`, async () => {
    const listener = await listen();
    const controller = new AbortController();
    const transport = await connect(listener.address, { signal: controller.signal });
    controller.abort();
    const socket = await listener.accept();
    socket.end("still here");
    const { value } = await transport.readable.getReader().read();
    assertEquals(new TextDecoder().decode(value), "still here");
    await transport.close();
    await listener.close();
  });
}

test("Runtime.env() gives a variable, or undefined", () => {
  assertEquals(runtime.env("PATH"), process.env.PATH);
  assertEquals(runtime.env("RILL_NO_SUCH_VARIABLE"), undefined);
});

test("Runtime reads files, their mode and whether they exist", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rill-"));
  const path = join(folder, "passfile");
  await writeFile(path, "é\n", { mode: 0o600 });
  assertEquals(await runtime.readTextFile(path), "é\n");
  assertEquals(await runtime.fileMode(path), 0o600);
  assertEquals(await runtime.exists(folder), true);

  const missing = join(folder, "missing");
  assertEquals(await runtime.exists(missing), false);
  assertEquals(await runtime.fileMode(missing), undefined);
  const error = await runtime.readTextFile(missing).catch((error) => error);
  assertEquals(error.code, "ENOENT");
  await rm(folder, { recursive: true });
});

test("Runtime knows the user and the home directory", () => {
  assert(runtime.userName());
  assert(runtime.homeDirectory()?.startsWith("/"));
});

test("Runtime.readUtf8() equals TextDecoder on ill-formed bytes", () => {
  const { readUtf8 } = runtime;
  assert(readUtf8);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  // Bytes that begin, continue, cut short and overrun sequences, and a byte order mark.
  const telling = [0x41, 0xef, 0xbb, 0xbf, 0xc3, 0xa9, 0xc0, 0xe0, 0xed, 0xa0, 0xf0, 0x9f, 0x98]
    .concat([0x80, 0xf4, 0x90, 0xf8, 0xff, 0x00]);
  for (let round = 0; round < 50_000; round++) {
    const bytes = Uint8Array.from(
      { length: 2 + round % 14 },
      () => telling[Math.floor(Math.random() * telling.length)],
    );
    const expected = decoder.decode(bytes.subarray(1, bytes.length - 1));
    assertEquals(readUtf8(bytes, 1, bytes.length - 1), expected, `bytes ${bytes}`);
  }
});

test("Runtime.readLatin1() gives a character a byte, and is not there on Bun", () => {
  const { name, readLatin1 } = runtime;
  assertEquals(readLatin1 === undefined, name === "bun");
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => i).subarray(8);
  const wanted = String.fromCharCode(...bytes.subarray(1, 260));
  if (readLatin1) assertEquals(readLatin1(bytes, 1, 260), wanted);
});

test("Transport.unref() and ref() can be called on a connection", async () => {
  const listener = await listen();
  const transport = await runtime.connect(listener.address, {});
  transport.unref!();
  transport.ref!();
  const socket = await listener.accept();
  socket.end("x");
  assertEquals((await transport.readable.getReader().read()).value?.length, 1);
  await transport.close();
  await listener.close();
});
