/**
 * The geometric types of a fixed count of numbers: point, line, lseg, box and circle.
 *
 * What is sent may be any object with the members of the interface, all numbers; a TypeError
 * says which member is missing or another thing.
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { Codec, FieldSource } from "../codec.ts";
import { checkLength } from "../codec_error.ts";
import { numberAt } from "./geometric_members.ts";
import { formatNumber } from "./geometric_number.ts";
import { GeometricScanner } from "./geometric_text.ts";
import type { Box, Circle, Line, LineSegment, Point } from "./geometric_value.ts";

const FLOAT8_BYTES = 8;

/** point: a {@linkcode Point}. */
export const pointCodec: Codec<Point> = /* @__PURE__ */ fixedCodec({
  name: "point",
  marks: ["(", ",", ")"],
  members: ["x", "y"],
  compose: (at) => ({ x: at(0), y: at(1) }),
});

/** line: a {@linkcode Line}, also where it was written as two points. */
export const lineCodec: Codec<Line> = /* @__PURE__ */ fixedCodec({
  name: "line",
  marks: ["{", ",", ",", "}"],
  members: ["a", "b", "c"],
  compose: (at) => ({ a: at(0), b: at(1), c: at(2) }),
});

/** lseg: a {@linkcode LineSegment}, its ends in the order they were given. */
export const lsegCodec: Codec<LineSegment> = /* @__PURE__ */ fixedCodec({
  name: "lseg",
  marks: ["[(", ",", "),(", ",", ")]"],
  members: ["start.x", "start.y", "end.x", "end.y"],
  compose: (at) => ({ start: { x: at(0), y: at(1) }, end: { x: at(2), y: at(3) } }),
});

/** box: a {@linkcode Box}, the upper right corner first. The server sorts what is sent. */
export const boxCodec: Codec<Box> = /* @__PURE__ */ fixedCodec({
  name: "box",
  marks: ["(", ",", "),(", ",", ")"],
  members: ["high.x", "high.y", "low.x", "low.y"],
  compose: (at) => ({ high: { x: at(0), y: at(1) }, low: { x: at(2), y: at(3) } }),
});

/** circle: a {@linkcode Circle}. */
export const circleCodec: Codec<Circle> = /* @__PURE__ */ fixedCodec({
  name: "circle",
  marks: ["<(", ",", "),", ">"],
  members: ["center.x", "center.y", "radius"],
  compose: (at) => ({ center: { x: at(0), y: at(1) }, radius: at(2) }),
});

/** In binary (geo_ops.c, point_send and the like) the numbers stand one behind the other. */
interface FixedType<T> {
  readonly name: string;
  /** What the text has before each number, and behind the last. */
  readonly marks: readonly string[];
  /** Where in the object the numbers are. */
  readonly members: readonly string[];
  /** Makes the object; `at` gives the numbers. */
  compose(at: (index: number) => number): T;
}

function fixedCodec<T>({ name, marks, members, compose }: FixedType<T>): Codec<T> {
  const paths = members.map((member) => member.split("."));
  const last = paths.length;
  return {
    name,
    decodeText(source: FieldSource, start: number, end: number): T {
      const scanner = new GeometricScanner(name, source, [start, end]);
      const numbers = paths.map((_, i) => {
        scanner.expect(marks[i]);
        return scanner.number();
      });
      scanner.expect(marks[last]);
      scanner.finish();
      return compose((index) => numbers[index]);
    },
    decodeBinary({ view }: FieldSource, start: number, end: number): T {
      checkLength(name, end - start, last * FLOAT8_BYTES);
      return compose((index) => view.getFloat64(start + index * FLOAT8_BYTES));
    },
    encodeText(value: unknown): string {
      const parts = paths.map((path, i) => marks[i] + formatNumber(numberAt(name, value, path)));
      return parts.join("") + marks[last];
    },
    encodeBinary(value: unknown, writer: ByteWriter): void {
      for (const path of paths) writer.writeFloat64(numberAt(name, value, path));
    },
  };
}
