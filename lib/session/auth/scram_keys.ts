/**
 * The keys of SCRAM-SHA-256 (RFC 5802, section 3), and a cache of them: deriving them is
 * made slow on purpose, and a pool logs in again and again with the same password.
 *
 * @module
 */

import { saslprep } from "./saslprep.ts";

const encoder = /* @__PURE__ */ new TextEncoder();

/** What SCRAM keys are derived from. */
export interface ScramSecret {
  /** As the user gave it: it is prepared by SASLprep here. */
  readonly password: string;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
}

/** All that SCRAM needs of a password. */
export interface ScramKeys {
  readonly clientKey: Uint8Array<ArrayBuffer>;
  /** For HMAC; the hash of {@linkcode ScramKeys.clientKey}. */
  readonly storedKey: CryptoKey;
  /** For HMAC. */
  readonly serverKey: CryptoKey;
}

/** Derives the keys by PBKDF2, off the main thread where the runtime does so. */
export async function deriveScramKeys(secret: ScramSecret): Promise<ScramKeys> {
  const { password, salt, iterations } = secret;
  // PostgreSQL takes the password as it is when SASLprep refuses it (auth-scram.c).
  const prepared = encoder.encode(saslprep(password) ?? password);
  const base = await crypto.subtle.importKey("raw", prepared, "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const salted = await hmacKey(await crypto.subtle.deriveBits(algorithm, base, 256));
  const clientKey = await hmac(salted, "Client Key");
  return {
    clientKey,
    storedKey: await hmacKey(await crypto.subtle.digest("SHA-256", clientKey)),
    serverKey: await hmacKey(await hmac(salted, "Server Key")),
  };
}

/** The HMAC-SHA-256 of a text's UTF-8, 32 bytes. */
export async function hmac(key: CryptoKey, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
}

function hmacKey(bytes: BufferSource): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign", "verify"]);
}

/**
 * Keeps the keys last derived, for the sessions of one pool.
 *
 * Passwords are not kept: an entry is found by an HMAC under a key of the cache's own,
 * which cannot be read out of it.
 */
export class ScramKeyCache {
  readonly #capacity: number;
  /** In the order of use, the oldest first. Promises: logins at the same time derive once. */
  readonly #entries = new Map<string, Promise<ScramKeys>>();
  #indexKey: Promise<CryptoKey> | undefined;

  /** `capacity` in entries: a password on one host is one, until the server's salt changes. */
  constructor(capacity: number = 16) {
    this.#capacity = capacity;
  }

  /** The keys, derived now if they are not at hand. */
  async keys(secret: ScramSecret): Promise<ScramKeys> {
    const index = await this.#indexOf(secret);
    const found = this.#entries.get(index);
    const keys = found ?? deriveScramKeys(secret);
    this.#entries.delete(index);
    this.#entries.set(index, keys);
    if (found === undefined) this.#evict();
    try {
      return await keys;
    } catch (error) {
      this.#entries.delete(index);
      throw error;
    }
  }

  async #indexOf({ password, salt, iterations }: ScramSecret): Promise<string> {
    this.#indexKey ??= crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, [
      "sign",
    ]);
    const facts = JSON.stringify([password, Array.from(salt), iterations]);
    return (await hmac(await this.#indexKey, facts)).join();
  }

  #evict(): void {
    for (const index of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) return;
      this.#entries.delete(index);
    }
  }
}
