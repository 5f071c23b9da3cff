/**
 * What messages of both directions share. The messages themselves are by the manual's names
 * in backend_message.ts and frontend_message.ts: where 2.0 has another name for the same
 * thing, the 3.x name is used and the comment gives the other one.
 *
 * Byte arrays in decoded messages are views of the chunk they came in.
 *
 * @module
 */

/** A message, told from others by its name in the manual. */
export interface Message<Kind extends string> {
  /** The manual's name of the message. */
  readonly kind: Kind;
}

/** How a value stands on the wire: 0 is text, 1 is binary. */
export type Format = 0 | 1;

/** I: idle, T: in a transaction block, E: in a failed one. */
export type TransactionStatus = "I" | "T" | "E";

/**
 * Data of a COPY. On 3.x one message; on 2.0, which sends bare lines, as many
 * whole lines as the chunk held, line ends included.
 */
export interface CopyData extends Message<"CopyData"> {
  /** In the format that was agreed upon. */
  readonly data: Uint8Array;
}

/** The end of the data; on 2.0 the line `\.`. */
export type CopyDone = Message<"CopyDone">;
