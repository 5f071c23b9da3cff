/**
 * COPY between the client and the server, by the simple protocol: the data is bytes in the
 * form that the query asks for.
 *
 * @module
 */

import type { BackendMessage } from "../wire/backend_message.ts";
import { refuseCopy } from "./copy_refusal.ts";
import { unexpected } from "./request.ts";
import type { Request } from "./request.ts";
import { serverError } from "./server_error.ts";
import type { Session } from "./session.ts";

/** Which way the data goes. */
export type CopyDirection = "in" | "out";

/** What a COPY tells of itself. */
export interface CopyEvents {
  /** The server is ready for data, or about to send it. */
  started(): void;
  /** Data of a COPY OUT; a promise asks for no more until it settles. */
  data(bytes: Uint8Array): void | Promise<void>;
  /** The last reply came: the COPY is done. */
  end(commandTag: string): void;
  fail(error: Error): void;
}

const COPY = "COPY";

/** Sends a query that must be one COPY in the direction that is said. */
export function startCopy(
  session: Session,
  query: string,
  { direction, events }: { readonly direction: CopyDirection; readonly events: CopyEvents },
): CopyRequest {
  const request = new CopyRequest({ session, query, direction, events });
  session.send([{ kind: "Query", query }], request);
  return request;
}

interface CopyRequestOptions {
  readonly session: Session;
  readonly query: string;
  readonly direction: CopyDirection;
  readonly events: CopyEvents;
}

/** Takes what a COPY is answered with. */
export class CopyRequest implements Request {
  readonly query: string;
  readonly #options: CopyRequestOptions;
  #started = false;
  #commandTag: string | undefined;
  #error: Error | undefined;

  constructor(options: CopyRequestOptions) {
    this.#options = options;
    this.query = options.query;
  }

  receive(message: BackendMessage): void | Promise<void> {
    switch (message.kind) {
      case "CopyInResponse":
      case "CopyOutResponse":
        return this.#start(message);
      case "CopyData":
        return this.#error ? undefined : this.#options.events.data(message.data);
      case "CopyDone":
        return;
      case "CommandComplete":
      case "EmptyQueryResponse":
        this.#commandTag = message.kind === "CommandComplete" ? message.commandTag : "";
        if (!this.#started) this.#error ??= this.#notOne();
        return;
      case "ErrorResponse":
        this.#error ??= serverError(message.fields, this.query);
        return;
      case "RowDescription":
      case "CursorResponse":
      case "DataRow":
        this.#error ??= this.#notOne();
        return;
      default:
        throw unexpected(message, COPY);
    }
  }

  ready(): void {
    if (this.#error) return this.fail(this.#error);
    if (this.#commandTag === undefined) throw unexpected({ kind: "ReadyForQuery" }, COPY);
    this.#options.events.end(this.#commandTag);
  }

  fail(error: Error): void {
    this.#options.events.fail(this.#error ?? error);
  }

  #start(message: BackendMessage & { readonly kind: "CopyInResponse" | "CopyOutResponse" }): void {
    const { session, direction, events } = this.#options;
    const isMeant = !this.#started && (message.kind === "CopyInResponse") === (direction === "in");
    if (isMeant && !this.#error) {
      this.#started = true;
      return events.started();
    }
    refuseCopy(session, message, { extended: false });
    this.#error ??= this.#notOne();
  }

  #notOne(): TypeError {
    const wanted = this.#options.direction === "in" ? "COPY FROM STDIN" : "COPY TO STDOUT";
    return new TypeError(`Cannot copy: the query is no ${wanted} and nothing else`);
  }
}
