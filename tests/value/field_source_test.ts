import { isAscii } from "../../lib/value/field_source.ts";
import { test } from "../harness.ts";
import { assertEquals } from "../std_assert.ts";

/** The plain twin. */
function hasOnlyAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

test("isAscii() sees a high bit at every place of the field, and none beside it", () => {
  const bytes = new Uint8Array(48).fill(0x7f);
  const view = new DataView(bytes.buffer);
  for (let odd = 0; odd < bytes.length; odd++) {
    for (const high of [0x80, 0xff]) {
      bytes[odd] = high;
      for (let start = 0; start < 8; start++) {
        for (let end = start; end <= bytes.length; end++) {
          const wanted = hasOnlyAscii(bytes.subarray(start, end));
          if (isAscii(view, start, end) !== wanted) {
            assertEquals(!wanted, wanted, `${high} at ${odd}, field ${start} to ${end}`);
          }
        }
      }
    }
    bytes[odd] = 0x7f;
  }
  assertEquals(isAscii(view, 0, bytes.length), true);
});
