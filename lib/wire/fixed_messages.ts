/**
 * Messages without fields: one frozen object each, for all connections.
 *
 * @module
 */

import type * as backend from "./backend_message.ts";
import type * as frontend from "./frontend_message.ts";
import type { CopyDone } from "./message.ts";

function fixed<K extends string>(kind: K): Readonly<{ kind: K }> {
  return Object.freeze({ kind });
}

export const authenticationOk: backend.AuthenticationOk = /* @__PURE__ */ fixed("AuthenticationOk");
export const authenticationKerberosV4: backend.AuthenticationKerberosV4 = /* @__PURE__ */ fixed(
  "AuthenticationKerberosV4",
);
export const authenticationKerberosV5: backend.AuthenticationKerberosV5 = /* @__PURE__ */ fixed(
  "AuthenticationKerberosV5",
);
export const authenticationCleartextPassword: backend.AuthenticationCleartextPassword =
  /* @__PURE__ */ fixed("AuthenticationCleartextPassword");
export const authenticationSCMCredential: backend.AuthenticationSCMCredential =
  /* @__PURE__ */ fixed("AuthenticationSCMCredential");
export const authenticationGSS: backend.AuthenticationGSS = /* @__PURE__ */ fixed(
  "AuthenticationGSS",
);
export const authenticationSSPI: backend.AuthenticationSSPI = /* @__PURE__ */ fixed(
  "AuthenticationSSPI",
);
export const bindComplete: backend.BindComplete = /* @__PURE__ */ fixed("BindComplete");
export const closeComplete: backend.CloseComplete = /* @__PURE__ */ fixed("CloseComplete");
export const copyDone: CopyDone = /* @__PURE__ */ fixed("CopyDone");
export const emptyQueryResponse: backend.EmptyQueryResponse = /* @__PURE__ */ fixed(
  "EmptyQueryResponse",
);
export const noData: backend.NoData = /* @__PURE__ */ fixed("NoData");
export const parseComplete: backend.ParseComplete = /* @__PURE__ */ fixed("ParseComplete");
export const portalSuspended: backend.PortalSuspended = /* @__PURE__ */ fixed("PortalSuspended");
export const sync: frontend.Sync = /* @__PURE__ */ fixed("Sync");
export const flush: frontend.Flush = /* @__PURE__ */ fixed("Flush");
export const terminate: frontend.Terminate = /* @__PURE__ */ fixed("Terminate");
export const sslRequest: frontend.SSLRequest = /* @__PURE__ */ fixed("SSLRequest");
export const gssEncRequest: frontend.GSSENCRequest = /* @__PURE__ */ fixed("GSSENCRequest");
