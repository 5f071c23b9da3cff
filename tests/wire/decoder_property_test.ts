/** What holds for all decoders, whatever comes and however it is cut. */

import fc from "fast-check";
import { assertEquals } from "../std_assert.ts";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { ProtocolError } from "../../lib/errors.ts";
import type { MessageDecoder } from "../../lib/wire/decoder.ts";
import { BackendDecoderV2 } from "../../lib/wire/v2/backend_decoder.ts";
import { FrontendDecoderV2 } from "../../lib/wire/v2/frontend_decoder.ts";
import { encodeFrontendV2 } from "../../lib/wire/v2/frontend_encoder.ts";
import type { ExpectedV2 } from "../../lib/wire/v2/frontend_framing.ts";
import { BackendDecoderV3 } from "../../lib/wire/v3/backend_decoder.ts";
import { FrontendDecoderV3 } from "../../lib/wire/v3/frontend_decoder.ts";
import { encodeFrontendV3 } from "../../lib/wire/v3/frontend_encoder.ts";
import type { ExpectedV3 } from "../../lib/wire/v3/frontend_framing.ts";
import { test } from "../harness.ts";
import { cuts, frontendV2, frontendV3, type Spoken, spokenV2, spokenV3 } from "./arbitraries.ts";
import { concat, cut, decodeAll, fromHex, type Message, plain } from "./feeding.ts";

function offsets(parts: readonly number[], length: number): number[] {
  return parts.map((part) => Math.floor(part * length));
}

const backends: readonly {
  readonly name: string;
  readonly make: () => MessageDecoder<Message>;
  readonly spoken: fc.Arbitrary<Spoken>;
  readonly mergeCopy: boolean;
  /** A ReadyForQuery. */
  readonly ready: Uint8Array;
}[] = [
  {
    name: "BackendDecoderV3",
    make: () => new BackendDecoderV3(),
    spoken: spokenV3,
    mergeCopy: false,
    ready: fromHex("5a0000000549"),
  },
  {
    name: "BackendDecoderV2",
    make: () => new BackendDecoderV2(),
    spoken: spokenV2,
    mergeCopy: true,
    ready: fromHex("5a"),
  },
];

for (const { name, make, spoken, mergeCopy, ready } of backends) {
  test(`${name}.push() decodes what its encoder wrote, however it is cut`, () => {
    fc.assert(
      fc.property(fc.array(spoken, { maxLength: 12 }), cuts, (said, parts) => {
        const stream = concat(said.map(({ bytes }) => bytes));
        const pieces = cut(stream, offsets(parts, stream.length));
        const messages = plain(decodeAll(make(), pieces), { mergeCopy });
        assertEquals(messages, said.flatMap((one) => one.messages));
      }),
      { numRuns: 400 },
    );
  });

  test(`${name}.push() gives one array a chunk and one run for the rows of a chunk`, () => {
    fc.assert(
      fc.property(fc.array(spoken, { maxLength: 12 }), (said) => {
        // Before the log-in rows are not looked for in bulk.
        const messages = make().push(concat([ready, ...said.map(({ bytes }) => bytes)]));
        const split = messages.filter((message, i) => {
          const before = messages[i - 1];
          if (message.kind !== "DataRow" || before?.kind !== "DataRow") return false;
          return before.format === message.format;
        });
        assertEquals(split, []);
      }),
    );
  });
}

/** Cuts, changes, doubles or drops a stretch of bytes. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat(6),
  inserted: fc.uint8Array({ maxLength: 6 }),
});

function mutate(
  bytes: Uint8Array,
  { at, removed, inserted }: { at: number; removed: number; inserted: Uint8Array },
): Uint8Array {
  const place = Math.floor(at * bytes.length);
  return concat([bytes.subarray(0, place), inserted, bytes.subarray(place + removed)]);
}

/** Decodes to the end or to the first ProtocolError; anything else escapes. */
function survive(decoder: MessageDecoder<Message>, pieces: readonly Uint8Array[]): void {
  try {
    plain(decodeAll(decoder, pieces), { mergeCopy: false });
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}

for (const { name, make, spoken } of backends) {
  test(`${name}.push() throws nothing but ProtocolError for random bytes`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (bytes, parts) => {
        survive(make(), cut(bytes, offsets(parts, bytes.length)));
      }),
      { numRuns: 500 },
    );
  });

  test(`${name}.push() throws nothing but ProtocolError for damaged streams`, () => {
    const damaged = fc.tuple(
      fc.array(spoken, { minLength: 1, maxLength: 8 }),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(damaged, cuts, ([said, mutations], parts) => {
        const stream = mutations.reduce(mutate, concat(said.map(({ bytes }) => bytes)));
        survive(make(), cut(stream, offsets(parts, stream.length)));
      }),
      { numRuns: 500 },
    );
  });
}

const startup = ["StartupMessage", "CancelRequest", "SSLRequest", "GSSENCRequest"];
const answers = ["PasswordMessage", "SASLInitialResponse", "SASLResponse", "GSSResponse"];

test("FrontendDecoderV3.push() decodes what encodeFrontendV3() wrote, however it is cut", () => {
  fc.assert(
    fc.property(fc.array(frontendV3, { maxLength: 8 }), cuts, (said, parts) => {
      const decoder = new FrontendDecoderV3();
      for (const message of said) {
        const { kind } = message;
        const expected = answers.includes(kind) ? kind as ExpectedV3 : "query";
        decoder.expect(startup.includes(kind) ? "startup" : expected);
        const writer = new ByteWriter(1);
        encodeFrontendV3(message, writer);
        const stream = writer.take();
        const pieces = cut(stream, offsets(parts, stream.length));
        const decoded = decodeAll(decoder, pieces);
        assertEquals(plain(decoded, { mergeCopy: false }), plain([message], { mergeCopy: false }));
      }
    }),
    { numRuns: 300 },
  );
});

test("FrontendDecoderV2.push() decodes what encodeFrontendV2() wrote, however it is cut", () => {
  const expectations: Readonly<Record<string, ExpectedV2>> = {
    PasswordMessage: "PasswordMessage",
    CopyData: "CopyData",
    CopyDone: "CopyData",
  };
  fc.assert(
    fc.property(fc.array(frontendV2, { maxLength: 8 }), cuts, (said, parts) => {
      for (const message of said) {
        const decoder = new FrontendDecoderV2();
        const { kind } = message;
        decoder.expect(startup.includes(kind) ? "startup" : expectations[kind] ?? "query");
        const writer = new ByteWriter(1);
        encodeFrontendV2(message, writer);
        const stream = writer.take();
        const pieces = cut(stream, offsets(parts, stream.length));
        const decoded = pieces.flatMap((piece) => decoder.push(piece));
        assertEquals(plain(decoded, { mergeCopy: true }), plain([message], { mergeCopy: true }));
      }
    }),
    { numRuns: 300 },
  );
});

test("FrontendDecoderV2.push() and FrontendDecoderV3.push() throw nothing but ProtocolError", () => {
  const expected2 = fc.constantFrom<ExpectedV2>("startup", "PasswordMessage", "query", "CopyData");
  const expected3 = fc.constantFrom<ExpectedV3>("startup", "SASLInitialResponse", "query");
  const opening = fc.constantFrom(
    "",
    "Q",
    "F",
    "B",
    "P",
    "p",
    "\0\0\0\x10",
    "\0\0\x01\x28\0\x02\0\0",
  );
  fc.assert(
    fc.property(
      fc.tuple(expected2, expected3, opening),
      fc.uint8Array({ maxLength: 60 }),
      cuts,
      ([first, second, begin], random, parts) => {
        const bytes = concat([new TextEncoder().encode(begin), random]);
        const pieces = cut(bytes, offsets(parts, bytes.length));
        const decoderV2 = new FrontendDecoderV2();
        decoderV2.expect(first);
        survive(decoderV2, pieces);
        const decoderV3 = new FrontendDecoderV3();
        decoderV3.expect(second);
        survive(decoderV3, pieces);
      },
    ),
    { numRuns: 500 },
  );
});
