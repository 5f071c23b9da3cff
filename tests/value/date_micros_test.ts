import { inspect, isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { microsecondsOf, stampMicroseconds } from "../../lib/value/date_time/date_micros.ts";
import { timestampCodecs, timestamptzCodecs } from "../../lib/value/date_time/timestamp.ts";
import { untypedText } from "../../lib/value/untyped.ts";
import { test } from "../harness.ts";
import { assertEquals, assertStrictEquals } from "../std_assert.ts";
import { decodeBinary, decodeText, encodeBinary } from "./fields.ts";

const codecs = [timestampCodecs.date, timestamptzCodecs.date];
const EPOCH_MICROS = 946_684_800_000_000n;
/** Between the first timestamp and the last `Date`, since 2000. */
const micros = fc.oneof(
  fc.bigInt({ min: -211_813_488_000_000_000n, max: 8_639_053_315_200_000_000n }),
  fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
  fc.bigInt({ min: -3000n, max: 3000n }),
  fc.bigInt({ min: -EPOCH_MICROS - 3000n, max: -EPOCH_MICROS + 3000n }),
);

function bytesOf(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value);
  return bytes;
}

test("a timestamp read as Date is sent back with its microseconds", () => {
  fc.assert(
    fc.property(micros, fc.constantFrom(...codecs), (value, codec) => {
      const date = decodeBinary(codec, bytesOf(value)) as Date;
      const since1970 = BigInt(date.getTime()) * 1000n + BigInt(microsecondsOf(date));
      assertEquals(since1970, value + EPOCH_MICROS);
      assertEquals(encodeBinary(codec, date), bytesOf(value));
      const text = codec.encodeText(date);
      const again = decodeText(codec, text) as Date;
      assertEquals(again.getTime(), date.getTime());
      assertEquals(microsecondsOf(again), microsecondsOf(date));
      assertEquals(codec.encodeText(again), text);
    }),
    { numRuns: 1000 },
  );
});

test("microsecondsOf() is 0 of a Date that was changed, or is of one's own", () => {
  const read = () => decodeText(codecs[1], "2026-01-31 12:00:00.123456+00") as Date;
  assertEquals(microsecondsOf(read()), 456);
  assertEquals(microsecondsOf(new Date()), 0);
  assertEquals(microsecondsOf(new Date(NaN)), 0);
  assertEquals(microsecondsOf(decodeText(codecs[1], "2026-01-31 12:00:00.123+00") as Date), 0);

  const changed = read();
  changed.setUTCHours(13);
  assertEquals(microsecondsOf(changed), 0);
  assertEquals(codecs[1].encodeText(changed), "2026-01-31 13:00:00.123+00");
  changed.setTime(NaN);
  assertEquals(microsecondsOf(changed), 0);
  assertEquals(microsecondsOf(new Date(read())), 0);
  assertEquals(microsecondsOf(structuredClone(read())), 0);
});

test("microseconds before 1970 and before 2000 are cut towards the past", () => {
  const before1970 = decodeText(codecs[0], "1969-12-31 23:59:59.999999") as Date;
  assertEquals([before1970.getTime(), microsecondsOf(before1970)], [-1, 999]);
  const before2000 = decodeBinary(codecs[0], bytesOf(-1n)) as Date;
  assertEquals([before2000.getTime(), microsecondsOf(before2000)], [946_684_799_999, 999]);
  const beforeChrist = decodeText(codecs[0], "0044-03-15 00:00:00.000001 BC") as Date;
  assertEquals(beforeChrist.toISOString(), "-000043-03-15T00:00:00.000Z");
  assertEquals(microsecondsOf(beforeChrist), 1);
});

test("untypedText() of a Date has its microseconds", () => {
  const date = decodeText(codecs[0], "2026-01-31 12:00:00.000007") as Date;
  assertEquals(untypedText([date]), '{"2026-01-31 12:00:00.000007+00"}');
});

test("stampMicroseconds() changes nothing that can be seen", () => {
  const plain = new Date("2026-01-31T12:00:00.123Z");
  const given = new Date(plain);
  const date = stampMicroseconds(given, 456);
  assertStrictEquals(date, given);
  assertStrictEquals(Object.getPrototypeOf(date), Date.prototype);
  assertEquals(Reflect.ownKeys(date), []);
  assertEquals(JSON.stringify({ date }), JSON.stringify({ date: plain }));
  assertEquals(inspect(date), inspect(plain));
  assertEquals(inspect(date, { showHidden: true }), inspect(plain, { showHidden: true }));
  assertEquals(isDeepStrictEqual(date, plain), true);
  assertEquals(isDeepStrictEqual(plain, date), true);
  assertEquals(date, plain);
  assertEquals(structuredClone(date), plain);
  assertEquals({ ...date }, {});
});
