/**
 * The types of pg_catalog that have a codec, by OID (pg_type.dat; they never change).
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
import { uuidCodec } from "./uuid.ts";

/** A type, its codec, and the type of its arrays. */
export interface TypeEntry {
  readonly oid: number;
  /** Absent: the type has no array type. */
  readonly arrayOid?: number;
  readonly codec: Codec;
}

/** What a registry starts with. */
export const defaultTypes: readonly TypeEntry[] = [
  { oid: 16, arrayOid: 1000, codec: boolCodec },
  { oid: 17, arrayOid: 1001, codec: byteaCodec },
  { oid: 18, arrayOid: 1002, codec: charCodec },
  { oid: 19, arrayOid: 1003, codec: /* @__PURE__ */ textCodec("name") },
  { oid: 20, arrayOid: 1016, codec: int8Codec },
  { oid: 21, arrayOid: 1005, codec: int2Codec },
  { oid: 23, arrayOid: 1007, codec: int4Codec },
  { oid: 25, arrayOid: 1009, codec: /* @__PURE__ */ textCodec("text") },
  { oid: 26, arrayOid: 1028, codec: oidCodec },
  { oid: 114, arrayOid: 199, codec: jsonCodec },
  { oid: 700, arrayOid: 1021, codec: float4Codec },
  { oid: 701, arrayOid: 1022, codec: float8Codec },
  { oid: 705, codec: /* @__PURE__ */ textCodec("unknown") },
  { oid: 1042, arrayOid: 1014, codec: /* @__PURE__ */ textCodec("bpchar") },
  { oid: 1043, arrayOid: 1015, codec: /* @__PURE__ */ textCodec("varchar") },
  { oid: 1082, arrayOid: 1182, codec: dateCodec },
  { oid: 1083, arrayOid: 1183, codec: timeCodec },
  { oid: 1114, arrayOid: 1115, codec: timestampCodec },
  { oid: 1184, arrayOid: 1185, codec: timestamptzCodec },
  { oid: 1186, arrayOid: 1187, codec: intervalCodec },
  { oid: 1266, arrayOid: 1270, codec: timetzCodec },
  { oid: 1700, arrayOid: 1231, codec: numericCodec },
  { oid: 2950, arrayOid: 2951, codec: uuidCodec },
  { oid: 3802, arrayOid: 3807, codec: jsonbCodec },
];
