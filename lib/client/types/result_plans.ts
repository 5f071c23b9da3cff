/**
 * How results are read, worked out once for each prepared statement.
 *
 * @module
 */

import { createRowDecoder } from "../../rows/row_decoder.ts";
import type { RowDecoder, RowShape } from "../../rows/row_decoder.ts";
import type { TextReaders } from "../../rows/field_source.ts";
import { createTransformingDecoder } from "../../rows/row_transform.ts";
import type { RowTransform } from "../../rows/row_transform.ts";
import type { Statement } from "../../session/statement.ts";
import type { TypeRegistry } from "../../value/registry/type_registry.ts";
import type { FieldDescription } from "../../wire/backend_message.ts";

type Fields = readonly FieldDescription[];

/** The columns and decoders of the statements of one client. */
export class ResultPlans {
  readonly #registry: TypeRegistry;
  readonly #text: TextReaders;
  readonly #transform: RowTransform | undefined;
  #fields = new WeakMap<Statement, Fields>();
  #decoders = new WeakMap<Fields, Map<RowShape, RowDecoder>>();
  /** Of the registry, when these were made. */
  #version = 0;

  constructor(registry: TypeRegistry, text: TextReaders, transform?: RowTransform) {
    this.#registry = registry;
    this.#text = text;
    this.#transform = transform;
  }

  /** A statement's columns, each in the format it is to be asked for in. */
  fields(statement: Statement): Fields {
    this.#refresh();
    let fields = this.#fields.get(statement);
    if (fields === undefined) {
      fields = statement.fields.map((field) => ({
        ...field,
        format: this.#registry.resultFormat(field.typeOid),
      }));
      this.#fields.set(statement, fields);
    }
    return fields;
  }

  /** The decoder of rows of these columns; the same for the same array of them. */
  decoder<Row>(fields: Fields, shape: RowShape): RowDecoder<Row> {
    this.#refresh();
    let decoders = this.#decoders.get(fields);
    if (decoders === undefined) this.#decoders.set(fields, decoders = new Map());
    let decoder = decoders.get(shape);
    if (decoder === undefined) {
      const { readUtf8, readLatin1 } = this.#text;
      const options = { fields, registry: this.#registry, shape, readUtf8, readLatin1 };
      decoder = this.#transform
        ? createTransformingDecoder(options, this.#transform)
        : createRowDecoder(options);
      decoders.set(shape, decoder);
    }
    return decoder as RowDecoder<Row>;
  }

  /** Types may have got other codecs, and so columns other formats. */
  #refresh(): void {
    if (this.#version === this.#registry.version) return;
    this.#version = this.#registry.version;
    this.#fields = new WeakMap();
    this.#decoders = new WeakMap();
  }
}
