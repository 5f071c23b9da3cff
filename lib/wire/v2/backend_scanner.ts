/**
 * The layout of each backend message of 2.0, as far as it tells where the message ends.
 *
 * @module
 */

import type { Span } from "../../bytes/span.ts";
import { ProtocolError } from "../../errors.ts";
import { UnitScanner } from "./unit_scanner.ts";

/** PostgreSQL's own limit: MaxTupleAttributeNumber of htup.h. */
const maxFields = 1664;

/** What the unit is that comes next. */
type Step =
  | "type"
  | "last"
  | "authentication"
  | "process"
  | "fieldCount"
  | "fieldName"
  | "fieldType"
  | "bitmap"
  | "size"
  | "value"
  | "result"
  | "resultSize"
  | "error"
  | "errorLength";

/** Finds the end of a backend message of 2.0. */
export class BackendScannerV2 extends UnitScanner {
  /** Fields of a row, from the last RowDescription; -1 when there was none. */
  columns: number = -1;
  /** Until the first ReadyForQuery: an error may come in the form of 3.x. */
  startingUp: boolean = true;
  #step: Step = "type";
  #type = "";
  /** Fields of a RowDescription still to come. */
  #left = 0;
  /** Field of a row that the walk is at. */
  #column = 0;

  protected override next(span: Span, at: number): void {
    switch (this.#step) {
      case "type":
        return this.#begin(String.fromCharCode(span.bytes[at]));
      case "last":
        this.#step = "type";
        return this.finish();
      case "authentication":
        return this.#lastBytes(saltBytes(span.view.getInt32(at)));
      case "process":
        return this.#lastText();
      case "fieldCount":
        return this.#walkFieldCount(span.view.getInt16(at));
      case "fieldName":
        this.#step = "fieldType";
        return this.expectBytes(10);
      case "fieldType":
        this.#left--;
        return this.#nextField();
      case "bitmap":
        this.#column = -1;
        return this.#nextValue(span);
      case "size":
        return this.#walkSize(span.view.getInt32(at));
      case "value":
        return this.#nextValue(span);
      case "result":
        return this.#walkResult(span.bytes[at]);
      case "resultSize":
        return this.#walkResultSize(span.view.getInt32(at));
      case "error":
        return this.#walkError(span.bytes[at]);
      case "errorLength":
        return this.#walkErrorLength(span.view.getInt32(at - 1));
    }
  }

  #begin(type: string): void {
    this.#type = type;
    switch (type) {
      case "G":
      case "H":
      case "Z":
        return this.#lastBytes(0);
      case "K":
        return this.#lastBytes(8);
      case "C":
      case "I":
      case "N":
      case "P":
        return this.#lastText();
      case "E":
        if (this.startingUp) return this.#expect("error", 1);
        return this.#lastText();
      case "A":
        return this.#expect("process", 4);
      case "R":
        return this.#expect("authentication", 4);
      case "T":
        return this.#expect("fieldCount", 2);
      case "V":
        return this.#expect("result", 1);
      case "B":
      case "D":
        if (this.columns < 0) throw new ProtocolError("no RowDescription came before it");
        return this.#expect("bitmap", (this.columns + 7) >> 3);
      default:
        throw new ProtocolError("the type is unknown");
    }
  }

  #walkFieldCount(count: number): void {
    if (count < 0 || count > maxFields) {
      throw new ProtocolError(`it has ${count} fields, expected 0 to ${maxFields}`);
    }
    this.#left = count;
    this.#nextField();
  }

  #nextField(): void {
    if (this.#left === 0) return this.#lastBytes(0);
    this.#step = "fieldName";
    this.expectText();
  }

  /** Goes to the next field whose bit in the bitmap behind the type byte says "not NULL". */
  #nextValue(span: Span): void {
    const bitmap = span.start + 1;
    while (++this.#column < this.columns) {
      const bits = span.bytes[bitmap + (this.#column >> 3)];
      if (bits & (0x80 >> (this.#column & 7))) return this.#expect("size", 4);
    }
    this.#lastBytes(0);
  }

  /** The size counts itself in an AsciiRow, and does not in a BinaryRow. */
  #walkSize(size: number): void {
    const length = this.#type === "D" ? size - 4 : size;
    if (length < 0) throw new ProtocolError(`value ${this.#column + 1} has the size ${size}`);
    this.#expect("value", length);
  }

  #walkResult(mark: number): void {
    if (mark === 0x30) return this.#lastBytes(0);
    if (mark !== 0x47) throw new ProtocolError("neither G nor 0 came behind its type");
    this.#expect("resultSize", 4);
  }

  #walkResultSize(size: number): void {
    if (size < 0) throw new ProtocolError(`its result has the size ${size}`);
    // The byte behind the result is always 0x30.
    this.#lastBytes(size + 1);
  }

  /** A length of 3.x begins with a zero byte, a text of 2.0 never does. */
  #walkError(first: number): void {
    if (first === 0) return this.#expect("errorLength", 3);
    this.#lastText();
  }

  #walkErrorLength(length: number): void {
    if (length < 5) throw new ProtocolError(`its length is ${length}, expected at least 5`);
    this.#lastBytes(length - 4);
  }

  #expect(step: Step, bytes: number): void {
    this.#step = step;
    this.expectBytes(bytes);
  }

  #lastBytes(count: number): void {
    this.#expect("last", count);
  }

  #lastText(): void {
    this.#step = "last";
    this.expectText();
  }
}

function saltBytes(code: number): number {
  if (code === 4) return 2;
  if (code === 5) return 4;
  if (code === 0 || code === 1 || code === 2 || code === 3 || code === 6) return 0;
  throw new ProtocolError(`authentication code ${code} is unknown`);
}
