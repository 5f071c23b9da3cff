/**
 * Answers the server's authentication messages and decides which of them it may send.
 *
 * @module
 */

import { ConnectionError, ProtocolError } from "../../errors.ts";
import type { AuthenticationMessage } from "../../wire/backend_message.ts";
import type {
  PasswordMessage,
  SASLInitialResponse,
  SASLResponse,
} from "../../wire/frontend_message.ts";
import type { AuthMethod, ChannelBinding, PasswordSource } from "../session_options.ts";
import { tlsServerEndPoint } from "./channel_binding.ts";
import { cryptDes } from "./crypt_des.ts";
import { md5Password } from "./md5.ts";
import { ScramClient } from "./scram.ts";
import type { ScramKeyCache } from "./scram_keys.ts";

/** What a login may do and what it has at hand. */
export interface AuthenticatorOptions {
  /** As sent in the start-up message. */
  readonly user: string;
  readonly password?: PasswordSource;
  readonly requireAuth?: { readonly methods: readonly AuthMethod[]; readonly negated: boolean };
  readonly channelBinding: ChannelBinding;
  readonly maxScramIterations: number;
  readonly keyCache?: ScramKeyCache;
  /** The server's certificate; absent where the runtime does not show it. */
  readonly certificateDer?: Uint8Array<ArrayBuffer>;
  /** True when the transport is encrypted. */
  readonly secure: boolean;
}

/** What the client sends while it logs in. */
export type AuthenticationResponse = PasswordMessage | SASLInitialResponse | SASLResponse;

/** Methods that rill does not speak, by the message that asks for them. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  AuthenticationKerberosV4: "Kerberos 4",
  AuthenticationKerberosV5: "Kerberos 5",
  AuthenticationSCMCredential: "SCM credentials",
  AuthenticationGSS: "GSSAPI",
  AuthenticationGSSContinue: "GSSAPI",
  AuthenticationSSPI: "SSPI",
};

/**
 * One login on one connection. Ask it for the answer to each authentication message, until
 * AuthenticationOk.
 *
 * As in libpq the server chooses the method, even a password in clear text on an unencrypted
 * connection; `requireAuth` and `sslmode` are there to forbid that. Stricter than libpq, a
 * SCRAM exchange must always come to its end, and there is one exchange per login.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  #method: AuthMethod | undefined;
  #scram: ScramClient | undefined;
  #isDone = false;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * The method the server chose, undefined before that; `none` when it let the user in without
   * asking. The crypt password of protocol 2.0, for which libpq has no name and which is next
   * to no secret, counts as `password`.
   */
  get method(): AuthMethod | undefined {
    return this.#method;
  }

  /**
   * The message to send, or undefined when there is none: after AuthenticationOk and
   * AuthenticationSASLFinal.
   *
   * @throws {ConnectionError} when the server may not or cannot be satisfied
   * @throws {ProtocolError} when the message cannot come here or makes no sense
   */
  async respond(message: AuthenticationMessage): Promise<AuthenticationResponse | undefined> {
    switch (message.kind) {
      case "AuthenticationOk":
        return this.#finish();
      case "AuthenticationCleartextPassword":
        this.#begin(message, "password");
        return passwordMessage(await this.#password());
      case "AuthenticationCryptPassword":
        this.#begin(message, "password");
        return passwordMessage(crypt(await this.#password(), message.salt));
      case "AuthenticationMD5Password":
        this.#begin(message, "md5");
        return passwordMessage(
          md5Password(this.#options.user, await this.#password(), message.salt),
        );
      case "AuthenticationSASL":
        this.#begin(message, "scram-sha-256");
        return await this.#beginScram(message.mechanisms);
      case "AuthenticationSASLContinue":
        return {
          kind: "SASLResponse",
          data: await this.#scramOf(message).clientFinal(message.data),
        };
      case "AuthenticationSASLFinal":
        await this.#scramOf(message).verify(message.data);
        return undefined;
      default:
        throw this.#refusal(
          `the server asks for ${UNSUPPORTED[message.kind]}, which rill does not speak`,
          "a line with scram-sha-256, md5 or password for this user in pg_hba.conf",
        );
    }
  }

  #begin(message: AuthenticationMessage, method: AuthMethod): void {
    if (this.#method !== undefined) throw unexpected(message, this.#method);
    this.#admit(method);
  }

  /** Takes note of the method, if libpq's `require_auth` and `channel_binding` allow it. */
  #admit(method: AuthMethod): void {
    const { requireAuth, channelBinding } = this.#options;
    if (requireAuth && requireAuth.methods.includes(method) === requireAuth.negated) {
      const wanted = requireAuth.methods.join(", ");
      throw this.#refusal(
        method === "none"
          ? "the server let the user in without authentication"
          : `the server asks for ${method}`,
        `${requireAuth.negated ? "anything but " : ""}${wanted} (requireAuth)`,
      );
    }
    if (channelBinding === "require" && method !== "scram-sha-256") {
      throw this.#refusal(
        `the server's method is ${method}`,
        'scram-sha-256 with channel binding (channelBinding "require")',
      );
    }
    this.#method = method;
  }

  #finish(): undefined {
    if (this.#isDone) throw unexpected({ kind: "AuthenticationOk" }, this.#method);
    if (this.#method === undefined) this.#admit("none");
    if (this.#method === "scram-sha-256" && !this.#scram?.verified) {
      throw this.#refusal(
        "the server ended the SCRAM exchange early",
        "proof that it knows the password",
      );
    }
    this.#isDone = true;
  }

  async #beginScram(offered: readonly string[]): Promise<SASLInitialResponse> {
    const channelBinding = await this.#binding(offered);
    const mechanism = typeof channelBinding === "string" ? "SCRAM-SHA-256" : "SCRAM-SHA-256-PLUS";
    if (!offered.includes(mechanism)) {
      throw this.#refusal(`the server offers ${offered.join(", ")}`, mechanism);
    }
    const { maxScramIterations: maxIterations, keyCache } = this.#options;
    const password = await this.#password();
    const scram = new ScramClient({ password, channelBinding, maxIterations, keyCache });
    this.#scram = scram;
    return { kind: "SASLInitialResponse", mechanism, data: scram.clientFirst() };
  }

  /** See fe-auth.c, pg_SASL_init, and fe-auth-scram.c, build_client_first_message. */
  async #binding(offered: readonly string[]): Promise<Uint8Array | "n" | "y"> {
    const { channelBinding, certificateDer, secure } = this.#options;
    const isOffered = offered.includes("SCRAM-SHA-256-PLUS");
    if (channelBinding === "disable") return "n";
    if (isOffered && !secure) {
      throw this.#refusal(
        "the server offers channel binding on an unencrypted connection, as if TLS were stripped",
        'TLS up to the server (or channelBinding "disable")',
      );
    }
    if (isOffered && certificateDer) return await tlsServerEndPoint(certificateDer);
    if (channelBinding === "require") throw this.#unbindable(isOffered);
    // A client that says "y" where the server did offer is taken for the victim of an attack,
    // so that one that cannot see the certificate must say "n".
    return secure && certificateDer ? "y" : "n";
  }

  #unbindable(isOffered: boolean): ConnectionError {
    const { secure } = this.#options;
    const wanted = 'channel binding (channelBinding "require")';
    if (!secure) return this.#refusal("the connection is not encrypted", wanted);
    if (!isOffered) return this.#refusal("the server does not offer SCRAM-SHA-256-PLUS", wanted);
    return this.#refusal("this transport does not show the server's certificate", wanted);
  }

  #scramOf(message: AuthenticationMessage): ScramClient {
    if (!this.#scram || this.#isDone) throw unexpected(message, this.#method);
    return this.#scram;
  }

  /** Asked for when the server asks, and once: there is one exchange per login. */
  async #password(): Promise<string> {
    const { password: source } = this.#options;
    const password = typeof source === "function" ? await this.#call(source) : source;
    // The server takes an empty password for none, and so does libpq.
    if (password === undefined || password === "") {
      throw this.#refusal("the server asks for a password and none is set");
    }
    if (typeof password !== "string") {
      throw this.#refusal("the password is not a text");
    }
    if (password.includes("\0")) {
      throw this.#refusal("the password holds a zero byte, which PostgreSQL has in no text");
    }
    return password;
  }

  async #call(source: () => string | Promise<string>): Promise<string> {
    try {
      return await source();
    } catch (cause) {
      throw new ConnectionError(
        `Cannot authenticate as "${this.#options.user}": the password function failed`,
        { cause },
      );
    }
  }

  #refusal(state: string, expected?: string): ConnectionError {
    const end = expected === undefined ? "" : `, expected ${expected}`;
    return new ConnectionError(`Cannot authenticate as "${this.#options.user}": ${state}${end}`);
  }
}

function passwordMessage(password: string): PasswordMessage {
  return { kind: "PasswordMessage", password };
}

function crypt(password: string, salt: Uint8Array): string {
  try {
    return cryptDes(password, String.fromCharCode(...salt));
  } catch (cause) {
    throw new ProtocolError("Cannot answer AuthenticationCryptPassword: its salt is invalid", {
      messageType: "R",
      cause,
    });
  }
}

function unexpected(message: AuthenticationMessage, method: AuthMethod | undefined): ProtocolError {
  const state = method === undefined ? "before any method was chosen" : `in a login by ${method}`;
  return new ProtocolError(`Cannot accept ${message.kind}: it came ${state}`, {
    messageType: "R",
    state: "authentication",
  });
}
