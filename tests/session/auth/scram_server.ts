/** A SCRAM server for tests, written with node:crypto and without any code of lib. */

import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";

type Bytes = Uint8Array<ArrayBuffer>;

/** What the server knows and how it misbehaves. */
export interface ScramServerOptions {
  readonly password: string;
  readonly salt?: Bytes;
  readonly iterations?: number;
  readonly serverNonce?: string;
  /** What it wants to be bound to; absent: a client that binds is refused. */
  readonly certificateHash?: Bytes;
  /** True: PLUS was offered, so that a client's `y` betrays an attack. */
  readonly offersPlus?: boolean;
}

/** Throws where a real server would refuse the client. */
export class ScramServer {
  readonly #options: ScramServerOptions;
  readonly #salt: Bytes;
  readonly #iterations: number;
  #gs2Header = "";
  #clientFirstBare = "";
  #serverFirst = "";

  constructor(options: ScramServerOptions) {
    this.#options = options;
    this.#salt = options.salt ?? Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    this.#iterations = options.iterations ?? 16;
  }

  get gs2Header(): string {
    return this.#gs2Header;
  }

  first(clientFirst: Uint8Array): Bytes {
    const text = new TextDecoder().decode(clientFirst);
    const match = /^((?:n|y|p=tls-server-end-point),,)(n=[^,]*,r=([!-+\--~]{18,}))$/.exec(text);
    if (!match) throw new Error(`malformed client-first-message: ${text}`);
    const [, header, bare, nonce] = match;
    if (header === "y,," && this.#options.offersPlus) throw new Error("downgrade detected");
    this.#gs2Header = header;
    this.#clientFirstBare = bare;
    const salt = btoa(String.fromCharCode(...this.#salt));
    const serverNonce = this.#options.serverNonce ?? "3rfcNHYJY1ZVvWVs7j";
    this.#serverFirst = `r=${nonce}${serverNonce},s=${salt},i=${this.#iterations}`;
    return new TextEncoder().encode(this.#serverFirst);
  }

  final(clientFinal: Uint8Array): Bytes {
    const text = new TextDecoder().decode(clientFinal);
    const match = /^(c=([^,]+),r=([^,]+)),p=([^,]+)$/.exec(text);
    if (!match) throw new Error(`malformed client-final-message: ${text}`);
    const [, withoutProof, binding, nonce, proof] = match;
    if (!this.#serverFirst.startsWith(`r=${nonce},`)) throw new Error("wrong nonce");
    const data = this.#gs2Header.startsWith("p=") ? this.#options.certificateHash! : [];
    const wanted = this.#gs2Header + String.fromCharCode(...data);
    if (atob(binding) !== wanted) throw new Error("wrong channel binding");

    const { password } = this.#options;
    const salted = pbkdf2Sync(password, this.#salt, this.#iterations, 32, "sha256");
    const clientKey = createHmac("sha256", salted).update("Client Key").digest();
    const storedKey = createHash("sha256").update(clientKey).digest();
    const authMessage = `${this.#clientFirstBare},${this.#serverFirst},${withoutProof}`;
    const signature = createHmac("sha256", storedKey).update(authMessage).digest();
    const expected = clientKey.map((byte, i) => byte ^ signature[i]);
    const given = Uint8Array.from(atob(proof), (char) => char.charCodeAt(0));
    if (given.length !== 32 || !timingSafeEqual(given, expected)) throw new Error("wrong proof");
    const serverKey = createHmac("sha256", salted).update("Server Key").digest();
    const verifier = createHmac("sha256", serverKey).update(authMessage).digest("base64");
    return new TextEncoder().encode(`v=${verifier}`);
  }
}
