/**
 * Types that are known to be there, and no more than that: their values are text.
 */

import { formatArray } from "../container/array_text.ts";
import { measureArray } from "../container/array_shape.ts";
import type { Codec } from "../codec.ts";
import { unfit } from "../codec_error.ts";
import { readText } from "../text/text.ts";
import { fallbackCodec } from "../untyped.ts";

/** The codec of a type that has none: text in both directions. Errors tell the type's name. */
export function otherTypeCodec(name: string): Codec {
  const format = (value: unknown): string => {
    if (Array.isArray(value)) {
      const shape = measureArray(value, { typeName: name, nested: true });
      return formatArray(shape, { format, delimiter: "," });
    }
    try {
      return fallbackCodec.encodeText(value);
    } catch (error) {
      if (error instanceof RangeError) throw error;
      throw unfit(name, value, "a string");
    }
  };
  return { name, decodeText: readText, encodeText: format };
}
