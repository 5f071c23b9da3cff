/**
 * What rill asks of the runtime it lives in. One file for each runtime gives it.
 *
 * @module
 */

import type { Connector } from "../transport/transport.ts";

/** What rill asks of the runtime it lives in. */
export interface Runtime {
  /** Which it is. */
  readonly name: "deno" | "bun" | "node";
  /** Opens TCP and Unix-domain transports. */
  readonly connect: Connector;
  /** An environment variable; undefined when unset or not permitted. */
  env(name: string): string | undefined;
  /** The whole of a text file. Rejects with the runtime's own error, `code` `ENOENT` when missing. */
  readTextFile(path: string): Promise<string>;
  /** The file's permission bits (`0o600`), or undefined where they mean nothing or may not be read. */
  fileMode(path: string): Promise<number | undefined>;
  /** The user's home directory, if there is one. */
  homeDirectory(): string | undefined;
  /** The name of the operating system's user, libpq's default for `user`. */
  userName(): string | undefined;
  /** True when the directory or socket is there (to choose libpq's default socket directory). */
  exists(path: string): Promise<boolean>;
  /**
   * The fastest correct way here to read UTF-8 out of bytes, if the runtime has a better one
   * than the Web's `TextDecoder`. Ill-formed sequences become U+FFFD.
   */
  readonly readUtf8?: (bytes: Uint8Array, start: number, end: number) => string;
  /**
   * One character a byte. Given only where a substring is cheaper than a call into the
   * runtime (V8, not JavaScriptCore).
   */
  readonly readLatin1?: (bytes: Uint8Array, start: number, end: number) => string;
}
