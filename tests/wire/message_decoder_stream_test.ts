/** The decoder as a stream. */

import { assertEquals, assertRejects } from "../std_assert.ts";
import { ByteSliceStream, concatReadableStreams } from "../std_streams.ts";
import { ProtocolError } from "../../lib/errors.ts";
import { MessageDecoderStream } from "../../lib/wire/message_decoder_stream.ts";
import type { BackendMessage } from "../../lib/wire/backend_message.ts";
import { versionName, versionNumber } from "../../lib/wire/protocol.ts";
import { protocolV2 } from "../../lib/wire/v2/protocol.ts";
import { protocolV3, protocolV30 } from "../../lib/wire/v3/protocol.ts";
import { test } from "../harness.ts";
import { fromHex } from "./feeding.ts";

/** Z, length 5, status I. */
const ready = "5a0000000549";

function streamOf(chunks: readonly string[]): ReadableStream<BackendMessage[]> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(fromHex(chunk));
      controller.close();
    },
  });
  return source.pipeThrough(new MessageDecoderStream(protocolV3.backendDecoder()));
}

async function batches(stream: ReadableStream<BackendMessage[]>): Promise<string[][]> {
  const found: string[][] = [];
  for (const reader = stream.getReader();;) {
    const { done, value } = await reader.read();
    if (done) return found;
    found.push(value.map((message) => message.kind));
  }
}

test("MessageDecoderStream gives one array a chunk, and none for a chunk that completes nothing", async () => {
  const chunks = [ready + ready, ready.slice(0, 4), ready.slice(4) + "3100000004"];
  assertEquals(await batches(streamOf(chunks)), [
    ["ReadyForQuery", "ReadyForQuery"],
    ["ReadyForQuery", "ParseComplete"],
  ]);
});

test("MessageDecoderStream errors when its bytes make no sense, and at an end within a message", async () => {
  await assertRejects(() => batches(streamOf([ready, "00"])), ProtocolError, "0x00");
  await assertRejects(() => batches(streamOf([ready, "5a00"])), ProtocolError, "the stream ended");
});

test("MessageDecoderStream takes its place among other streams", async () => {
  const bytes = Uint8Array.from(fromHex(ready + "3100000004" + ready));
  const recorded = () => new Blob([bytes]).stream();
  const cut = 8; // Within ParseComplete.
  const joined = concatReadableStreams<Uint8Array>(
    recorded().pipeThrough(new ByteSliceStream(0, cut - 1)),
    recorded().pipeThrough(new ByteSliceStream(cut)),
  );
  const messages = joined.pipeThrough(new MessageDecoderStream(protocolV3.backendDecoder()));
  assertEquals(await batches(messages), [["ReadyForQuery"], ["ParseComplete", "ReadyForQuery"]]);
});

test("MessageDecoderStream reads at most one chunk ahead of demand", async () => {
  let pulled = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(fromHex(ready));
    },
  }, { highWaterMark: 0 });
  const stream = source.pipeThrough(new MessageDecoderStream(protocolV3.backendDecoder()));
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve));
  assertEquals(pulled <= 1, true);
  const reader = stream.getReader();
  for (let i = 0; i < 5; i++) await reader.read();
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve));
  assertEquals(pulled, 6);
  await reader.cancel();
});

test("versionNumber() and versionName() are each other's inverse", () => {
  for (const protocol of [protocolV2, protocolV30, protocolV3]) {
    assertEquals(versionName(versionNumber(protocol.version)), protocol.version);
  }
  assertEquals(versionNumber("3.2"), 0x00030002);
});
