/**
 * The geometric types, in the shape that was chosen.
 */

import type { Codec, FieldSource } from "../codec.ts";
import { boxCodec, circleCodec, lineCodec, lsegCodec, pointCodec } from "./geometric_fixed.ts";
import { pathCodec, polygonCodec } from "./geometric_points.ts";
import { printing } from "../printing.ts";

/** PostgreSQL's names of the geometric types. */
export type GeometricName = "point" | "line" | "lseg" | "box" | "path" | "polygon" | "circle";

/** `object`: of the interfaces in geometric_value.ts. `text`: a string, as PostgreSQL prints it. */
export const geometricCodecs: {
  readonly [shape in "object" | "text"]: Readonly<Record<GeometricName, Codec>>;
} = {
  object: {
    point: pointCodec,
    line: lineCodec,
    lseg: lsegCodec,
    box: boxCodec,
    path: pathCodec,
    polygon: polygonCodec,
    circle: circleCodec,
  },
  text: {
    point: /* @__PURE__ */ asText(pointCodec),
    line: /* @__PURE__ */ asText(lineCodec),
    lseg: /* @__PURE__ */ asText(lsegCodec),
    box: /* @__PURE__ */ asText(boxCodec),
    path: /* @__PURE__ */ asText(pathCodec),
    polygon: /* @__PURE__ */ asText(polygonCodec),
    circle: /* @__PURE__ */ asText(circleCodec),
  },
};

/** Gives strings; takes the objects still. */
function asText(codec: Codec): Codec<string> {
  return {
    ...codec,
    prefersText: true,
    decodeText: (source: FieldSource, start: number, end: number): string =>
      source.text(start, end),
    decodeBinary: printing(codec),
  };
}
