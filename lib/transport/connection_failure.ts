/**
 * Puts what a runtime says of a failed connection into rill's words. The runtime's own
 * error is the `cause`.
 *
 * @module
 */

import { ConnectionError } from "../errors.ts";
import type { Address } from "./transport.ts";

const states: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EAI_AGAIN: "the host name cannot be resolved at the moment",
  ECONNABORTED: "connection aborted",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "network unreachable",
  ENOENT: "no such socket",
  ENOTFOUND: "host name not found",
  EPERM: "permission denied",
  EPIPE: "broken pipe",
  ETIMEDOUT: "timed out",
};

/** The address as it stands in texts: `127.0.0.1:5432`, `[::1]:5432` or a path. */
export function addressText(address: Address): string {
  if ("path" in address) return address.path;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}

/** No connection came about. */
export function connectFailure(address: Address, cause: unknown): ConnectionError {
  return failure(`Cannot connect to ${addressText(address)}`, cause);
}

/** A connection was lost while reading from it or writing to it. */
export function lostFailure(action: "read" | "write", cause: unknown): ConnectionError {
  return failure(`Cannot ${action === "read" ? "read from" : "write to"} the server`, cause);
}

/** How a handshake failed. */
export interface TlsFailureOptions {
  /** The server's certificate was not accepted. */
  readonly certificate: boolean;
  /** What the user can do about it. */
  readonly hint?: string;
}

/**
 * TLS did not come about. `code` is `CERTIFICATE` when the server's certificate was not
 * accepted, after which plaintext must never be tried, and `TLS` for all else;
 * the runtime's code is that of `cause`.
 */
export function tlsFailure(
  serverName: string,
  cause: unknown,
  { certificate, hint }: TlsFailureOptions,
): ConnectionError {
  const state = stateOf(cause) + (hint ? ` (${hint})` : "");
  return new ConnectionError(`Cannot secure the connection to ${serverName}: ${state}`, {
    code: certificate ? "CERTIFICATE" : "TLS",
    safeToRetry: true,
    cause,
  });
}

function failure(action: string, cause: unknown): ConnectionError {
  return new ConnectionError(`${action}: ${stateOf(cause)}`, {
    code: codeOf(cause),
    // Nothing has been sent on a connection that did not come about.
    safeToRetry: action.startsWith("Cannot connect"),
    cause,
  });
}

/** The runtime's code for what went wrong, also where it stands only in a text. */
export function codeOf(error: unknown): string | undefined {
  const { code, message, errors } = error as Partial<AggregateError> & { code?: unknown };
  if (typeof code === "string") return code;
  if (errors?.length) return codeOf(errors[0]);
  // Deno 2.9 gives no code when a name cannot be resolved.
  return message?.includes("failed to lookup address") ? "ENOTFOUND" : undefined;
}

function stateOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== undefined && code in states) return states[code];
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^(Error: )?invalid peer certificate: /, "the certificate is not valid: ")
    .replace(/\.$/, "") || (code ?? "unknown reason");
}
