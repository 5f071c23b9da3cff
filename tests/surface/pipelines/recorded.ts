/** What a client of one connection writes, and what messages that is. */

import type { ClientOptions, Sql } from "../../../mod.ts";
import { detectRuntime } from "../../../lib/runtime/detect.ts";
import type { Connector } from "../../../lib/transport/transport.ts";
import type { OpenClient } from "../../both_protocols.ts";

/** A client that is listened to. */
export interface RecordedClient {
  readonly sql: Sql;
  /** What was written and said while `body` was under way. */
  during(body: () => PromiseLike<unknown>): Promise<Recording>;
}

/** What was sent and came. */
export interface Recording {
  readonly writes: number;
  /** Messages by their name, from either side. */
  readonly count: (name: string) => number;
}

/** Opens one. */
export function openRecorded(open: OpenClient, options: ClientOptions = {}): RecordedClient {
  const lines: string[] = [];
  const written = { writes: 0 };
  const connect = countingConnector(written);
  const trace = (line: string) => void lines.push(line);
  return {
    sql: open({ max: 1, sslMode: "disable", ...options, connect, trace }),
    async during(body) {
      lines.length = written.writes = 0;
      await body();
      const said = lines.map((line) => line.split("\t")[1]);
      const count = (name: string) => said.filter((one) => one === name).length;
      return { writes: written.writes, count };
    },
  };
}

function countingConnector(written: { writes: number }): Connector {
  return async (address, options) => {
    const transport = await detectRuntime().connect(address, options);
    const writer = transport.writable.getWriter();
    const writable = new WritableStream<Uint8Array>({
      write(chunk) {
        written.writes++;
        return writer.write(chunk);
      },
    });
    return Object.assign(Object.create(transport), {
      readable: transport.readable,
      writable,
      info: transport.info,
      close: () => (writer.releaseLock(), transport.close()),
      abort: (reason: unknown) => transport.abort(reason),
    });
  };
}
