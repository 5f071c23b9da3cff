/**
 * Protocol 3.x as one object.
 *
 * @module
 */

import type { DecoderOptions, MessageDecoder } from "../decoder.ts";
import type { BackendMessage } from "../backend_message.ts";
import type { Capabilities, Protocol } from "../protocol.ts";
import { BackendDecoderV3 } from "./backend_decoder.ts";
import { encodeFrontendV3 } from "./frontend_encoder.ts";

const capabilities: Capabilities = /* @__PURE__ */ Object.freeze({
  bindParameters: true,
  binaryPerColumn: true,
  copyFail: true,
  copyBinary: true,
  sqlState: true,
  transactionStatus: true,
  parameterStatus: true,
  notifyPayload: true,
  sasl: true,
});

function backendDecoder(options?: DecoderOptions): MessageDecoder<BackendMessage> {
  return new BackendDecoderV3(options);
}

/** Asks for 3.2: cancel keys longer than 4 bytes. Servers 10 and later negotiate down. */
export const protocolV3: Protocol = /* @__PURE__ */ Object.freeze({
  version: "3.2",
  capabilities,
  encode: encodeFrontendV3,
  backendDecoder,
});

/** Asks for 3.0, for servers and poolers that refuse anything else. */
export const protocolV30: Protocol = /* @__PURE__ */ Object.freeze({
  version: "3.0",
  capabilities,
  encode: encodeFrontendV3,
  backendDecoder,
});
