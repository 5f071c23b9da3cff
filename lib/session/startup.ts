/**
 * The start-up of a session: who we are, the authentication, the server's settings.
 *
 * @module
 */

import { ConnectionError } from "../errors.ts";
import type { AuthenticationMessage, BackendMessage } from "../wire/backend_message.ts";
import { versionName, versionNumber } from "../wire/protocol.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import { unexpected } from "./request.ts";
import type { Request } from "./request.ts";
import { serverError } from "./server_error.ts";
import type { Session } from "./session.ts";
import { applySettings } from "./session_settings_v2.ts";
import type { ProtocolVersion, SessionOptions } from "./session_options.ts";

/** What a start-up needs beside the session. */
export interface StartupOptions {
  readonly options: SessionOptions;
  readonly authenticator: Authenticator;
}

/**
 * Starts a session; resolves with the first ReadyForQuery, the only mark of success.
 *
 * @throws {DatabaseError} when the server refuses
 */
export async function startUp(
  session: Session,
  { options, authenticator }: StartupOptions,
): Promise<void> {
  const { capabilities } = session.protocol;
  const parameters = capabilities.parameterStatus
    ? { DateStyle: "ISO, MDY", ...options.startupParameters, client_encoding: "UTF8" }
    : backendSwitches(options);
  await new Promise<void>((resolve, reject) => {
    session.send(
      [{
        kind: "StartupMessage",
        version: versionNumber(session.protocol.version),
        parameters: { user: options.user, database: options.database, ...parameters },
      }],
      new Startup({
        session,
        authenticator,
        minVersion: options.minProtocolVersion,
        resolve,
        reject,
      }),
    );
  });
  if (!capabilities.parameterStatus) await applySettings(session, options.startupParameters);
}

/** On 2.0 the packet has room for few settings: all but the switches are set after the login. */
function backendSwitches({ startupParameters }: SessionOptions): Record<string, string> {
  return startupParameters.options === undefined ? {} : { options: startupParameters.options };
}

interface StartupSettings {
  readonly session: Session;
  readonly authenticator: Authenticator;
  readonly minVersion: ProtocolVersion;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const STARTUP = "the start-up";

class Startup implements Request {
  readonly #settings: StartupSettings;
  #authenticated = false;
  #error: Error | undefined;

  constructor(settings: StartupSettings) {
    this.#settings = settings;
  }

  receive(message: BackendMessage): void | Promise<void> {
    switch (message.kind) {
      case "ErrorResponse":
        this.#error ??= serverError(message.fields);
        return;
      case "NegotiateProtocolVersion":
        return this.#negotiate(message.newestVersion);
      case "BackendKeyData":
        if (!this.#authenticated) break;
        // A copy: the key outlives the chunk it came in.
        return this.#settings.session.identify({
          key: { processId: message.processId, secretKey: message.secretKey.slice() },
        });
      default:
        if (message.kind.startsWith("Authentication") && !this.#authenticated) {
          return this.#authenticate(message as AuthenticationMessage);
        }
    }
    throw unexpected(message, STARTUP);
  }

  ready(): void {
    if (this.#error) return this.#settings.reject(this.#error);
    // Else a server could pass by what `requireAuth` and `channelBinding` demand.
    if (!this.#authenticated) throw unexpected({ kind: "ReadyForQuery" }, STARTUP);
    this.#settings.resolve();
  }

  fail(error: Error): void {
    this.#settings.reject(this.#error ?? error);
  }

  #negotiate(newest: number): void {
    const { session, minVersion } = this.#settings;
    if (newest < versionNumber(minVersion)) {
      throw new ConnectionError(
        `Cannot start a session: the server speaks protocol ${
          versionName(newest)
        }, expected at least ${minVersion}`,
      );
    }
    session.identify({ version: newest >= versionNumber("3.2") ? "3.2" : "3.0" });
  }

  async #authenticate(message: AuthenticationMessage): Promise<void> {
    const answer = await this.#settings.authenticator.respond(message);
    if (answer) this.#settings.session.write([answer]);
    this.#authenticated = message.kind === "AuthenticationOk";
  }
}
