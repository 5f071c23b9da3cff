/**
 * Queries that rill itself asks.
 */

import { RowCollector } from "../../rows/row_list.ts";
import type { RowList } from "../../rows/row_list.ts";
import { cancelOnAbort } from "../../session/cancel_on_abort.ts";
import type { Session } from "../../session/session.ts";
import { simpleQuery } from "../../session/simple_query.ts";
import type { ResultPlans } from "./result_plans.ts";

/**
 * The rows of a text that is sent by the simple protocol, which all servers and poolers take;
 * of several statements those of the last, and the others in `statements`.
 */
export async function fetchRows<Row>(
  session: Session,
  query: string,
  { plans, signal }: { readonly plans: ResultPlans; readonly signal?: AbortSignal },
): Promise<RowList<Row>> {
  const request: { cancel?: () => void } = {};
  const rows = new Promise<RowList<Row>>((resolve, reject) => {
    const collector = new RowCollector<Row>({
      decoderFor: (fields) => plans.decoder(fields, "object"),
      resolve,
      reject,
    });
    const sent = simpleQuery(session, query, collector);
    request.cancel = () => session.cancel(sent);
  });
  return await cancelOnAbort(rows, { cancel: request.cancel!, signal });
}
