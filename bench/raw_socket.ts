/**
 * The least that a client can do: send a query and count the bytes of its answer.
 * Whoever decodes nothing cannot be slower than the server, so this is the floor.
 */

import { connect as connectSocket } from "node:net";
import { ByteWriter } from "../lib/bytes/byte_writer.ts";
import { detectRuntime } from "../lib/runtime/detect.ts";
import type { FrontendMessage } from "../lib/wire/frontend_message.ts";
import { versionNumber } from "../lib/wire/protocol.ts";
import type { Protocol } from "../lib/wire/protocol.ts";
import { protocolV2 } from "../lib/wire/v2/protocol.ts";
import { protocolV3 } from "../lib/wire/v3/protocol.ts";

/** How to open a raw socket. */
export interface RawSocketOptions {
  /** Of a server that asks for no password. */
  readonly url: string;
  readonly protocolVersion: "2.0" | "3.2";
  /** net: node:net, which every runtime has; transport: rill's own for this runtime. */
  readonly over: "net" | "transport";
}

/** Bytes in, bytes out. */
interface Pipe {
  write(bytes: Uint8Array): Promise<void>;
  /** Calls `take` with each chunk until that says it was the last. */
  read(take: (chunk: Uint8Array) => boolean): Promise<void>;
  close(): void;
}

/** A session that looks at nothing but the end of an answer. */
export class RawSocket {
  readonly #pipe: Pipe;
  readonly #protocol: Protocol;

  constructor(pipe: Pipe, protocol: Protocol) {
    this.#pipe = pipe;
    this.#protocol = protocol;
  }

  encode(...messages: readonly FrontendMessage[]): Uint8Array {
    const writer = new ByteWriter();
    for (const message of messages) this.#protocol.encode(message, writer);
    return writer.take();
  }

  /** Sends and gives the bytes of all that comes up to ReadyForQuery. */
  async drain(request: Uint8Array): Promise<number> {
    const endsAnswer = this.#protocol === protocolV2 ? endsAnswerV2 : endsAnswerV3;
    let bytes = 0;
    let tail: Uint8Array = new Uint8Array(0);
    await this.#pipe.write(request);
    await this.#pipe.read((chunk) => {
      bytes += chunk.length;
      // A chunk may cut the end of the answer: look at it joined to what came before.
      tail = chunk.length >= 6 ? chunk.subarray(-6) : Uint8Array.of(...tail, ...chunk).slice(-6);
      return endsAnswer(tail);
    });
    return bytes;
  }

  /** Sends and waits for so many bytes. */
  async exchange(request: Uint8Array, expectedBytes: number): Promise<void> {
    let missing = expectedBytes;
    await this.#pipe.write(request);
    await this.#pipe.read((chunk) => (missing -= chunk.length) <= 0);
    if (missing < 0) throw new Error(`${-missing} bytes more came than expected`);
  }

  close(): void {
    this.#pipe.close();
  }
}

/** Connects and logs in. */
export async function openRawSocket(options: RawSocketOptions): Promise<RawSocket> {
  const { hostname, port, username, pathname } = new URL(options.url);
  const address = { host: hostname, port: Number(port || 5432) };
  const user = decodeURIComponent(username) || "postgres";
  const database = decodeURIComponent(pathname.slice(1)) || user;
  const pipe = await (options.over === "net" ? openNet(address) : openTransport(address));

  const protocol = options.protocolVersion === "2.0" ? protocolV2 : protocolV3;
  const version = versionNumber(options.protocolVersion);
  const socket = new RawSocket(pipe, protocol);
  await pipe.write(
    socket.encode({ kind: "StartupMessage", version, parameters: { user, database } }),
  );
  const decoder = protocol.backendDecoder();
  await pipe.read((chunk) => {
    const messages = decoder.push(chunk);
    const refusal = messages.find(({ kind }) => kind === "ErrorResponse");
    if (refusal) throw new Error(`The server refused: ${JSON.stringify(refusal)}`);
    return messages.at(-1)?.kind === "ReadyForQuery";
  });
  return socket;
}

/** ReadyForQuery of an idle connection; no row of the benches ends so. */
function endsAnswerV3(tail: Uint8Array): boolean {
  return tail[0] === 0x5a && tail[3] === 0 && tail[4] === 5 && tail[5] === 0x49;
}

/** CompletedResponse ends with a zero byte; ReadyForQuery is the letter behind it. */
function endsAnswerV2(tail: Uint8Array): boolean {
  return tail.at(-1) === 0x5a && tail.at(-2) === 0;
}

/** Bytes are counted where they come: no promise a chunk. */
async function openNet(address: { host: string; port: number }): Promise<Pipe> {
  const socket = connectSocket({ ...address, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve).once("error", reject);
  });
  let end: (error: Error) => void = () => {};
  socket.on("error", (error) => end(error));
  socket.on("close", () => end(new Error("The server closed the connection")));
  socket.pause();
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => error ? reject(error) : resolve());
      }),
    read: (take) =>
      new Promise((resolve, reject) => {
        const onData = (chunk: Uint8Array) => {
          if (!take(chunk)) return;
          socket.off("data", onData).pause();
          resolve();
        };
        end = reject;
        socket.on("data", onData).resume();
      }),
    close: () => socket.destroy(),
  };
}

async function openTransport(address: { host: string; port: number }): Promise<Pipe> {
  const transport = await detectRuntime().connect(address, {});
  const reader = transport.readable.getReader();
  const writer = transport.writable.getWriter();
  return {
    write: (bytes) => writer.write(bytes),
    read: async (take) => {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) throw new Error("The server closed the connection");
        if (take(value)) return;
      }
    },
    close: () => transport.abort(),
  };
}
