/** Sessions without a pool around them, for tests. */

import { checkOptions, completeOptions } from "../../lib/client/options/options.ts";
import type { ClientOptions } from "../../lib/client/options/options.ts";
import { createRowDecoder } from "../../lib/rows/row_decoder.ts";
import { RowCollector } from "../../lib/rows/row_list.ts";
import type { RowList } from "../../lib/rows/row_list.ts";
import { detectRuntime } from "../../lib/runtime/detect.ts";
import { openSession } from "../../lib/session/open_session.ts";
import type { Session } from "../../lib/session/session.ts";
import { simpleQuery } from "../../lib/session/simple_query.ts";
import { TypeRegistry } from "../../lib/value/registry/type_registry.ts";

/** Opens a session; its user closes it. */
export async function open(url: string, more: ClientOptions = {}): Promise<Session> {
  const { session, connect, onParameter, onNotice } = await completeOptions(
    checkOptions(url, more),
    detectRuntime(),
  );
  return await openSession(session, { connect, onParameter, onNotice, statementCacheSize: 8 });
}

/** Asks by the simple protocol; rows are arrays. */
export function ask(session: Session, query: string): Promise<RowList<unknown[]>> {
  const registry = new TypeRegistry();
  return new Promise((resolve, reject) => {
    const sink = new RowCollector<unknown[]>({
      decoderFor: (fields) => createRowDecoder({ fields, registry, shape: "values" }),
      resolve,
      reject,
    });
    simpleQuery(session, query, sink);
  });
}
