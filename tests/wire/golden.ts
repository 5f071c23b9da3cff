/** The golden traces: bytes that real servers sent and were sent, and what they mean. */

import { fromHex } from "./feeding.ts";

/** One decoded frame, as the tracer saw it. */
// The traces are data of many shapes; each mapping below names the fields it needs.
export type Meaning = Readonly<Record<string, unknown>> & { readonly type: string };

export interface GoldenFrame {
  readonly from: string;
  readonly hex: string;
  readonly connection?: string;
}

export interface GoldenCase {
  readonly name: string;
  readonly start: string;
  readonly frames: readonly GoldenFrame[];
  readonly meaning: readonly Meaning[];
}

/** A frame and its meaning. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly meaning: Meaning;
}

/** What is no message: one bare byte that negotiation reads, the end of the stream. */
const notMessages = ["SSLAnswer", "GSSENCAnswer", "<EOF>"];

/** The messages of one direction; the answers to SSLRequest and GSSENCRequest left out. */
export function framesFrom(from: "F" | "B", golden: GoldenCase): Frame[] {
  const frames = golden.frames.map((frame, i) => ({ ...frame, meaning: golden.meaning[i] }));
  return frames
    .filter((frame) => frame.from === from && !notMessages.includes(frame.meaning.type))
    .map(({ hex, meaning }) => ({ bytes: fromHex(hex), meaning }));
}

/** Bytes of a value of a trace: text, or hex where it is no text. */
export function valueHex(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value === "object") return (value as { hex: string }).hex;
  return Array.from(
    new TextEncoder().encode(String(value)),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}
