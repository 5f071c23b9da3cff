/**
 * Bytes as hex digits, upper case as PostGIS prints them.
 */

import { decodeUtf8 } from "../../bytes/utf8.ts";

const DIGITS = "0123456789ABCDEF";

/** Two digits a byte. */
export function formatHex(bytes: Uint8Array): string {
  const text = new Uint8Array(bytes.length * 2);
  for (let i = 0; i < bytes.length; i++) {
    text[i * 2] = DIGITS.charCodeAt(bytes[i] >> 4);
    text[i * 2 + 1] = DIGITS.charCodeAt(bytes[i] & 15);
  }
  return decodeUtf8(text);
}

/** Undefined: not two hex digits a byte. */
export function parseHex(text: string): Uint8Array | undefined {
  if (text.length % 2 === 1) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const value = digitValue(text.charCodeAt(i * 2)) << 4 | digitValue(text.charCodeAt(i * 2 + 1));
    if (value < 0) return undefined;
    bytes[i] = value;
  }
  return bytes;
}

/** -1: no hex digit. */
function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
