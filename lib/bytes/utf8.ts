/**
 * UTF-8 to text.
 *
 * @module
 */

// A byte order mark is data to PostgreSQL, so it is kept.
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Decodes UTF-8, lenient: what is none becomes U+FFFD, because the texts of a
 * server's start-up come in an encoding nobody knows yet.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
