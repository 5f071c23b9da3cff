/**
 * Calls a function by its OID, beside SQL: the manual's "Function Call".
 *
 * @module
 */

import type { BackendMessage } from "../wire/backend_message.ts";
import { unexpected } from "./request.ts";
import type { Request } from "./request.ts";
import { serverError } from "./server_error.ts";
import type { Session } from "./session.ts";

/**
 * Calls a function with arguments in binary form and gives its result in binary
 * form, null for NULL.
 *
 * @throws {DatabaseError} when the server reports an error
 */
export function callFunction(
  session: Session,
  functionOid: number,
  args: readonly (Uint8Array | null)[],
): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    session.send([
      { kind: "FunctionCall", functionOid, argumentFormats: [1], arguments: args, resultFormat: 1 },
    ], new FunctionCallRequest(resolve, reject));
  });
}

const FUNCTION_CALL = "a function call";

class FunctionCallRequest implements Request {
  readonly #resolve: (value: Uint8Array | null) => void;
  readonly #reject: (error: Error) => void;
  /** Undefined: not told yet. */
  #value: Uint8Array | null | undefined;
  #error: Error | undefined;

  constructor(resolve: (value: Uint8Array | null) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  receive(message: BackendMessage): void {
    switch (message.kind) {
      case "FunctionCallResponse":
        this.#value = message.value?.slice() ?? null; // The chunk need not live as long as the value.
        return;
      case "ErrorResponse":
        this.#error ??= serverError(message.fields);
        return;
      default:
        throw unexpected(message, FUNCTION_CALL);
    }
  }

  ready(): void {
    if (this.#error) return this.#reject(this.#error);
    if (this.#value === undefined) throw unexpected({ kind: "ReadyForQuery" }, FUNCTION_CALL);
    this.#resolve(this.#value);
  }

  fail(error: Error): void {
    this.#reject(this.#error ?? error);
  }
}
