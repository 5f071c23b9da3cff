/**
 * The client's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677), as the
 * messages inside SASLInitialResponse, SASLResponse and their answers.
 *
 * @module
 */

import { ConnectionError, ProtocolError } from "../../errors.ts";
import { deriveScramKeys, hmac, type ScramKeyCache, type ScramKeys } from "./scram_keys.ts";

const encoder = /* @__PURE__ */ new TextEncoder();

/** PostgreSQL's have about a hundred bytes; more is not worth hashing. */
const MAX_SERVER_MESSAGE_BYTES = 4096;

/** `printable` of RFC 5802: ASCII without the comma. Extensions behind are refused, as by libpq. */
const SERVER_FIRST = /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/]+={0,2}),i=([1-9][0-9]{0,9})$/;
const SERVER_FINAL = /^(?:v=([A-Za-z0-9+/]+={0,2})|e=([\x21-\x2b\x2d-\x7e]{1,64}))$/;

/** How one SCRAM exchange is to be had. */
export interface ScramOptions {
  readonly password: string;
  /**
   * The data of tls-server-end-point: then the mechanism is SCRAM-SHA-256-PLUS. Or the GS2
   * flag: `n`, this client cannot bind; `y`, it can, but the server did not offer to.
   */
  readonly channelBinding: Uint8Array | "n" | "y";
  /** Refuses servers that ask for more. */
  readonly maxIterations: number;
  readonly keyCache?: ScramKeyCache;
  /** PostgreSQL goes by the start-up message's user and ignores this one, so it is empty. */
  readonly user?: string;
  /** 24 random characters if absent. */
  readonly nonce?: string;
}

interface Started {
  readonly state: "client-first sent";
}
interface Proved {
  readonly state: "client-final sent";
  readonly keys: ScramKeys;
  readonly authMessage: string;
}
type Progress = { readonly state: "new" | "verified" } | Started | Proved;

/** One exchange: `clientFirst()`, `clientFinal()`, `verify()`, each once and in this order. */
export class ScramClient {
  readonly mechanism: "SCRAM-SHA-256" | "SCRAM-SHA-256-PLUS";
  readonly #options: ScramOptions;
  readonly #gs2Header: string;
  readonly #nonce: string;
  readonly #clientFirstBare: string;
  #progress: Progress = { state: "new" };

  constructor(options: ScramOptions) {
    const { channelBinding } = options;
    const isBound = typeof channelBinding !== "string";
    this.mechanism = isBound ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256";
    this.#gs2Header = isBound ? "p=tls-server-end-point,," : `${channelBinding},,`;
    this.#options = options;
    this.#nonce = options.nonce ?? toBase64(crypto.getRandomValues(new Uint8Array(18)));
    const user = (options.user ?? "").replaceAll("=", "=3D").replaceAll(",", "=2C");
    this.#clientFirstBare = `n=${user},r=${this.#nonce}`;
  }

  /** True once the server has proved that it knows the password. */
  get verified(): boolean {
    return this.#progress.state === "verified";
  }

  /** The client-first-message. */
  clientFirst(): Uint8Array<ArrayBuffer> {
    this.#expect("new");
    this.#progress = { state: "client-first sent" };
    return encoder.encode(this.#gs2Header + this.#clientFirstBare);
  }

  /**
   * The client-final-message in answer to the server-first-message.
   *
   * @throws {ProtocolError} when the message is malformed or has not our nonce
   * @throws {ConnectionError} when it asks for more iterations than allowed
   */
  async clientFinal(data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    this.#expect("client-first sent");
    const serverFirst = decode(data, "server-first-message");
    const { nonce, salt, iterations } = this.#parseServerFirst(serverFirst);
    const { password, keyCache } = this.#options;
    const secret = { password, salt, iterations };
    const keys = await (keyCache?.keys(secret) ?? deriveScramKeys(secret));
    const withoutProof = `c=${this.#channelBindingInput()},r=${nonce}`;
    const authMessage = `${this.#clientFirstBare},${serverFirst},${withoutProof}`;
    const signature = await hmac(keys.storedKey, authMessage);
    const proof = keys.clientKey.map((byte, i) => byte ^ signature[i]);
    this.#progress = { state: "client-final sent", keys, authMessage };
    return encoder.encode(`${withoutProof},p=${toBase64(proof)}`);
  }

  /**
   * Checks the server-final-message.
   *
   * @throws {ProtocolError} when the message is malformed
   * @throws {ConnectionError} when it reports an error or its signature is wrong
   */
  async verify(data: Uint8Array): Promise<void> {
    const { keys, authMessage } = this.#expect("client-final sent");
    const match = SERVER_FINAL.exec(decode(data, "server-final-message"));
    if (!match) throw malformed("server-final-message");
    const [, verifier, serverError] = match;
    if (serverError !== undefined) {
      throw new ConnectionError(
        `Cannot authenticate by SCRAM: the server reports "${serverError}"`,
      );
    }
    const signature = fromBase64(verifier, "server-final-message");
    // Web Crypto compares in constant time, and a wrong length is wrong.
    const message = encoder.encode(authMessage);
    if (!await crypto.subtle.verify("HMAC", keys.serverKey, signature, message)) {
      throw new ConnectionError(
        "Cannot authenticate by SCRAM: the server's signature is wrong, it does not know the password",
      );
    }
    this.#progress = { state: "verified" };
  }

  #expect(state: "new"): void;
  #expect(state: "client-first sent"): Started;
  #expect(state: "client-final sent"): Proved;
  #expect(state: Progress["state"]): Progress {
    if (this.#progress.state === state) return this.#progress;
    throw new ProtocolError(
      `Cannot go on with SCRAM: the exchange is ${this.#progress.state}, expected ${state}`,
    );
  }

  #parseServerFirst(text: string): ServerFirst {
    if (text.startsWith("m=")) {
      throw new ProtocolError("Cannot go on with SCRAM: the server demands an unknown extension");
    }
    const match = SERVER_FIRST.exec(text);
    if (!match) throw malformed("server-first-message");
    const [, nonce, salt, count] = match;
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length) {
      throw new ProtocolError(
        "Cannot go on with SCRAM: the server's nonce does not extend the client's",
      );
    }
    const iterations = Number(count);
    const { maxIterations } = this.#options;
    if (iterations > maxIterations) {
      throw new ConnectionError(
        `Cannot authenticate by SCRAM: the server asks for ${iterations} iterations, expected ` +
          `at most ${maxIterations} (maxScramIterations)`,
      );
    }
    return { nonce, salt: fromBase64(salt, "server-first-message"), iterations };
  }

  #channelBindingInput(): string {
    const { channelBinding } = this.#options;
    const header = encoder.encode(this.#gs2Header);
    if (typeof channelBinding === "string") return toBase64(header);
    return toBase64(Uint8Array.of(...header, ...channelBinding));
  }
}

interface ServerFirst {
  readonly nonce: string;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
}

/** The patterns admit ASCII only, so bytes that are not UTF-8 fail there. */
function decode(data: Uint8Array, name: string): string {
  if (data.length > MAX_SERVER_MESSAGE_BYTES) throw malformed(name);
  return new TextDecoder().decode(data);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** `atob` lets missing padding and stray bits at the end pass; here the text must be the one form. */
function fromBase64(text: string, name: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) throw malformed(name);
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  if (toBase64(bytes) !== text) throw malformed(name);
  return bytes;
}

/** The text stays out: it is SASL data. */
function malformed(name: string): ProtocolError {
  return new ProtocolError(`Cannot decode SCRAM's ${name}: it is malformed`, { messageType: "R" });
}
