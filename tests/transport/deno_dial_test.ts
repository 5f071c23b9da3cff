import type { DenoApi, DenoConn } from "../../lib/runtime/deno_api.ts";
import { dial } from "../../lib/runtime/deno_dial.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "../std_assert.ts";
import { listen } from "./peers.ts";

const address = { host: "127.0.0.1", port: 1 };
const reason = new Error("enough");

function failure(cause: unknown): Error {
  return new Error("Cannot connect", { cause });
}

test("dial() closes a connection that was made after the abort", async () => {
  let connect!: (conn: DenoConn) => void;
  const connected = new Promise<DenoConn>((resolve) => connect = resolve);
  const controller = new AbortController();
  let closed = 0;
  const conn = { close: () => void closed++ } as DenoConn;
  const deno = fakeDeno(() => connected);
  const told = assertRejects(() => dial(deno, address, { signal: controller.signal, failure }));
  controller.abort(reason);
  connect(conn);
  assertStrictEquals(await told, reason);
  assertEquals(closed, 1);
});

test("dial() gives an aborted attempt up when it goes on for long", async () => {
  const controller = new AbortController();
  let given: AbortSignal | undefined;
  const deno = fakeDeno(({ signal }) => {
    given = signal;
    return new Promise(() => {});
  });
  const told = assertRejects(() => dial(deno, address, { signal: controller.signal, failure }));
  controller.abort(reason);
  assertEquals(given?.aborted, false);
  assertStrictEquals(await told, reason);
  assertStrictEquals(given?.reason, reason);
});

test("dial() tells of a failure, and of an abort before it", async () => {
  const cause = new Error("refused");
  const deno = fakeDeno(() => Promise.reject(cause));
  const error = await assertRejects(
    () => dial(deno, address, { failure }),
    Error,
    "Cannot connect",
  );
  assertStrictEquals(error.cause, cause);
  const controller = new AbortController();
  const told = assertRejects(() => dial(deno, address, { signal: controller.signal, failure }));
  controller.abort(reason);
  assertStrictEquals(await told, reason);
  const { signal } = controller;
  assertStrictEquals(await assertRejects(() => dial(deno, address, { signal, failure })), reason);
});

const { Deno } = globalThis as { Deno?: DenoApi };
if (Deno) {
  // What stays open fails a test on Deno.
  test("dial() leaves no socket open, whenever it is aborted", async () => {
    const listener = await listen();
    let aborted = 0;
    for (let i = 0; i < 500; i++) {
      const controller = new AbortController();
      const { signal } = controller;
      const dialled = dial(Deno, listener.address, { signal, failure })
        .then((conn) => conn.close(), (error) => {
          assertStrictEquals(error, reason);
          aborted++;
        });
      const moment = performance.now() + Math.random() / 2;
      while (performance.now() < moment) await Promise.resolve();
      if (i % 2) await new Promise((resolve) => setTimeout(resolve));
      controller.abort(reason);
      await dialled;
    }
    assert(aborted > 20 && aborted < 500, `${aborted} of 500 were aborted`);
    await listener.close();
  });
}

function fakeDeno(connect: DenoApi["connect"]): DenoApi {
  return { connect, startTls: () => Promise.reject(new Error("not asked for")) };
}
