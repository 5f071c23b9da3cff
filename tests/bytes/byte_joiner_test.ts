/** Joining messages that chunks have cut. */

import { assert, assertEquals } from "../std_assert.ts";
import { ByteJoiner } from "../../lib/bytes/byte_joiner.ts";
import { Span } from "../../lib/bytes/span.ts";
import { test } from "../harness.ts";

const mebibyte = 1 << 20;

function joined(span: Span): number[] {
  return [...span.bytes.subarray(span.start, span.end)];
}

test("ByteJoiner.append() puts the pieces one behind the other", () => {
  for (const exact of [true, false]) {
    const joiner = new ByteJoiner({ exact });
    joiner.append(Uint8Array.of(1, 2), 3);
    joiner.append(Uint8Array.of(3), 2);
    joiner.append(Uint8Array.of(4, 5), 0);
    assertEquals(joined(joiner.take()), [1, 2, 3, 4, 5]);
    assertEquals(joined(joiner.span), []);
  }
});

test("ByteJoiner.append() allocates the exact size when it is known", () => {
  const joiner = new ByteJoiner({ exact: true });
  joiner.append(new Uint8Array(10), 90);
  assertEquals(joiner.span.bytes.length, 100);
  joiner.append(new Uint8Array(90), 0);
  assertEquals(joiner.take().bytes.length, 100);
});

test("ByteJoiner.append() believes no more than 1 MiB before it has come", () => {
  for (const exact of [true, false]) {
    const joiner = new ByteJoiner({ exact });
    joiner.append(new Uint8Array(5), 0x3fffffff);
    assert(joiner.span.bytes.length <= mebibyte);
    joiner.append(new Uint8Array(mebibyte), 0x3fffffff - mebibyte);
    assert(joiner.span.bytes.length <= 4 * mebibyte);
  }
});

test("ByteJoiner.append() ends at the exact size of a long message too", () => {
  const joiner = new ByteJoiner({ exact: true });
  const piece = new Uint8Array(100_000);
  for (let missing = 2_900_000; missing >= 0; missing -= 100_000) joiner.append(piece, missing);
  assertEquals(joiner.take().bytes.length, 3_000_000);
});

test("ByteJoiner.take() gives the bytes away: what is joined next does not touch them", () => {
  const joiner = new ByteJoiner({ exact: false });
  joiner.append(Uint8Array.of(1), 0);
  const first = joiner.take();
  joiner.append(Uint8Array.of(2), 0);
  assertEquals(joined(first), [1]);
});

test("Span.indexOf() does not find what lies behind its end", () => {
  const span = new Span(Uint8Array.of(7, 0, 7), 0, 2);
  assertEquals(span.indexOf(0, 0), 1);
  assertEquals(span.indexOf(7, 1), -1);
});

test("Span.view looks at the bytes of a part of a buffer from offset 0", () => {
  const part = Uint8Array.of(9, 9, 1, 2).subarray(2);
  assertEquals(new Span(part).view.getInt16(0), 0x0102);
});
