/**
 * Refuses COPY that came as a plain query, so that the connection stays usable.
 *
 * @module
 */

import type { CopyInResponse, CopyOutResponse } from "../wire/backend_message.ts";
import type { Session } from "./session.ts";

/**
 * Ends a COPY that nobody takes part in and gives the error for who asked. Data
 * that the server sends is to be passed over until its CopyDone.
 */
export function refuseCopy(
  session: Session,
  message: CopyInResponse | CopyOutResponse,
  { extended }: { extended: boolean },
): TypeError {
  if (message.kind === "CopyOutResponse") {
    return new TypeError("Cannot run COPY TO STDOUT as a query, expected .readable()");
  }
  if (!session.protocol.capabilities.copyFail) {
    // 2.0 knows no way to fail a COPY and keep the connection; one without rows is harmless.
    session.write([{ kind: "CopyDone" }]);
  } else if (extended) {
    // The server passed over the Sync that was sent already, see copyfromparse.c, CopyGetData.
    session.write([{ kind: "CopyFail", message: "not supported by the client" }, { kind: "Sync" }]);
  } else {
    session.write([{ kind: "CopyFail", message: "not supported by the client" }]);
  }
  return new TypeError("Cannot run COPY FROM STDIN as a query, expected .writable()");
}
