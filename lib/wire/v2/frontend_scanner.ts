/**
 * The layout of each frontend message of 2.0 that has a type byte, as far as it tells where
 * the message ends.
 *
 * @module
 */

import type { Span } from "../../bytes/span.ts";
import { ProtocolError } from "../../errors.ts";
import { UnitScanner } from "./unit_scanner.ts";

/** What the unit is that comes next. */
type Step = "type" | "last" | "dummy" | "function" | "size" | "value";

/** PostgreSQL's own limit: FUNC_MAX_ARGS of pg_config_manual.h. */
const maxArguments = 100;

/** Finds the end of a frontend message of 2.0. */
export class FrontendScannerV2 extends UnitScanner {
  #step: Step = "type";
  /** Arguments of a FunctionCall still to come. */
  #left = 0;

  protected override next(span: Span, at: number): void {
    switch (this.#step) {
      case "type":
        return this.#begin(String.fromCharCode(span.bytes[at]));
      case "last":
        this.#step = "type";
        return this.finish();
      case "dummy":
        return this.#expect("function", 8);
      case "function":
        return this.#walkCount(span.view.getInt32(at + 4));
      case "size":
        return this.#walkSize(span.view.getInt32(at));
      case "value":
        this.#left--;
        return this.#nextArgument();
    }
  }

  #begin(type: string): void {
    switch (type) {
      case "X":
        return this.#expect("last", 0);
      case "Q":
        this.#step = "last";
        return this.expectText();
      case "F":
        this.#step = "dummy";
        return this.expectText();
      default:
        throw new ProtocolError("the type is unknown");
    }
  }

  #walkCount(count: number): void {
    if (count < 0 || count > maxArguments) {
      throw new ProtocolError(`it has ${count} arguments, expected 0 to ${maxArguments}`);
    }
    this.#left = count;
    this.#nextArgument();
  }

  #nextArgument(): void {
    if (this.#left === 0) return this.#expect("last", 0);
    this.#expect("size", 4);
  }

  /** Size -1 is NULL; the size does not count itself. */
  #walkSize(size: number): void {
    if (size < -1) throw new ProtocolError(`an argument has the size ${size}`);
    this.#expect("value", Math.max(size, 0));
  }

  #expect(step: Step, bytes: number): void {
    this.#step = step;
    this.expectBytes(bytes);
  }
}
