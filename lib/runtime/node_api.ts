/**
 * The members of `node:` modules that rill uses. Bun and Deno have them as well.
 * Written down here so that every file checks under every compiler.
 *
 * @module
 */

import { ConfigError } from "../errors.ts";

/** Of `stream.Duplex`. */
export interface NodeDuplex {
  destroy(error?: Error): this;
  readonly destroyed: boolean;
}

/** Of the options of `new stream.Duplex()`. */
export interface NodeDuplexOptions {
  read(): void;
  write(bytes: Uint8Array, encoding: string, done: (error?: Error) => void): void;
  destroy(error: Error | null, done: (error: Error | null) => void): void;
}

/** `node:stream` */
export interface NodeStreams {
  readonly Duplex: new (
    options: NodeDuplexOptions,
  ) => NodeDuplex & { push(bytes: Uint8Array | null): boolean };
}

/** Of `net.Socket` and `tls.TLSSocket`. */
export interface NodeSocket extends NodeDuplex {
  on(event: string, listener: (argument: never) => void): this;
  once(event: string, listener: (argument: never) => void): this;
  off(event: string, listener: (argument: never) => void): this;
  pause(): this;
  resume(): this;
  write(bytes: Uint8Array, done: (error?: Error | null) => void): boolean;
  end(done: () => void): this;
  setNoDelay(on: boolean): this;
  setKeepAlive(on: boolean): this;
  ref(): this;
  unref(): this;
  readonly alpnProtocol?: string | false | null;
  getPeerCertificate(detailed: boolean): { readonly raw?: Uint8Array };
}

/** Of the options of `tls.connect()`. */
export interface NodeTlsOptions {
  readonly socket: NodeDuplex;
  readonly servername?: string;
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly ALPNProtocols?: readonly string[];
  readonly rejectUnauthorized: boolean;
  readonly checkServerIdentity: (name: string, certificate: object) => Error | undefined;
}

/** `node:net` */
export interface NodeNet {
  connect(options: { host: string; port: number } | { path: string }): NodeSocket;
  /** 0: the text is no IP address. */
  isIP(text: string): number;
}

/** `node:tls` */
export interface NodeTls {
  connect(options: NodeTlsOptions): NodeSocket;
  checkServerIdentity(name: string, certificate: object): Error | undefined;
}

/** `node:crypto` */
export interface NodeCrypto {
  readonly X509Certificate: new (pem: string) => { checkPrivateKey(key: object): boolean };
  createPrivateKey(pem: string): object;
}

/** `node:fs/promises` */
export interface NodeFiles {
  readFile(path: string, encoding: "utf8"): Promise<string>;
  stat(path: string): Promise<{ readonly mode: number }>;
}

/** `node:os` */
export interface NodeSystem {
  homedir(): string;
  userInfo(): { readonly username: string };
}

/** `node:buffer`; what is used of it is no documented part of Node's, and may be missing. */
export interface NodeBuffers {
  readonly Buffer: {
    readonly prototype: {
      readonly utf8Slice?: (this: Uint8Array, start: number, end: number) => string;
      readonly latin1Slice?: (this: Uint8Array, start: number, end: number) => string;
    };
  };
}

interface NodeModules {
  "node:net": NodeNet;
  "node:tls": NodeTls;
  "node:crypto": NodeCrypto;
  "node:fs/promises": NodeFiles;
  "node:os": NodeSystem;
  "node:stream": NodeStreams;
  "node:buffer": NodeBuffers;
}

/** The members of `process` used here. */
export interface NodeProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly versions: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?<Name extends keyof NodeModules>(name: Name): NodeModules[Name];
}

/**
 * A module of Node's. Asked for, not imported: a static import would keep rill from
 * loading where no such module exists.
 *
 * @throws {ConfigError} on a Node without `process.getBuiltinModule` (before 20.16)
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  const { process } = globalThis as { process?: NodeProcess };
  const found = process?.getBuiltinModule?.(name);
  if (found) return found;
  throw new ConfigError(`Cannot use ${name}: this runtime does not give it, expected Node 20.16+`);
}
