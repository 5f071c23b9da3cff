/**
 * The fields of errors and notices: those of 3.x, and the one text of 2.0.
 * Both decoders need both, because a server answers a start-up it cannot read
 * in the form it takes it for.
 *
 * @module
 */

import type { ByteReader } from "../bytes/byte_reader.ts";
import type { ByteWriter } from "../bytes/byte_writer.ts";
import type { ErrorFields } from "../errors.ts";

/** Section "Error and Notice Message Fields"; `S` and `V` are the severity. */
const textFields = [
  ["C", "code"],
  ["D", "detail"],
  ["H", "hint"],
  ["q", "internalQuery"],
  ["W", "where"],
  ["s", "schema"],
  ["t", "table"],
  ["c", "column"],
  ["d", "dataType"],
  ["n", "constraint"],
  ["F", "file"],
  ["R", "routine"],
] as const;

const numberFields = [["P", "position"], ["p", "internalPosition"], ["L", "line"]] as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads the field list of 3.x up to its end mark; unknown fields are skipped, as the manual asks. */
export function readErrorFields(reader: ByteReader, fallbackSeverity: string): ErrorFields {
  const found = new Map<string, string>();
  for (let type = reader.readByte(); type !== 0; type = reader.readByte()) {
    found.set(String.fromCharCode(type), reader.readCString());
  }
  const severity = found.get("V") ?? found.get("S") ?? fallbackSeverity;
  const fields: Mutable<ErrorFields> = { severity, message: found.get("M") ?? "" };
  for (const [letter, name] of textFields) {
    const text = found.get(letter);
    if (text !== undefined) fields[name] = text;
  }
  for (const [letter, name] of numberFields) {
    const text = found.get(letter);
    if (text !== undefined && /^\d{1,10}$/.test(text)) fields[name] = Number(text);
  }
  return fields;
}

/** Writes the field list of 3.x with its end mark. */
export function writeErrorFields(fields: ErrorFields, writer: ByteWriter): void {
  writeField("S", fields.severity, writer);
  writeField("V", fields.severity, writer);
  writeField("M", fields.message, writer);
  for (const [letter, name] of [...textFields, ...numberFields]) {
    const value = fields[name];
    if (value !== undefined) writeField(letter, String(value), writer);
  }
  writer.writeByte(0);
}

/**
 * Takes the text of 2.0 apart: `SEVERITY:  text[ at character N]` and a line feed.
 * The words may be translated; only the English position is understood.
 */
export function parseErrorText(text: string, fallbackSeverity: string): ErrorFields {
  const line = text.endsWith("\n") ? text.slice(0, -1) : text;
  const colon = line.indexOf(":  ");
  const severity = colon < 0 ? fallbackSeverity : line.slice(0, colon);
  const message = colon < 0 ? line : line.slice(colon + 3);
  const position = / at character (\d{1,10})$/.exec(message);
  if (position === null) return { severity, message };
  return { severity, message: message.slice(0, position.index), position: Number(position[1]) };
}

/** The text of 2.0 for an error or a notice. */
export function formatErrorText(fields: ErrorFields): string {
  const place = fields.position === undefined ? "" : ` at character ${fields.position}`;
  return `${fields.severity}:  ${fields.message}${place}\n`;
}

function writeField(letter: string, text: string, writer: ByteWriter): void {
  writer.writeByte(letter.charCodeAt(0));
  writer.writeCString(text);
}
