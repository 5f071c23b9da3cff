/**
 * Finds out which runtime this is.
 *
 * @module
 */

import { ConfigError } from "../errors.ts";
import { denoConnector } from "./deno.ts";
import type { DenoApi } from "./deno_api.ts";
import { nodeConnector } from "./node.ts";
import type { NodeProcess } from "./node_api.ts";
import { systemOf } from "./node_system.ts";
import { latin1Reader, utf8Reader } from "./read_text.ts";
import type { Runtime } from "./runtime.ts";

interface Globals {
  readonly navigator?: { readonly userAgent?: string };
  readonly process?: NodeProcess;
  readonly Deno?: DenoApi;
  readonly Bun?: object;
}

/**
 * The runtime this program runs in.
 *
 * @throws {ConfigError} when it is none that rill knows to open connections in
 */
export function detectRuntime(): Runtime {
  const { navigator, process, Deno, Bun } = globalThis as Globals;
  // First: with nodejs_compat workerd looks like Node.
  if (navigator?.userAgent === "Cloudflare-Workers") {
    throw new ConfigError("Cannot open connections: Cloudflare Workers are not supported yet");
  }
  if (!process?.versions?.node) {
    throw new ConfigError("Cannot open connections: unknown runtime, expected Deno, Bun or Node");
  }
  const rest = { ...systemOf(process), readUtf8: utf8Reader() };
  if (Bun) return { name: "bun", connect: nodeConnector(), ...rest };
  const readLatin1 = latin1Reader();
  if (Deno) return { name: "deno", connect: denoConnector(Deno), ...rest, readLatin1 };
  return { name: "node", connect: nodeConnector(), ...rest, readLatin1 };
}
