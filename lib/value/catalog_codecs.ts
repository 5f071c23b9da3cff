/**
 * The codecs of the types of pg_catalog, by name.
 */

import { boolCodec } from "./bool.ts";
import { byteaCodec } from "./bytea.ts";
import type { Codec } from "./codec.ts";
import { dateCodec } from "./date.ts";
import { float4Codec, float8Codec } from "./float.ts";
import { int2Codec, int4Codec, int8Codec, oidCodec } from "./integer.ts";
import { jsonbCodec, jsonCodec } from "./json.ts";
import { numericCodec } from "./numeric.ts";
import { charCodec, textCodec } from "./text.ts";
import { intervalCodec, timeCodec, timetzCodec } from "./time.ts";
import { timestampCodec, timestamptzCodec } from "./timestamp.ts";
import type { TypeShapes } from "./type_shapes.ts";
import { uuidCodec } from "./uuid.ts";

/** All that are no containers, each in the shape that was chosen. */
export function catalogCodecs(_shapes: TypeShapes): Readonly<Record<string, Codec>> {
  return {
    bool: boolCodec,
    bytea: byteaCodec,
    char: charCodec,
    name: textCodec("name"),
    int8: int8Codec,
    int2: int2Codec,
    int4: int4Codec,
    text: textCodec("text"),
    oid: oidCodec,
    json: jsonCodec,
    float4: float4Codec,
    float8: float8Codec,
    unknown: textCodec("unknown"),
    bpchar: textCodec("bpchar"),
    varchar: textCodec("varchar"),
    date: dateCodec,
    time: timeCodec,
    timestamp: timestampCodec,
    timestamptz: timestamptzCodec,
    interval: intervalCodec,
    timetz: timetzCodec,
    numeric: numericCodec,
    uuid: uuidCodec,
    jsonb: jsonbCodec,
  };
}
