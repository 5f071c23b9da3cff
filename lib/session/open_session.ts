/**
 * Opens sessions: host by host, secured or not as sslmode says, on the best protocol
 * that both sides speak.
 *
 * @module
 */

import { ConnectionError, DatabaseError } from "../errors.ts";
import type { Connector, Transport } from "../transport/transport.ts";
import type { Protocol } from "../wire/protocol.ts";
import { protocolV2 } from "../wire/v2/protocol.ts";
import { protocolV3, protocolV30 } from "../wire/v3/protocol.ts";
import { Authenticator } from "./auth/authenticator.ts";
import type { ScramKeyCache } from "./auth/scram_keys.ts";
import { sendCancelRequest } from "./cancel_request.ts";
import { openTransport } from "./open_transport.ts";
import { Session } from "./session.ts";
import type { SessionSettings } from "./session.ts";
import type { HostSettings, SessionOptions } from "./session_options.ts";
import { startUp } from "./startup.ts";
import { mayFallBack, tlsAttempts } from "./tls_plan.ts";
import type { TlsAttempt } from "./tls_plan.ts";

/** What sessions of one pool share beside their options. */
export interface SessionEnvironment
  extends
    Pick<SessionSettings, "statementCacheSize" | "onNotice" | "onParameter" | "trace" | "onClose"> {
  readonly connect: Connector;
  readonly keyCache?: ScramKeyCache;
}

/** As long as a cancel is on its way the session can send nothing. */
const MAX_CANCEL_MS = 10_000;

/** One way to reach a server. */
interface Route {
  readonly host: HostSettings;
  readonly protocol: Protocol;
  readonly attempt: TlsAttempt;
}

/**
 * Opens a session on the first host that can be reached.
 *
 * As in libpq a server that refuses the login ends the search: its word counts.
 *
 * @throws {ConnectionError} when no host can be reached
 * @throws {DatabaseError} when a server refuses
 */
export async function openSession(
  options: SessionOptions,
  environment: SessionEnvironment,
  signal?: AbortSignal,
): Promise<Session> {
  const failures: Error[] = [];
  for (const host of options.hosts) {
    try {
      return await openOnHost(host, { options, environment, signal });
    } catch (error) {
      if (!(error instanceof ConnectionError) || signal?.aborted) throw error;
      failures.push(error);
    }
  }
  if (failures.length === 1) throw failures[0];
  const cause = new AggregateError(failures);
  throw new ConnectionError(
    `Cannot connect to any of ${failures.length} hosts: ${
      failures.map((error) => error.message).join("; ")
    }`,
    { safeToRetry: true, cause },
  );
}

/** What sessions of one server and database have in common, and no others; see `Session.server`. */
export function serverName(
  { address }: HostSettings,
  { database }: Pick<SessionOptions, "database">,
): string {
  return `${JSON.stringify(address)} ${database}`;
}

interface OpenOptions {
  readonly options: SessionOptions;
  readonly environment: SessionEnvironment;
  readonly signal?: AbortSignal;
}

async function openOnHost(host: HostSettings, open: OpenOptions): Promise<Session> {
  const protocols = protocolsBetween(open.options);
  for (const [i, protocol] of protocols.entries()) {
    try {
      return await openWithProtocol(host, protocol, open);
    } catch (error) {
      if (i === protocols.length - 1 || !refusesProtocol(error)) throw error;
    }
  }
  throw new ConnectionError(
    "Cannot start a session: maxProtocolVersion is lower than minProtocolVersion",
  );
}

async function openWithProtocol(
  host: HostSettings,
  protocol: Protocol,
  open: OpenOptions,
): Promise<Session> {
  const attempts = tlsAttempts(open.options.tls, host.address);
  for (const [i, attempt] of attempts.entries()) {
    try {
      return await openWithDeadline({ host, protocol, attempt }, open);
    } catch (error) {
      if (i === attempts.length - 1 || open.signal?.aborted || !mayFallBack(attempt, error)) {
        throw error;
      }
    }
  }
  throw new ConnectionError("Cannot start a session: sslmode leaves no way to connect");
}

async function openWithDeadline(route: Route, open: OpenOptions): Promise<Session> {
  const { connectTimeoutMs } = open.options;
  const controller = new AbortController();
  const forward = () => controller.abort(open.signal!.reason);
  if (open.signal?.aborted) forward();
  open.signal?.addEventListener("abort", forward);
  const timer = connectTimeoutMs === 0 ? undefined : setTimeout(() => {
    const text = `Cannot start a session: the server gave no answer within ${connectTimeoutMs} ms`;
    controller.abort(new ConnectionError(text, { code: "ETIMEDOUT", safeToRetry: true }));
  }, connectTimeoutMs);
  try {
    return await openRoute(route, open, controller.signal);
  } finally {
    clearTimeout(timer);
    open.signal?.removeEventListener("abort", forward);
  }
}

async function openRoute(route: Route, open: OpenOptions, signal: AbortSignal): Promise<Session> {
  const { options, environment } = open;
  const transport = await dial(route, open, signal);
  let started = false;
  const cancelTimeoutMs = Math.min(options.connectTimeoutMs || MAX_CANCEL_MS, MAX_CANCEL_MS);
  const session = new Session(transport, {
    ...environment,
    cancelTimeoutMs,
    server: serverName(route.host, options),
    protocol: route.protocol,
    maxMessageBytes: options.maxMessageBytes,
    // Nobody holds a session that has not started: its end is this function's to tell.
    onClose: (error) => started ? environment.onClose?.(error) : undefined,
    sendCancel: (processId, secretKey) =>
      sendCancelRequest((signal) => dial(route, open, signal), {
        protocol: route.protocol,
        key: { processId, secretKey },
        timeoutMs: cancelTimeoutMs,
      }),
  });
  const abort = () => session.abort(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    if (signal.aborted) throw signal.reason;
    await startUp(session, {
      options,
      authenticator: authenticatorFor(route.host, open, transport),
    });
    started = true;
    return session;
  } catch (error) {
    session.abort(error as Error);
    signal.throwIfAborted(); // What the session makes of it says less.
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function dial(
  { host, attempt }: Route,
  { options, environment }: OpenOptions,
  signal?: AbortSignal,
): Promise<Transport> {
  return openTransport({
    connect: environment.connect,
    host,
    attempt,
    tls: options.tls,
    keepAlive: options.keepAlive,
    needPeerCertificate: options.channelBinding === "require",
    signal,
  });
}

function authenticatorFor(
  host: HostSettings,
  { options, environment }: OpenOptions,
  transport: Transport,
): Authenticator {
  return new Authenticator({
    user: options.user,
    password: host.password,
    requireAuth: options.requireAuth,
    channelBinding: options.channelBinding,
    maxScramIterations: options.maxScramIterations,
    keyCache: environment.keyCache,
    secure: transport.info.secure,
    certificateDer: transport.info.peerCertificate,
  });
}

/** What to ask for, the newest first; 3.2 is negotiated down to 3.0 by the server itself. */
function protocolsBetween(
  { minProtocolVersion, maxProtocolVersion }: SessionOptions,
): readonly Protocol[] {
  if (maxProtocolVersion === "2.0") return [protocolV2];
  const newest = maxProtocolVersion === "3.0" ? protocolV30 : protocolV3;
  return minProtocolVersion === "2.0" ? [newest, protocolV2] : [newest];
}

/** A server of before 7.4 refuses protocol 3 in the form of 2.0, where no SQLSTATE is. */
function refusesProtocol(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === undefined || error.code === "0A000") &&
    /protocol/i.test(error.message);
}
