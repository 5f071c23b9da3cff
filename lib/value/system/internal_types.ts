/**
 * The types that are only met in system catalogues and as results of functions.
 */

import { byteaCodec } from "../text/bytea.ts";
import type { Codec } from "../codec.ts";
import { printedCodec } from "../printed_codec.ts";
import { readText } from "../text/text.ts";

/**
 * Their codecs, by name: strings as PostgreSQL prints them; void is the empty string.
 *
 * PostgreSQL has no binary form of aclitem and gtsvector, so a binary cursor fails on the server.
 * That of pg_ndistinct, pg_dependencies and the BRIN summaries is a dump of the server's memory:
 * out of a binary cursor it is a Uint8Array. pg_mcv_list is such a dump in both formats, and a
 * Uint8Array from both. None of the types of statistics can be sent: PostgreSQL takes no values
 * of them from outside.
 */
export function internalCodecs(): Readonly<Record<string, Codec>> {
  return {
    aclitem: printedCodec("aclitem"),
    gtsvector: printedCodec("gtsvector"),
    pg_brin_bloom_summary: printedCodec("pg_brin_bloom_summary"),
    pg_brin_minmax_multi_summary: printedCodec("pg_brin_minmax_multi_summary"),
    pg_dependencies: printedCodec("pg_dependencies"),
    pg_mcv_list: { ...byteaCodec, name: "pg_mcv_list" },
    pg_ndistinct: printedCodec("pg_ndistinct"),
    pg_node_tree: printedCodec("pg_node_tree", readText),
    void: printedCodec("void", readText),
  };
}
