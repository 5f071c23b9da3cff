/**
 * Protocol 2.0 as one object.
 *
 * @module
 */

import type { DecoderOptions, MessageDecoder } from "../decoder.ts";
import type { BackendMessage } from "../backend_message.ts";
import type { Protocol } from "../protocol.ts";
import { BackendDecoderV2 } from "./backend_decoder.ts";
import { encodeFrontendV2 } from "./frontend_encoder.ts";

/** The protocol of PostgreSQL 6.4 to 7.3, which servers up to 13 speak. */
export const protocolV2: Protocol = /* @__PURE__ */ Object.freeze({
  version: "2.0",
  capabilities: /* @__PURE__ */ Object.freeze({
    bindParameters: false,
    binaryPerColumn: false,
    copyFail: false,
    copyBinary: false,
    sqlState: false,
    transactionStatus: false,
    parameterStatus: false,
    notifyPayload: false,
    sasl: false,
  }),
  encode: encodeFrontendV2,
  backendDecoder(options?: DecoderOptions): MessageDecoder<BackendMessage> {
    return new BackendDecoderV2(options);
  },
});
