/**
 * xml as a string: a document or a piece of one.
 */

import type { Codec } from "../codec.ts";
import { printedCodec } from "../printed_codec.ts";
import { readText } from "./text.ts";

/**
 * xml: a string as PostgreSQL prints it. Takes strings alone.
 *
 * A session in UTF-8 reads the same from both formats: the XML declaration is left out, or, if it
 * says more than version 1.0, printed without an encoding (xml.c, print_xml_decl).
 *
 * It is sent as text always: there a declared encoding is passed over, as the string has none
 * (xml_in), while bytes would be read in that encoding (xml_recv).
 */
export const xmlCodec: Codec<string> = /* @__PURE__ */ printedCodec("xml", readText);
