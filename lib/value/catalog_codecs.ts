/**
 * The codecs of the types of pg_catalog, by name.
 */

import { bitCodec, varbitCodec } from "./bit_string.ts";
import { boolCodec } from "./bool.ts";
import { byteaCodec } from "./bytea.ts";
import type { Codec } from "./codec.ts";
import { dateCodecs } from "./date.ts";
import { float4Codec, float8Codec } from "./float.ts";
import { geometricCodecs } from "./geometric.ts";
import { cidrCodec, inetCodec } from "./inet.ts";
import { int2Codec, int4Codec, int8Codecs, oidCodec } from "./integer.ts";
import { internalCodecs } from "./internal_types.ts";
import { intervalCodecs } from "./interval_codec.ts";
import { jsonbCodecs, jsonCodecs } from "./json.ts";
import { jsonpathCodec } from "./jsonpath.ts";
import { macaddr8Codec, macaddrCodec } from "./mac_address.ts";
import { moneyCodec } from "./money.ts";
import { numericCodecs } from "./numeric.ts";
import { pgLsnCodec } from "./pg_lsn.ts";
import { regCodecs } from "./reg.ts";
import { snapshotCodec } from "./snapshot.ts";
import { charCodec, textCodec } from "./text.ts";
import { tidCodec } from "./tid.ts";
import { timeCodecs, timetzCodec } from "./time.ts";
import { timestampCodecs, timestamptzCodecs } from "./timestamp.ts";
import { cidCodec, xid8Codec, xidCodec } from "./transaction_id.ts";
import { tsqueryCodec } from "./tsquery.ts";
import { tsvectorCodec } from "./tsvector.ts";
import type { TypeShapes } from "./type_shapes.ts";
import { uuidCodec } from "./uuid.ts";
import { int2vectorCodec, oidvectorCodec } from "./vector.ts";
import { xmlCodec } from "./xml.ts";

/** All that are no containers, each in the shape that was chosen. */
export function catalogCodecs(shapes: TypeShapes): Readonly<Record<string, Codec>> {
  return {
    bool: boolCodec,
    bytea: byteaCodec,
    char: charCodec,
    citext: textCodec("citext"),
    cstring: textCodec("cstring"),
    refcursor: textCodec("refcursor"),
    name: textCodec("name"),
    int8: int8Codecs[shapes.int8 ?? "bigint"],
    int2: int2Codec,
    int4: int4Codec,
    text: textCodec("text"),
    oid: oidCodec,
    json: jsonCodecs[shapes.json ?? "parsed"],
    float4: float4Codec,
    float8: float8Codec,
    unknown: textCodec("unknown"),
    bpchar: textCodec("bpchar"),
    varchar: textCodec("varchar"),
    date: dateCodecs[shapes.date ?? "date"],
    time: timeCodecs[shapes.time ?? "text"],
    timestamp: timestampCodecs[shapes.timestamp ?? "date"],
    timestamptz: timestamptzCodecs[shapes.timestamptz ?? "date"],
    interval: intervalCodecs[shapes.interval ?? "object"],
    timetz: timetzCodec,
    numeric: numericCodecs[shapes.numeric ?? "string"],
    uuid: uuidCodec,
    inet: inetCodec,
    cidr: cidrCodec,
    macaddr: macaddrCodec,
    macaddr8: macaddr8Codec,
    bit: bitCodec,
    varbit: varbitCodec,
    ...geometricCodecs[shapes.geometric ?? "object"],
    jsonb: jsonbCodecs[shapes.jsonb ?? "parsed"],
    xid: xidCodec,
    cid: cidCodec,
    xid8: xid8Codec,
    tid: tidCodec,
    pg_lsn: pgLsnCodec,
    pg_snapshot: snapshotCodec("pg_snapshot"),
    txid_snapshot: snapshotCodec("txid_snapshot"),
    money: moneyCodec,
    tsvector: tsvectorCodec,
    tsquery: tsqueryCodec,
    jsonpath: jsonpathCodec,
    xml: xmlCodec,
    int2vector: int2vectorCodec,
    oidvector: oidvectorCodec,
    ...regCodecs(),
    ...internalCodecs(),
  };
}
