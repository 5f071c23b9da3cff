/** What every transport must do, whatever carries it. */

import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionError } from "../../lib/errors.ts";
import { test } from "../harness.ts";
import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertStrictEquals,
  fail,
} from "../std_assert.ts";
import { kinds } from "./peers.ts";
import type { Pair } from "./peers.ts";

const MANY_BYTES = 30_000_000;
const encoder = new TextEncoder();

for (const [kind, open] of Object.entries(kinds)) {
  const conforms = (behaviour: string, body: (pair: Pair) => Promise<void>) =>
    test(`Transport (${kind}) ${behaviour}`, async () => {
      const pair = await open();
      try {
        await body(pair);
      } finally {
        await pair[Symbol.asyncDispose]();
      }
    });

  conforms("carries bytes both ways", async ({ transport, peer }) => {
    const reader = transport.readable.getReader();
    const writer = transport.writable.getWriter();
    for (const text of ["a", "second", "x".repeat(5000)]) {
      await writer.write(encoder.encode(text));
      await peer.send(await take(() => peer.read(), text.length));
      const echoed = await take(async () => (await reader.read()).value, text.length);
      assertEquals(new TextDecoder().decode(echoed), text);
    }
  });

  conforms("stalls a sender while nobody reads, and loses nothing", async (pair) => {
    const progress = { bytes: 0 };
    const sending = sendMany((bytes) => pair.peer.send(bytes), progress);
    await untilStill(progress);
    assertLess(progress.bytes, MANY_BYTES, "all was sent though nobody read");
    const reader = pair.transport.readable.getReader();
    await receiveMany(async () => (await reader.read()).value);
    await sending;
  });

  conforms("makes a writer wait for its peer, and loses nothing", async (pair) => {
    const writer = pair.transport.writable.getWriter();
    const progress = { bytes: 0 };
    const sending = sendMany((bytes) => writer.write(bytes), progress);
    await untilStill(progress);
    assertLess(progress.bytes, MANY_BYTES, "all was taken though nobody read");
    await receiveMany(() => pair.peer.read());
    await sending;
  });

  conforms("ends the readable when the peer closes, behind its last bytes", async (pair) => {
    await pair.peer.send(encoder.encode("bye"));
    pair.peer.end();
    const reader = pair.transport.readable.getReader();
    assertEquals(new TextDecoder().decode((await reader.read()).value), "bye");
    assertEquals((await reader.read()).done, true);
  });

  // A Unix socket knows no reset; under TLS it is that of the TCP connection.
  if (kind === "memory" || kind.startsWith("TCP")) {
    conforms("rejects a pending read when the connection is reset", async (pair) => {
      const reading = pair.transport.readable.getReader().read();
      pair.peer.reset();
      const error = await assertRejects(() => reading, ConnectionError, "connection reset");
      assertEquals(error.code, "ECONNRESET");
    });
  }

  conforms("abort() rejects the pending read and write with its reason", async ({ transport }) => {
    const reason = new Error("enough");
    const reading = transport.readable.getReader().read();
    const writer = transport.writable.getWriter();
    const first = writer.write(new Uint8Array(MANY_BYTES));
    const second = writer.write(new Uint8Array(1));
    const settled = Promise.allSettled([reading, first, second]);
    await sleep(1);
    transport.abort(reason);
    transport.abort(new Error("too late"));
    for (const result of await settled) {
      assert(result.status === "rejected");
      assertStrictEquals(result.reason, reason);
    }
    await transport.close();
    assertStrictEquals(await rejection(writer.write(new Uint8Array(1))), reason);
  });

  conforms("abort() releases a close() that waits for the peer", async ({ transport }) => {
    const writing = transport.writable.getWriter().write(new Uint8Array(MANY_BYTES));
    const closing = transport.close();
    transport.abort(new Error("enough"));
    await closing;
    await assertRejects(() => writing, Error, "enough");
  });

  conforms("close() sends what was written before, and ends a pending read", async (pair) => {
    const { transport, peer } = pair;
    const reading = transport.readable.getReader().read();
    const writer = transport.writable.getWriter();
    const writes = [1, 2, 3].map((n) => writer.write(new Uint8Array(400_000).fill(n)));
    const closings = [transport.close(), transport.close()];
    const received = await take(() => peer.read(), 1_200_000);
    assertEquals([received[0], received[400_000], received[1_199_999]], [1, 2, 3]);
    assertEquals(await peer.read(), undefined);
    await Promise.all([...writes, ...closings]);
    assertEquals((await reading).done, true);
    await assertRejects(() => writer.write(new Uint8Array(1)), ConnectionError, "it was closed");
  });

  conforms("close() after the peer has closed does not reject", async ({ transport, peer }) => {
    peer.end();
    assertEquals((await transport.readable.getReader().read()).done, true);
    await transport.close();
    await transport.close();
    transport.abort();
  });

  conforms("cancelling the readable ends the connection", async ({ transport, peer }) => {
    await transport.readable.cancel(new Error("not interested"));
    const ended = await peer.read().catch(() => undefined);
    assertEquals(ended, undefined);
    await assertRejects(
      () => transport.writable.getWriter().write(new Uint8Array(1)),
      Error,
      "not interested",
    );
  });
}

/** Bytes among which lost, doubled or overwritten ones show. */
function manyBytes(): Uint8Array {
  const bytes = new Uint8Array(MANY_BYTES);
  for (let i = 0; i < MANY_BYTES; i++) bytes[i] = i ^ (i >>> 9);
  return bytes;
}

async function sendMany(
  send: (bytes: Uint8Array) => Promise<void>,
  progress: { bytes: number },
): Promise<void> {
  const bytes = manyBytes();
  while (progress.bytes < MANY_BYTES) {
    const chunk = bytes.subarray(progress.bytes, progress.bytes + 50_000);
    await send(chunk);
    progress.bytes += chunk.length;
  }
}

/** All chunks are kept to the end: none may be written to again. */
async function receiveMany(read: () => Promise<Uint8Array | undefined>): Promise<void> {
  const chunks: Uint8Array[] = [];
  for (let left = MANY_BYTES; left > 0;) {
    const chunk = await read();
    assert(chunk, `the stream ended ${left} bytes early`);
    left -= chunk.length;
    chunks.push(chunk);
  }
  const expected = manyBytes();
  let position = 0;
  for (const chunk of chunks) {
    for (const byte of chunk) {
      if (byte !== expected[position++]) fail(`Wrong byte at ${position - 1}`);
    }
  }
  assertEquals(position, MANY_BYTES);
}

/** Waits until the sender moves no more. */
async function untilStill(progress: { bytes: number }): Promise<void> {
  for (let before = -1; before < progress.bytes;) {
    before = progress.bytes;
    await sleep(100);
  }
}

async function take(
  read: () => Promise<Uint8Array | undefined>,
  length: number,
): Promise<Uint8Array> {
  const all = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const chunk = await read();
    assert(chunk, `the stream ended after ${filled} of ${length} bytes`);
    all.set(chunk, filled);
    filled += chunk.length;
  }
  return all;
}

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => undefined, (reason) => reason);
}
