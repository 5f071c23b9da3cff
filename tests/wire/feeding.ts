/** Ways to feed a decoder, and messages in a form that can be compared. */

import type { MessageDecoder } from "../../lib/wire/decoder.ts";
import type { BackendMessage } from "../../lib/wire/backend_message.ts";
import type { FrontendMessage } from "../../lib/wire/frontend_message.ts";
import { rowValues } from "../../lib/wire/row_values.ts";

export type Message = BackendMessage | FrontendMessage;

/** Cuts `bytes` at the given offsets; each piece is memory of its own, with bytes around it. */
export function cut(bytes: Uint8Array, offsets: readonly number[]): Uint8Array[] {
  const edges = [0, ...[...offsets].sort((a, b) => a - b), bytes.length];
  const pieces: Uint8Array[] = [];
  for (let i = 1; i < edges.length; i++) {
    const piece = bytes.subarray(edges[i - 1], edges[i]);
    // What stands outside a chunk must not be looked at: 0xff, zeros and line feeds mislead.
    const framed = new Uint8Array(piece.length + 7).fill(i % 2 === 0 ? 0 : 0x0a);
    framed.set(piece, 3);
    pieces.push(framed.subarray(3, 3 + piece.length));
  }
  return pieces;
}

/** Every way the golden streams are fed: whole, byte by byte, cut in two at each place. */
export function* allCuts(bytes: Uint8Array): Generator<Uint8Array[]> {
  yield [bytes];
  yield cut(bytes, Array.from(bytes, (_, i) => i).slice(1));
  for (let at = 1; at < bytes.length; at++) yield cut(bytes, [at]);
}

/** Pushes all pieces and ends the stream. */
export function decodeAll<M>(decoder: MessageDecoder<M>, pieces: readonly Uint8Array[]): M[] {
  const messages = pieces.flatMap((piece) => decoder.push(piece));
  decoder.end();
  return messages;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Uint8Array {
  const pairs = text.match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/**
 * Messages without what depends on the cuts: bytes as hex, a run as its rows, and,
 * with `mergeCopy` (2.0 sends bare lines), neighbouring CopyData as one.
 */
export function plain(
  messages: readonly Message[],
  options: { readonly mergeCopy: boolean },
): Record<string, unknown>[] {
  const out: Record<string, unknown>[] = [];
  for (const message of messages) {
    if (message.kind === "DataRow") {
      for (let row = 0; row < message.count; row++) {
        const values = rowValues(message, row).map((value) => value && hex(value));
        out.push({ kind: "DataRow", format: message.format, values });
      }
      continue;
    }
    const fields = plainValue(message) as Record<string, unknown>;
    const last = out.at(-1);
    if (options.mergeCopy && message.kind === "CopyData" && last?.kind === "CopyData") {
      last.data = `${last.data}${fields.data}`;
      continue;
    }
    out.push(fields);
  }
  return out;
}

function plainValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([name, inner]) => [name, plainValue(inner)]));
}
