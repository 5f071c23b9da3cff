/**
 * pg_snapshot and txid_snapshot: which transactions are seen, as `10:20:10,14,15`.
 *
 * The binary form (xid8funcs.c, pg_snapshot_send) is a count, the two ends, and so many ids.
 */

import type { Codec, FieldSource } from "../codec.ts";
import { malformed } from "../codec_error.ts";
import { printedCodec } from "../printed_codec.ts";

const HEADER_BYTES = 20;

/**
 * A snapshot: a string as PostgreSQL prints it, `xmin:xmax:` and the ids in progress with commas
 * between them. Takes strings alone.
 */
export function snapshotCodec(name: string): Codec<string> {
  return printedCodec(name, ({ view }: FieldSource, start: number, end: number): string => {
    if (end - start < HEADER_BYTES) throw malformed(name, "its header is cut short");
    const count = view.getUint32(start);
    if (end - start !== HEADER_BYTES + count * 8) {
      throw malformed(name, `${end - start} bytes for ${count} ids`);
    }
    const running: bigint[] = [];
    for (let at = start + HEADER_BYTES; at < end; at += 8) running.push(view.getBigUint64(at));
    return `${view.getBigUint64(start + 4)}:${view.getBigUint64(start + 12)}:${running.join(",")}`;
  });
}
