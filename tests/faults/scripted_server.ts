/**
 * A server of protocol 3.x within the process, that answers as a test tells it: for what no
 * real server does.
 */

import { memoryPair } from "../../lib/transport/memory.ts";
import type { Connector, Transport } from "../../lib/transport/transport.ts";
import { ByteWriter } from "../../lib/wire/mod.ts";
import { encodeBackendV3, encodeDataRowV3, FrontendDecoderV3 } from "../../lib/wire/mod.ts";
import type { BackendMessage, FieldDescription, FrontendMessage } from "../../lib/wire/mod.ts";

/** A message, or bytes that stand for one. */
export type Reply = BackendMessage | Uint8Array;

/** Gives what to answer to a message, or undefined to have it answered as ever. */
export type Script = (message: FrontendMessage, client: ScriptedClient) => Reply[] | undefined;

export const ready: BackendMessage = { kind: "ReadyForQuery", transactionStatus: "I" };
export const description: BackendMessage = {
  kind: "RowDescription",
  fields: [textField("answer")],
};
export const complete: BackendMessage = { kind: "CommandComplete", commandTag: "SELECT 1" };

/** A row of texts. */
export function row(...values: string[]): Uint8Array {
  const writer = new ByteWriter(64);
  encodeDataRowV3(values.map((value) => new TextEncoder().encode(value)), writer);
  return writer.take();
}

/** The client's end of a connection, as the server sees it. */
export interface ScriptedClient {
  /** 1 for the first connection to the server. */
  readonly number: number;
  send(...replies: readonly Reply[]): Promise<void>;
  close(): void;
}

/** Answers each query with one row that holds "right", unless its script says otherwise. */
export class ScriptedServer {
  /** Connections that were made. */
  connections = 0;
  #open = 0;
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  /** To be given to `connect()`. */
  readonly connect: Connector = () => {
    const [client, server] = memoryPair();
    this.#open++;
    this.#serve(server, ++this.connections)
      .catch(() => {}) // The client may end it as it likes.
      .finally(() => this.#open--);
    return Promise.resolve(client);
  };

  /** Resolves when every connection has ended: a leak is a test that is not done in time. */
  async allEnded(): Promise<void> {
    while (this.#open > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  async #serve(transport: Transport, number: number): Promise<void> {
    const decoder = new FrontendDecoderV3();
    const writer = transport.writable.getWriter();
    const client: ScriptedClient = {
      number,
      send: (...replies) => writer.write(encode(replies)),
      close: () => void transport.close(),
    };
    const reader = transport.readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      for (const message of decoder.push(value)) {
        const replies = this.#script(message, client) ?? usual(message);
        if (message.kind === "StartupMessage") decoder.expect("query");
        if (replies.length > 0) await client.send(...replies);
      }
    }
  }
}

function usual(message: FrontendMessage): Reply[] {
  switch (message.kind) {
    case "StartupMessage":
      return [
        { kind: "AuthenticationOk" },
        { kind: "BackendKeyData", processId: 1, secretKey: Uint8Array.of(1, 2, 3, 4) },
        ready,
      ];
    case "Query":
      return [description, row("right"), complete, ready];
    case "Parse":
      return [{ kind: "ParseComplete" }];
    case "Describe":
      return [{ kind: "ParameterDescription", typeOids: [] }, description];
    case "Bind":
      return [{ kind: "BindComplete" }];
    case "Execute":
      return [row("right"), complete];
    case "Close":
      return [{ kind: "CloseComplete" }];
    case "Sync":
      return [ready];
    default:
      return [];
  }
}

function encode(replies: readonly Reply[]): Uint8Array {
  const writer = new ByteWriter(256);
  for (const reply of replies) {
    if (reply instanceof Uint8Array) writer.writeBytes(reply);
    else encodeBackendV3(reply, writer);
  }
  return writer.take();
}

function textField(name: string): FieldDescription {
  const typeOid = 25;
  return {
    name,
    tableOid: 0,
    columnNumber: 0,
    typeOid,
    typeSize: -1,
    typeModifier: -1,
    format: 0,
  };
}
