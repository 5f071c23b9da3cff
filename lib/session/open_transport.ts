/**
 * From an address to a transport that is as secure as the plan says: dials, sends the
 * SSLRequest, reads its answer and upgrades. The start-up packet is the session's.
 *
 * See "SSL Session Encryption" in the manual's protocol chapter.
 *
 * @module
 */

import { ByteWriter } from "../bytes/byte_writer.ts";
import { ConnectionError, ProtocolError } from "../errors.ts";
import type { Connector, TlsOptions, Transport } from "../transport/transport.ts";
import { encodeSSLRequest } from "../wire/startup_packets.ts";
import type { HostSettings, TlsSettings } from "./session_options.ts";
import { tlsOptions } from "./tls_plan.ts";
import type { TlsAttempt } from "./tls_plan.ts";

/** What is opened, and how. */
export interface OpenTransportOptions {
  readonly connect: Connector;
  readonly host: HostSettings;
  readonly attempt: TlsAttempt;
  readonly tls: TlsSettings;
  /** TCP keepalive; on by default. */
  readonly keepAlive?: boolean;
  /** The session cannot do without channel binding. */
  readonly needPeerCertificate?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Opens one connection. Whatever fails, no transport is left open.
 *
 * @throws {ConnectionError} `code` `CERTIFICATE`: the server's certificate was not accepted;
 * `TLS`: the server has no TLS, or the handshake failed; else the operating system's
 * @throws {ProtocolError} when the answer to the SSLRequest is none, or bytes stand behind it
 */
export async function openTransport(options: OpenTransportOptions): Promise<Transport> {
  const { connect, host, attempt, keepAlive, signal } = options;
  const tls = attempt.kind === "plain" ? undefined : tlsOptions(options.tls, options);
  if (!tls) return await connect(host.address, { keepAlive, signal });
  if (attempt.kind === "direct") return await openDirect(options, tls);
  const transport = await connect(host.address, { keepAlive, signal, plannedTls: tls });
  return await closingOnFailure(transport, signal, () => negotiate(transport, tls, attempt));
}

async function openDirect(
  { connect, host, keepAlive, signal }: OpenTransportOptions,
  tls: TlsOptions,
): Promise<Transport> {
  const transport = await connect(host.address, { keepAlive, signal, directTls: tls });
  // Without it a server of another protocol could be made to take our bytes for its own (ALPACA).
  if (transport.info.secure && transport.info.alpn === "postgresql") return transport;
  transport.abort();
  throw new ConnectionError(
    `Cannot secure the connection to ${tls.serverName}: the server did not agree to speak "postgresql" (ALPN)`,
    { code: "TLS", safeToRetry: true },
  );
}

async function negotiate(
  transport: Transport,
  tls: TlsOptions,
  attempt: TlsAttempt,
): Promise<Transport> {
  const answer = await askForTls(transport);
  if (answer === "N" && attempt.plainWhenRefused) return transport;
  if (answer !== "S") throw refusal(tls.serverName, answer);
  if (!transport.startTls) {
    throw new ConnectionError(`Cannot secure a transport of kind "${transport.info.kind}"`);
  }
  return await transport.startTls(tls);
}

/** Gives the server's answer, one byte as a character. */
async function askForTls({ readable, writable }: Transport): Promise<string> {
  const request = new ByteWriter(8);
  encodeSSLRequest(request);
  const writer = writable.getWriter();
  const reader = readable.getReader();
  try {
    await writer.write(request.take());
    const { value } = await reader.read();
    if (!value) throw closedUnanswered();
    // An ErrorResponse is longer; its text is not to be believed (CVE-2024-10977).
    if (value[0] !== 0x45) refuseMore(value);
    return String.fromCharCode(value[0]);
  } finally {
    writer.releaseLock();
    reader.releaseLock();
  }
}

/** Else what somebody put in behind the answer would count as sent under TLS (CVE-2021-23222). */
function refuseMore(bytes: Uint8Array): void {
  if (bytes.length === 1) return;
  throw new ProtocolError(
    `Cannot secure the connection: ${bytes.length} bytes answer the SSLRequest, expected 1`,
    { state: "SSLRequest", offset: 1 },
  );
}

function refusal(serverName: string, answer: string): Error {
  const action = `Cannot secure the connection to ${serverName}`;
  const options = { code: "TLS", safeToRetry: true };
  if (answer === "N") {
    return new ConnectionError(`${action}: the server does not support TLS`, options);
  }
  if (answer === "E") {
    return new ConnectionError(`${action}: the server answered with an error`, options);
  }
  return new ProtocolError(`${action}: unknown answer, expected S or N`, { state: "SSLRequest" });
}

function closedUnanswered(): ConnectionError {
  return new ConnectionError("Cannot secure the connection: the server closed it unanswered", {
    code: "ECONNRESET",
    safeToRetry: true,
  });
}

/** Runs `body` while the signal may abort the transport. */
async function closingOnFailure(
  transport: Transport,
  signal: AbortSignal | undefined,
  body: () => Promise<Transport>,
): Promise<Transport> {
  const abort = () => transport.abort(signal!.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  try {
    return await body();
  } catch (error) {
    transport.abort(error);
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
