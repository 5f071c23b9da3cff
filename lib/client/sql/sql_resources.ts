/**
 * What every tag of one client shares beside the way to its session.
 *
 * @module
 */

import type { Runtime } from "../../runtime/runtime.ts";
import { TypedValue, typeOidOf } from "../../value/registry/typed_value.ts";
import type { TypeName } from "../../value/registry/typed_value.ts";
import type { LiveOptions, Typed } from "./sql_types.ts";
import type { CustomType } from "../options/type_options.ts";

/** What the tags of a client share. */
export interface SqlResources {
  readonly options: LiveOptions;
  readonly typed: Typed;
  readonly files: SqlFiles;
}

/** The texts of files, each read once. */
export class SqlFiles {
  readonly #readTextFile: Runtime["readTextFile"];
  readonly #texts = new Map<string, Promise<string>>();

  constructor({ readTextFile }: Pick<Runtime, "readTextFile">) {
    this.#readTextFile = readTextFile;
  }

  /** Rejects with the runtime's own error when it cannot be read; the next call tries again. */
  read(path: string, { cache }: { readonly cache: boolean }): Promise<string> {
    const known = cache ? this.#texts.get(path) : undefined;
    if (known) return known;
    const text = this.#readTextFile(path);
    if (cache) {
      this.#texts.set(path, text);
      text.catch(() => this.#texts.delete(path));
    }
    return text;
  }
}

/** Makes {@linkcode SqlTag.typed}: a function, with a method for each type of option `types`. */
export function createTyped(customTypes: Readonly<Record<string, CustomType>>): Typed {
  const typed = (value: unknown, type: TypeName): TypedValue =>
    new TypedValue(value, typeOidOf(type));
  for (const [name, { to }] of Object.entries(customTypes)) {
    // A function has properties of its own, `name` and `length`, which only a definition replaces.
    Object.defineProperty(typed, name, { value: (value: unknown) => new TypedValue(value, to) });
  }
  return typed as Typed;
}
