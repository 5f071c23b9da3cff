/**
 * What is known of types, by OID.
 */

import type { TypeDescription } from "./type_description.ts";

/** The descriptions of types, and which array type is over which. */
export class TypeMap {
  readonly #types = new Map<number, TypeDescription>();
  /** From array type to element type. */
  readonly #elements = new Map<number, number>();

  /** Adds a type and the array type over it, or replaces what was there. */
  set(type: TypeDescription): void {
    this.delete(type.oid);
    this.#types.set(type.oid, type);
    if (type.arrayOid !== undefined) this.#elements.set(type.arrayOid, type.oid);
  }

  /** The description of a type; array types have none. */
  get(oid: number): TypeDescription | undefined {
    return this.#types.get(oid);
  }

  /** The element type of an array type; undefined for all others. */
  elementOid(arrayOid: number): number | undefined {
    return this.#elements.get(arrayOid);
  }

  /** Deletes a type, and the array type over it. */
  delete(oid: number): void {
    const arrayOid = this.#types.get(oid)?.arrayOid;
    if (arrayOid !== undefined) this.#elements.delete(arrayOid);
    this.#types.delete(oid);
  }

  /** The type and all that have it inside of them; array types by their elements. */
  closure(oid: number): Set<number> {
    const found = new Set([this.#elements.get(oid) ?? oid]);
    // A set that grows is walked to its new end.
    for (const inner of found) {
      const arrayOid = this.#types.get(inner)?.arrayOid;
      for (const type of this.#types.values()) {
        if (partsOf(type).some((part) => part === inner || part === arrayOid)) found.add(type.oid);
      }
    }
    return found;
  }
}

/** The types that a type is made of directly. */
function partsOf(type: TypeDescription): number[] {
  const { domainOf, rangeOf, multirangeOf, attributes = [] } = type;
  const parts = [domainOf, rangeOf, multirangeOf, ...attributes.map(({ typeOid }) => typeOid)];
  return parts.filter((part) => part !== undefined);
}
