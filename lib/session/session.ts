/**
 * One connection to a server: a strict queue of requests and their replies.
 *
 * The session reads a chunk's messages only when the one before was taken, and
 * hands each to the request at the head of its queue. It never buffers rows and
 * never guesses: a message that its request does not expect ends the connection.
 *
 * @module
 */

import { ConnectionError, ProtocolError } from "../errors.ts";
import type { DatabaseError, ErrorFields } from "../errors.ts";
import type { BackendMessage } from "../wire/backend_message.ts";
import type { FrontendMessage } from "../wire/frontend_message.ts";
import type { TransactionStatus } from "../wire/message.ts";
import type { Protocol } from "../wire/protocol.ts";
import { MessageDecoderStream } from "../wire/message_decoder_stream.ts";
import { formatMessage } from "../wire/trace.ts";
import type { Transport } from "../transport/transport.ts";
import { Cancellation } from "./cancellation.ts";
import { lossFor } from "./loss.ts";
import { Outbox } from "./outbox.ts";
import { unexpected } from "./request.ts";
import type { Request } from "./request.ts";
import { reasonOf, serverError } from "./server_error.ts";
import type { ProtocolVersion } from "./session_options.ts";
import { StatementCache } from "./statement_cache.ts";
import { probeTransaction } from "./transaction_probe.ts";
import { TransactionTracker } from "./transaction_tracker.ts";

/** What a session is made with. */
export interface SessionSettings {
  /** Which server and database this is; the same for all sessions of one. */
  readonly server: string;
  readonly protocol: Protocol;
  readonly maxMessageBytes: number;
  /** Prepared statements kept; the one used least recently goes first. */
  readonly statementCacheSize: number;
  /** Tells the server to stop what this backend is doing; resolves when it was told. */
  readonly sendCancel: (processId: number, secretKey: Uint8Array) => Promise<void>;
  /** How long the server may say nothing at all to a cancel before the connection is given up. */
  readonly cancelTimeoutMs: number;
  readonly onNotice?: (fields: ErrorFields) => void;
  readonly onParameter?: (name: string, value: string) => void;
  readonly onNotification?: (
    channel: string,
    payload: string | undefined,
    processId: number,
  ) => void;
  /** Takes one line for each message, both ways. */
  readonly trace?: (line: string) => void;
  /** Called once; the error is absent after {@linkcode Session.close}. */
  readonly onClose?: (error?: Error) => void;
}

/** What a backend is known by, for CancelRequest. */
interface BackendKey {
  readonly processId: number;
  readonly secretKey: Uint8Array;
}

/** Settings that a server may report; PostgreSQL 18 reports 15. */
const MAX_PARAMETERS = 1000;

/** Command tags behind which the server has no prepared statement left. */
const dropsStatements: readonly string[] = ["DEALLOCATE ALL", "DISCARD ALL"];

/** One connection to a server. */
export class Session {
  readonly protocol: Protocol;
  readonly statements: StatementCache;
  /** The server's settings that it reports; on 2.0 those read at login. */
  readonly parameters: Map<string, string> = new Map();
  #version: ProtocolVersion;
  #transactionStatus: TransactionStatus | undefined;
  #tracker: TransactionTracker | undefined;
  #key: BackendKey | undefined;

  readonly #settings: SessionSettings;
  readonly #transport: Transport;
  readonly #outbox: Outbox;
  readonly #queue: Request[] = [];
  readonly #cancelWanted = new Set<Request>();
  /** Requests that wait in the outbox for the end of a cancellation. */
  readonly #unsent = new Set<Request>();
  /** Chunks that had messages. */
  #received = 0;
  /** Of the request at the head. Nothing is sent meanwhile: a cancel must find nobody else. */
  #cancellation: Cancellation | undefined;
  #cancelled: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;
  #closing = false;
  #lostTo: Error | undefined;
  /** What the server said last, in case the connection ends right behind it. */
  #farewell: ErrorFields | undefined;

  constructor(transport: Transport, settings: SessionSettings) {
    this.#transport = transport;
    this.#settings = settings;
    this.protocol = settings.protocol;
    this.#version = settings.protocol.version;
    this.#tracker = this.protocol.capabilities.transactionStatus
      ? undefined
      : new TransactionTracker();
    this.statements = new StatementCache(this, settings.statementCacheSize);
    this.#outbox = new Outbox(transport.writable, settings);
    const decoder = this.protocol.backendDecoder({ maxMessageBytes: settings.maxMessageBytes });
    const messages = transport.readable.pipeThrough(new MessageDecoderStream(decoder));
    this.#read(messages.getReader());
  }

  /** The protocol that both sides agreed upon. */
  get version(): ProtocolVersion {
    return this.#version;
  }

  /** Undefined where it is not known yet: right after it changed on 2.0. */
  get transactionStatus(): TransactionStatus | undefined {
    return this.#tracker ? this.#tracker.status : this.#transactionStatus;
  }

  /** The backend's process id, as in pg_stat_activity. */
  get processId(): number | undefined {
    return this.#key?.processId;
  }

  /** True until the connection is closed, lost or about to be closed. */
  get usable(): boolean {
    return this.#lostTo === undefined && !this.#closing;
  }

  /** Requests that are not answered yet. */
  get pending(): number {
    return this.#queue.length;
  }

  /** True while a request is to be cancelled: what is sent behind it could only wait. */
  get cancelling(): boolean {
    return this.#cancelWanted.size > 0 || this.#cancellation !== undefined;
  }

  /** Resolves when no cancel is on its way any more; undefined when none is. */
  get cancelled(): Promise<void> | undefined {
    return this.#cancelled;
  }

  /** Which server and database this is: types that users define have other OIDs elsewhere. */
  get server(): string {
    return this.#settings.server;
  }

  /** Milliseconds that the server may take, silent, to be told to stop. */
  get patienceMs(): number {
    return this.#settings.cancelTimeoutMs;
  }

  get secure(): boolean {
    return this.#transport.info.secure;
  }

  /** Who this is, as the start-up found out. */
  identify(identity: { version?: ProtocolVersion; key?: BackendKey }): void {
    this.#version = identity.version ?? this.#version;
    this.#key = identity.key ?? this.#key;
  }

  /** Puts a request into the queue and its messages behind what waits to be sent in this turn. */
  send(messages: readonly FrontendMessage[], request: Request): void {
    if (!this.usable) return request.fail(this.#cannotSend());
    try {
      this.#outbox.put(messages);
    } catch (error) {
      return request.fail(error as Error);
    }
    this.#queue.push(request);
    if (this.#cancellation) this.#unsent.add(request);
  }

  /** Sends what belongs to the request at the head: passwords, the data of a COPY. */
  write(messages: readonly FrontendMessage[]): void {
    this.#outbox.put(messages);
  }

  /** Resolves when what was written has gone out, or the connection is lost. Never rejects. */
  drain(): Promise<void> {
    return this.#outbox.drain();
  }

  /**
   * Has the server told to stop a request, as soon as that can hit no other: when the
   * request is at the head and nothing was sent behind it but what is to be cancelled as well.
   * Its replies come as ever.
   */
  cancel(request: Request): void {
    if (!this.#queue.includes(request)) return;
    this.#cancelWanted.add(request);
    this.#cancelHead();
  }

  /** Lets every request be answered, says Terminate and closes. Never rejects. */
  async close(): Promise<void> {
    if (!this.usable) return;
    this.#closing = true;
    if (this.#queue.length > 0) await new Promise<void>((resolve) => this.#whenIdle = resolve);
    if (this.#lostTo) return;
    this.#outbox.put([{ kind: "Terminate" }]);
    this.#outbox.close();
    this.#lostTo = new ConnectionError("Cannot start a query: the connection was closed", {
      safeToRetry: true,
    });
    await this.#transport.close();
    this.#settings.onClose?.();
  }

  /** Ends the connection at once: what waits for an answer is rejected with `error`. */
  abort(error: Error): void {
    this.#lose(error);
  }

  async #read(reader: ReadableStreamDefaultReader<BackendMessage[]>): Promise<void> {
    try {
      for (;;) {
        const { value: messages, done } = await reader.read();
        if (done) return this.#lose(this.#endOfStream());
        this.#received++;
        for (const message of messages) {
          const wait = this.#dispatch(message);
          if (wait) await wait;
          if (this.#lostTo) return;
        }
      }
    } catch (error) {
      this.#lose(explainCut(error as Error));
    } finally {
      reader.cancel().catch(() => {});
    }
  }

  #dispatch(message: BackendMessage): void | Promise<void> {
    this.#settings.trace?.(formatMessage("B", message));
    const head = this.#queue[0];
    switch (message.kind) {
      case "DataRow":
        break;
      case "NoticeResponse":
        this.#farewell = message.fields;
        this.#settings.onNotice?.(message.fields);
        return head?.notice?.(message.fields);
      case "ParameterStatus":
        return this.#setParameter(message.name, message.value);
      case "NotificationResponse":
        return this.#settings.onNotification?.(message.channel, message.payload, message.processId);
      case "ErrorResponse":
        this.#farewell = message.fields;
        if (head === undefined) return; // Only the end of the connection can follow.
        this.#tracker?.failed(head.query ?? "");
        break;
      case "CommandComplete":
        this.#tracker?.completed(message.commandTag, head?.query ?? "");
        if (dropsStatements.includes(message.commandTag)) this.statements.clear();
        break;
      case "ReadyForQuery":
        return this.#ready(message.transactionStatus);
    }
    if (head === undefined) throw unexpected(message, "an idle connection");
    return head.receive(message);
  }

  #ready(status: TransactionStatus | undefined): void {
    const request = this.#queue[0];
    if (request === undefined) throw unexpected({ kind: "ReadyForQuery" }, "an idle connection");
    this.#transactionStatus = status;
    this.#farewell = undefined;
    request.ready();
    this.#queue.shift();
    this.#cancelWanted.delete(request);
    this.#cancellation?.end();
    if (this.#tracker && this.#tracker.status === undefined) probeTransaction(this, this.#tracker);
    this.#cancelHead();
    if (this.#queue.length === 0) this.#whenIdle?.();
  }

  #setParameter(name: string, value: string): void {
    if (this.parameters.size >= MAX_PARAMETERS && !this.parameters.has(name)) {
      throw new ProtocolError(`Cannot take ParameterStatus: more than ${MAX_PARAMETERS} were sent`);
    }
    this.parameters.set(name, value);
    this.#settings.onParameter?.(name, value);
    if (name !== "client_encoding" || value === "UTF8" || value === "UNICODE") return;
    throw new ConnectionError(
      `Cannot read text: client_encoding was set to ${value}, expected UTF8`,
    );
  }

  #cancelHead(): void {
    // It may hit whatever was sent.
    const sent = this.#queue.filter((one) => !this.#unsent.has(one));
    if (sent.length === 0 || !sent.every((one) => this.#cancelWanted.has(one))) return;
    if (this.#key === undefined || this.#cancellation !== undefined) return;
    const { processId, secretKey } = this.#key;
    this.#outbox.hold();
    this.#cancellation = new Cancellation({
      send: () => this.#settings.sendCancel(processId, secretKey),
      received: () => this.#received,
      patienceMs: this.#settings.cancelTimeoutMs,
    });
    this.#cancelled = this.#cancellation.run()
      .catch((error) => this.#lose(error))
      .then(() => this.#endCancellation());
  }

  #endCancellation(): void {
    this.#cancellation = this.#cancelled = undefined;
    if (this.#lostTo) return;
    this.#cancelHead(); // What was sent with the one that has ended may be wanted to end, too.
    if (this.#cancellation) return;
    this.#outbox.release();
    this.#unsent.clear();
    this.#cancelHead();
  }

  #endOfStream(): ConnectionError {
    const reason = this.#farewell;
    if (reason === undefined) {
      return new ConnectionError("The connection was closed by the server without a word");
    }
    return new ConnectionError(`The connection was closed by the server (${reasonOf(reason)})`, {
      code: reason.code,
      cause: serverError(reason),
    });
  }

  #cannotSend(): ConnectionError {
    const cause = this.#lostTo;
    const state = cause === undefined ? "the connection is being closed" : sentence(cause.message);
    return new ConnectionError(`Cannot start a query: ${state}`, {
      code: (cause as ConnectionError | DatabaseError | undefined)?.code,
      safeToRetry: true,
      cause,
    });
  }

  #lose(error: Error): void {
    if (this.#lostTo) return;
    this.#lostTo = error;
    this.#transport.abort(error);
    const requests = this.#queue.splice(0);
    this.#cancelWanted.clear();
    this.#cancellation?.end();
    for (const request of requests) request.fail(lossFor(error));
    this.#whenIdle?.();
    this.#settings.onClose?.(error);
  }
}

/** A stream that ends within a message is the pipe's fault, not the bytes'. */
function explainCut(error: Error): Error {
  if (!(error instanceof ProtocolError) || !error.truncated) return error;
  return new ConnectionError("The connection was closed in the middle of a message", {
    cause: error,
  });
}

/** Puts an error's text behind a colon. */
function sentence(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
