/**
 * The extension ltree: labels of trees and what searches them, as strings.
 *
 * ```ts ignore
 * import { connect } from "@rill/postgres";
 * import { lquery, ltree, ltxtquery } from "@rill/postgres/ltree";
 *
 * await using sql = connect(url, { types: { ltree, lquery, ltxtquery } });
 * const [{ v }] = await sql`select subpath('Top.Science.Astronomy', 1) as v`; // Science.Astronomy
 * ```
 *
 * @module
 */

import type { Codec } from "../../value/codec.ts";
import { malformed } from "../../value/codec_error.ts";
import { printedCodec } from "../../value/printed_codec.ts";

const VERSION = 1;

/** ltree: a string, `Top.Science`. Takes strings alone. */
export const ltree: Codec<string> = /* @__PURE__ */ treeCodec("ltree");

/** lquery: a string, `*.Science.*{1,2}`. Takes strings alone. */
export const lquery: Codec<string> = /* @__PURE__ */ treeCodec("lquery");

/** ltxtquery: a string, `Science & !Astronomy@`. Takes strings alone. */
export const ltxtquery: Codec<string> = /* @__PURE__ */ treeCodec("ltxtquery");

/**
 * A version and the text (ltree_io.c, ltree_send). Servers before 13 have no binary form, so
 * that it is good that text is what is asked for.
 */
function treeCodec(name: string): Codec<string> {
  return printedCodec(name, (source, start, end) => {
    if (start === end || source.bytes[start] !== VERSION) {
      throw malformed(name, `its version is unknown, expected ${VERSION}`);
    }
    return source.text(start + 1, end);
  });
}
