/**
 * Misuse of an encoder.
 *
 * @module
 */

/** What an encoder throws for a message that its protocol does not have. */
export function noSuchMessage(kind: string, version: string): TypeError {
  return new TypeError(`Cannot encode ${kind}: protocol ${version} has no such message`);
}
