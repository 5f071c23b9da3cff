/**
 * rill: a PostgreSQL driver for Deno, Bun and Node that streams.
 *
 * @example Sum a column without holding the result
 * ```ts ignore
 * import { connect } from "@rill/postgres";
 *
 * await using sql = connect("postgres://app@localhost/shop");
 * let sum = 0n;
 * for await (const { total } of sql<{ total: bigint }>`select total from orders`) sum += total;
 * ```
 *
 * @module
 */

export { connect } from "./lib/client/connect.ts";
export type { ClientOptions, TargetSessionAttrs } from "./lib/client/options/options.ts";
export type { TransformOption } from "./lib/client/options/options.ts";
export type { CustomType, TypesOption } from "./lib/client/options/type_options.ts";
export type {
  AnyRow,
  FileOptions,
  GivenOptions,
  HelperInput,
  LiveOptions,
  QueryConfig,
  QueryResult,
  ReservedSql,
  SavepointSql,
  Sql,
  SqlTag,
  TextOptions,
  TransactionFunction,
  TransactionSql,
  TransactionStarter,
  Typed,
  WaitOptions,
} from "./lib/client/sql/sql_types.ts";
export { CLOSE, Query } from "./lib/client/query/query.ts";
export type { RejectionReason } from "./lib/client/query/query.ts";
export type { QueryOptions, StreamOptions } from "./lib/client/query/query_options.ts";
export type { StreamMode } from "./lib/client/lending/session_lender.ts";
export type { StatementDescription } from "./lib/client/query/describe_query.ts";
export type { PipelineOptions, PipelineResults, Queries } from "./lib/client/query/pipeline.ts";
export type { TransactionResult } from "./lib/client/transaction/transaction_result.ts";
export type {
  BeginOptions,
  IsolationLevel,
  TransactionOptions,
} from "./lib/client/transaction/transaction_options.ts";
export type { PoolerName } from "./lib/client/pooler/pooler_policy.ts";
export { camel, kebab, pascal } from "./lib/client/options/letter_case.ts";
export type { LetterCase, LetterCaseName } from "./lib/client/options/letter_case.ts";
export type { RowList, RowListFacts } from "./lib/rows/row_list.ts";
export type { RowStream } from "./lib/rows/row_stream.ts";
export type { StreamSummary } from "./lib/rows/result_facts.ts";
export type { Batches, ResultIterator } from "./lib/rows/result_iterator.ts";
export type { MapFunction, MapOptions } from "./lib/rows/concurrent_map.ts";
export type {
  InferOutput,
  StandardSchema,
  StandardSchemaIssue,
  StandardSchemaProps,
  StandardSchemaResult,
} from "./lib/rows/standard_schema.ts";
export { Fragment } from "./lib/sql/fragment.ts";
export type { FragmentParts } from "./lib/sql/fragment.ts";
export { Interval } from "./lib/value/date_time/interval.ts";
export type { IntervalParts } from "./lib/value/date_time/interval.ts";
export { JsonNumber } from "./lib/value/json/json_number.ts";
export { lowerBoundsOf, withLowerBounds } from "./lib/value/container/array_shape.ts";
export { microsecondsOf } from "./lib/value/date_time/date_micros.ts";
export { lossless } from "./lib/value/registry/type_shapes.ts";
export type { TypeShapes } from "./lib/value/registry/type_shapes.ts";
export { TypedValue } from "./lib/value/registry/typed_value.ts";
export type { TypeName } from "./lib/value/registry/typed_value.ts";
export type { Range, RangeBounds } from "./lib/value/container/range_value.ts";
export type {
  Box,
  Circle,
  Line,
  LineSegment,
  Path,
  Point,
  Polygon,
} from "./lib/value/geometric/geometric_value.ts";
export type { Parser, Serializer, TypeHookMaps } from "./lib/value/registry/type_hooks.ts";
export type { Codec, Decode, FieldSource } from "./lib/value/codec.ts";
export type { ByteWriter } from "./lib/bytes/byte_writer.ts";
export { ConfigError, ConnectionError, DatabaseError, ProtocolError } from "./lib/errors.ts";
export type { ErrorFields } from "./lib/errors.ts";
export type { ChannelBinding, PasswordSource, SslMode } from "./lib/session/session_options.ts";
export type { FieldDescription } from "./lib/wire/backend_message.ts";
export type { Format } from "./lib/wire/message.ts";
export type { ProtocolVersion } from "./lib/wire/protocol.ts";
export type {
  Address,
  ConnectOptions,
  Connector,
  TlsOptions,
  Transport,
  TransportInfo,
} from "./lib/transport/transport.ts";
export type { Runtime } from "./lib/runtime/runtime.ts";
