/**
 * Queries that rill itself asks.
 */

import { RowCollector } from "../../rows/row_list.ts";
import type { RowList } from "../../rows/row_list.ts";
import type { Session } from "../../session/session.ts";
import { simpleQuery } from "../../session/simple_query.ts";
import type { ResultPlans } from "./result_plans.ts";

/**
 * The rows of a text that is sent by the simple protocol, which all servers and poolers take;
 * of several statements those of the last, and the others in `statements`.
 */
export function fetchRows<Row>(
  session: Session,
  query: string,
  plans: ResultPlans,
): Promise<RowList<Row>> {
  return new Promise((resolve, reject) => {
    const collector = new RowCollector<Row>({
      decoderFor: (fields) => plans.decoder(fields, "object"),
      resolve,
      reject,
    });
    simpleQuery(session, query, collector);
  });
}
