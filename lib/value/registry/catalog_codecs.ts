/**
 * The codecs of the types of pg_catalog, by name.
 */

import { bitCodec, varbitCodec } from "../text/bit_string.ts";
import { boolCodec } from "../number/bool.ts";
import { byteaCodec } from "../text/bytea.ts";
import type { Codec } from "../codec.ts";
import { dateCodecs } from "../date_time/date.ts";
import { float4Codec, float8Codec } from "../number/float.ts";
import { geometricCodecs } from "../geometric/geometric.ts";
import { cidrCodec, inetCodec } from "../network/inet.ts";
import { int2Codec, int4Codec, int8Codecs, oidCodec } from "../number/integer.ts";
import { internalCodecs } from "../system/internal_types.ts";
import { intervalCodecs } from "../date_time/interval_codec.ts";
import { jsonbCodecs, jsonCodecs } from "../json/json.ts";
import { jsonpathCodec } from "../text/jsonpath.ts";
import { macaddr8Codec, macaddrCodec } from "../network/mac_address.ts";
import { moneyCodec } from "../number/money.ts";
import { numericCodecs } from "../number/numeric.ts";
import { pgLsnCodec } from "../system/pg_lsn.ts";
import { regCodecs } from "../system/reg.ts";
import { snapshotCodec } from "../system/snapshot.ts";
import { charCodec, textCodec } from "../text/text.ts";
import { tidCodec } from "../system/tid.ts";
import { timeCodecs, timetzCodec } from "../date_time/time.ts";
import { timestampCodecs, timestamptzCodecs } from "../date_time/timestamp.ts";
import { cidCodec, xid8Codec, xidCodec } from "../system/transaction_id.ts";
import { tsqueryCodec } from "../search/tsquery.ts";
import { tsvectorCodec } from "../search/tsvector.ts";
import type { TypeShapes } from "./type_shapes.ts";
import { uuidCodec } from "../text/uuid.ts";
import { int2vectorCodec, oidvectorCodec } from "../system/vector.ts";
import { xmlCodec } from "../text/xml.ts";

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
