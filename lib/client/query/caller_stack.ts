/**
 * Makes the stack of an error that came from afar point at the line that asked.
 *
 * @module
 */

import { ConnectionError, DatabaseError, ProtocolError } from "../../errors.ts";

const OURS = /* @__PURE__ */ [
  DatabaseError,
  ConnectionError,
  ProtocolError,
  TypeError,
  RangeError,
] as const;

/** Remembers where it was made. Nothing is formatted before somebody reads it. */
export class CallSite {
  /** The frames of the call, in the engine's own form. */
  declare readonly stack: string | undefined;

  /** `below`: the function whose caller asked; its frame is left out where the engine can do that. */
  constructor(below: (...args: never[]) => unknown) {
    const { captureStackTrace } = Error as CapturingError;
    // One capture, not two, as an Error of our own would make: it is most of a short query's cost.
    if (captureStackTrace) captureStackTrace(this, below);
    else Object.defineProperty(this, "stack", { value: new Error().stack });
  }
}

/** V8 and JavaScriptCore have it; it is no standard yet. */
interface CapturingError {
  captureStackTrace?(target: object, below: unknown): void;
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
  const frames = /^\s*at /.test(stack) ? stack : stack.slice(stack.indexOf("\n") + 1);
  (error as Error).stack = `${name}: ${message}\n${frames}`;
}
