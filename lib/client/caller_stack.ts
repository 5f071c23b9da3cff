/**
 * Makes the stack of an error that came from afar point at the line that asked.
 *
 * @module
 */

import { ConnectionError, DatabaseError, ProtocolError } from "../errors.ts";

const OURS = /* @__PURE__ */ [
  DatabaseError,
  ConnectionError,
  ProtocolError,
  TypeError,
  RangeError,
] as const;

/** Remembers where it was made. Nothing is formatted before somebody reads it. */
export class CallSite extends Error {
  override readonly name = "CallSite" as const;

  /** `below`: the function whose caller asked; its frame is left out where the engine can do that. */
  constructor(below: (...args: never[]) => unknown) {
    super();
    (Error as CapturingError).captureStackTrace?.(this, below);
  }
}

/** V8 and Bun have it; it is no standard yet. */
interface CapturingError {
  captureStackTrace?(target: Error, below: unknown): void;
}

/**
 * Puts the frames of the call in the place of those of our reading loop, which tell
 * nobody anything. Errors that are not of ours, as a signal's reason, are left alone.
 */
export function pointAt(error: unknown, site: CallSite): void {
  if (!OURS.some((ours) => error instanceof ours)) return;
  const { name, message } = error as Error;
  const stack = site.stack ?? "";
  // V8 puts a title line before the frames, JavaScriptCore does not.
  const frames = stack.startsWith(site.name) ? stack.slice(stack.indexOf("\n") + 1) : stack;
  (error as Error).stack = `${name}: ${message}\n${frames}`;
}
