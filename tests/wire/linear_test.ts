/**
 * Decoding is linear in the size of a message, however small the chunks: shown by counting
 * the bytes that are copied and searched and the integers that are read, not by a clock.
 */

import { assert, assertEquals } from "../std_assert.ts";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import type { MessageDecoder } from "../../lib/wire/decoder.ts";
import type { BackendMessage } from "../../lib/wire/backend_message.ts";
import { BackendDecoderV2 } from "../../lib/wire/v2/backend_decoder.ts";
import { BackendDecoderV3 } from "../../lib/wire/v3/backend_decoder.ts";
import { test } from "../harness.ts";
import { fromHex, utf8 } from "./feeding.ts";

/** Any of the typed arrays: `set`, `slice` and `indexOf` are theirs in common. */
interface TypedArrayMethods {
  set(source: ArrayLike<number>, offset?: number): void;
  slice(start?: number, end?: number): Uint8Array;
  indexOf(value: number, from?: number): number;
}

/** Runs `work` and counts what it does to bytes. */
function countWork(work: () => void): number {
  const typed = Object.getPrototypeOf(Uint8Array.prototype) as TypedArrayMethods;
  const { set, slice, indexOf } = typed;
  const { getInt32 } = DataView.prototype;
  let count = 0;
  typed.set = function (source, offset) {
    count += source.length;
    return set.call(this, source, offset);
  };
  typed.slice = function (start, end) {
    const copy = slice.call(this, start, end);
    count += copy.length;
    return copy;
  };
  typed.indexOf = function (value, from = 0) {
    const found = indexOf.call(this, value, from);
    count += (found < 0 ? (this as unknown as Uint8Array).length : found + 1) - from;
    return found;
  };
  DataView.prototype.getInt32 = function (at, little) {
    count += 4;
    return getInt32.call(this, at, little);
  };
  try {
    work();
  } finally {
    Object.assign(typed, { set, slice, indexOf });
    DataView.prototype.getInt32 = getInt32;
  }
  return count;
}

/** A message of which all but a head and a tail is filler. */
interface Shape {
  readonly decoder: () => MessageDecoder<BackendMessage>;
  readonly head: (size: number) => Uint8Array;
  readonly tail: Uint8Array;
  readonly kind: BackendMessage["kind"];
}

function int32(value: number): Uint8Array {
  const writer = new ByteWriter(4);
  writer.writeInt32(value);
  return writer.take();
}

/** Past the log-in: before it long messages are refused. */
function ready<D extends MessageDecoder<BackendMessage>>(decoder: D, readyForQuery: string): D {
  decoder.push(fromHex(readyForQuery));
  return decoder;
}

const decoderV3 = () => ready(new BackendDecoderV3(), "5a0000000549");
/** Behind a RowDescription of one column named "a". */
const decoderV2 = () => {
  const decoder = ready(new BackendDecoderV2(), "5a");
  decoder.push(fromHex("54000161000000001900040000ffff"));
  return decoder;
};

const shapes: Readonly<Record<string, Shape>> = {
  "a DataRow of 3.x": {
    decoder: decoderV3,
    // D, length, one field, its length.
    head: (size) => Uint8Array.from([0x44, ...int32(size + 10), 0, 1, ...int32(size)]),
    tail: new Uint8Array(0),
    kind: "DataRow",
  },
  "an AsciiRow of 2.0": {
    decoder: decoderV2,
    // D, bitmap of one field, its size with itself.
    head: (size) => Uint8Array.from([0x44, 0x80, ...int32(size + 4)]),
    tail: new Uint8Array(0),
    kind: "DataRow",
  },
  "a NoticeResponse of 2.0": {
    decoder: decoderV2,
    head: () => utf8("NNOTICE:  "),
    tail: Uint8Array.of(0x0a, 0),
    kind: "NoticeResponse",
  },
  "a line of a COPY of 2.0": {
    decoder: () => {
      const decoder = decoderV2();
      decoder.push(utf8("H"));
      return decoder;
    },
    head: () => utf8("x"),
    tail: utf8("\n"),
    kind: "CopyData",
  },
};

/** Work for a message with `size` bytes of filler that comes in chunks of `chunkBytes`. */
function work(shape: Shape, size: number, chunkBytes: number): number {
  const decoder = shape.decoder();
  const chunk = new Uint8Array(chunkBytes).fill(0x78);
  const messages: BackendMessage[] = [];
  const push = (piece: Uint8Array) => messages.push(...decoder.push(piece));
  const head = shape.head(size);
  const count = countWork(() => {
    push(head);
    for (let left = size; left > 0; left -= chunkBytes) {
      push(chunk.subarray(0, Math.min(left, chunkBytes)));
    }
    if (shape.tail.length > 0) push(shape.tail);
  });
  assertEquals(messages.map((message) => message.kind), [shape.kind]);
  return count;
}

const mega = 1_000_000;

for (const [name, shape] of Object.entries(shapes)) {
  const chunkSizes = [65_536, 8_192];
  for (const chunkBytes of chunkSizes) {
    test(`StreamDecoder.push() of ${name} with 40 MB in chunks of ${chunkBytes} is linear`, () => {
      const small = work(shape, 10 * mega, chunkBytes);
      const large = work(shape, 40 * mega, chunkBytes);
      // Joined once, grown by doubling, a text searched for its end three times.
      assert(large < 7 * 40 * mega, `${large} bytes were touched`);
      assert(large < 6 * small, `${large} after ${small}`);
    });
  }

  test(`StreamDecoder.push() of ${name} in pieces of one byte is linear`, () => {
    const small = work(shape, 20_000, 1);
    const large = work(shape, 80_000, 1);
    assert(large < 8 * 80_000, `${large} bytes were touched`);
    assert(large < 6 * small, `${large} after ${small}`);
  });
}
