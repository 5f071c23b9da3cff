/**
 * What the session sees of any runtime: one end of a byte connection.
 *
 * @module
 */

/** One end of a byte connection to a server. */
export interface Transport {
  /**
   * Bytes from the server, nothing read ahead of demand (high-water mark 0), each
   * chunk fresh memory that the transport never touches again. A clean EOF closes it,
   * anything else errors it with a `ConnectionError`.
   */
  readonly readable: ReadableStream<Uint8Array>;
  /** Bytes to the server; `write()` settles when the bytes were handed to the operating system. */
  readonly writable: WritableStream<Uint8Array>;
  /** What is known of it. */
  readonly info: TransportInfo;
  /**
   * Upgrades in place after the server's `S`. Consumes this transport, also when it fails;
   * the streams must be unlocked and no read be pending.
   *
   * @throws {ConnectionError} with `code` `CERTIFICATE` when the server's certificate was not
   * accepted (never go on in plaintext then), with `TLS` when the handshake failed otherwise
   */
  startTls?(options: TlsOptions): Promise<Transport>;
  /** Graceful: flushes pending writes, then closes. Idempotent, never rejects. */
  close(): Promise<void>;
  /** At once; pending reads and writes reject with `reason`. Idempotent. */
  abort(reason?: unknown): void;
  /** Keeps the process alive; absent where the runtime has no such thing. */
  ref?(): void;
  /** Lets the process end while the connection is open. */
  unref?(): void;
}

/** What is known of a transport once it is open. */
export interface TransportInfo {
  /** The adapter: `deno`, `node`, `memory`, … */
  readonly kind: string;
  /** True within TLS. */
  readonly secure: boolean;
  /** The protocol both sides agreed upon within TLS. */
  readonly alpn?: string;
  /** DER of the server's certificate, for tls-server-end-point; absent: no channel binding. */
  readonly peerCertificate?: Uint8Array<ArrayBuffer>;
}

/** How to secure a transport. Certificates and keys are PEM texts. */
export interface TlsOptions {
  /** none: encrypt only (libpq's "require"); ca: the chain; full: chain and name. */
  readonly verify: "none" | "ca" | "full";
  /** For SNI and, with `full`, the name the certificate must bear. */
  readonly serverName: string;
  /** False: the handshake does not tell the server name (libpq's `sslsni=0`). */
  readonly serverNameIndication?: boolean;
  /** Trusted roots, and no others; absent: those of the runtime. */
  readonly caCerts?: readonly string[];
  /** Our own certificate, with the chain behind it. */
  readonly cert?: string;
  /** The key of our own certificate. */
  readonly key?: string;
  /** Protocols to agree upon within TLS. */
  readonly alpn?: readonly string[];
  /** True when the session cannot do without {@linkcode TransportInfo.peerCertificate}. */
  readonly needPeerCertificate?: boolean;
  /** Ends the attempt with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Where a server listens: TCP, or the path of a Unix-domain socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** How to open a transport. */
export interface ConnectOptions {
  /** Ends the attempt with the signal's reason. */
  readonly signal?: AbortSignal;
  /** TCP keepalive, on by default. */
  readonly keepAlive?: boolean;
  /** Given: TLS from the first byte (`sslnegotiation=direct`). */
  readonly directTls?: TlsOptions;
  /** Given: `startTls` will be called with these, so an adapter that can do them must be chosen. */
  readonly plannedTls?: TlsOptions;
}

/** Opens a transport. Rejects with a `ConnectionError`, or with the signal's reason. */
export type Connector = (address: Address, options: ConnectOptions) => Promise<Transport>;
