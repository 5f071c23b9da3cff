/**
 * What is used of the `Deno` namespace.
 *
 * @module
 */

/** The members of `Deno.Conn` used here; `handshake` is that of `Deno.TlsConn`. */
export interface DenoConn {
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
  ref(): void;
  unref(): void;
  /** These two are missing on Unix-domain sockets. */
  setNoDelay?(on: boolean): void;
  setKeepAlive?(on: boolean): void;
  handshake?(): Promise<{ alpnProtocol: string | null }>;
}

/** The members of `Deno` used here. */
export interface DenoApi {
  connect(
    options: {
      hostname?: string;
      port?: number;
      transport?: "unix";
      path?: string;
      signal?: AbortSignal;
    },
  ): Promise<DenoConn>;
  startTls(
    conn: DenoConn,
    options: { hostname: string; alpnProtocols?: string[] },
  ): Promise<DenoConn>;
}
