/**
 * Messages without fields: one frozen object each, for all connections.
 *
 * @module
 */

import type * as message from "./message.ts";

function fixed<K extends string>(kind: K): Readonly<{ kind: K }> {
  return Object.freeze({ kind });
}

export const authenticationOk: message.AuthenticationOk = /* @__PURE__ */ fixed("AuthenticationOk");
export const authenticationKerberosV4: message.AuthenticationKerberosV4 = /* @__PURE__ */ fixed(
  "AuthenticationKerberosV4",
);
export const authenticationKerberosV5: message.AuthenticationKerberosV5 = /* @__PURE__ */ fixed(
  "AuthenticationKerberosV5",
);
export const authenticationCleartextPassword: message.AuthenticationCleartextPassword =
  /* @__PURE__ */ fixed("AuthenticationCleartextPassword");
export const authenticationSCMCredential: message.AuthenticationSCMCredential =
  /* @__PURE__ */ fixed("AuthenticationSCMCredential");
export const authenticationGSS: message.AuthenticationGSS = /* @__PURE__ */ fixed(
  "AuthenticationGSS",
);
export const authenticationSSPI: message.AuthenticationSSPI = /* @__PURE__ */ fixed(
  "AuthenticationSSPI",
);
export const bindComplete: message.BindComplete = /* @__PURE__ */ fixed("BindComplete");
export const closeComplete: message.CloseComplete = /* @__PURE__ */ fixed("CloseComplete");
export const copyDone: message.CopyDone = /* @__PURE__ */ fixed("CopyDone");
export const emptyQueryResponse: message.EmptyQueryResponse = /* @__PURE__ */ fixed(
  "EmptyQueryResponse",
);
export const noData: message.NoData = /* @__PURE__ */ fixed("NoData");
export const parseComplete: message.ParseComplete = /* @__PURE__ */ fixed("ParseComplete");
export const portalSuspended: message.PortalSuspended = /* @__PURE__ */ fixed("PortalSuspended");
export const sync: message.Sync = /* @__PURE__ */ fixed("Sync");
export const flush: message.Flush = /* @__PURE__ */ fixed("Flush");
export const terminate: message.Terminate = /* @__PURE__ */ fixed("Terminate");
export const sslRequest: message.SSLRequest = /* @__PURE__ */ fixed("SSLRequest");
export const gssEncRequest: message.GSSENCRequest = /* @__PURE__ */ fixed("GSSENCRequest");
