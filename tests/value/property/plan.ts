/** Random types: the server's own, and those that a user could define, of each other. */

import fc from "fast-check";
import { catalogTypes } from "../../../lib/value/registry/catalog_types.ts";
import { quoteIdentifier } from "../../../lib/value/literal/literal.ts";
import type { TypeDescription } from "../../../lib/value/registry/type_description.ts";
import { Random } from "../../attribution/plan.ts";
import { quote } from "../server_cases.ts";
import { arrayOf, compositeOf, domainOf, enumOf, multirangeOf, rangeOf } from "./containers.ts";
import { dateTimeTypes, orderedDateTimes } from "./date_times.ts";
import { numberTypes, orderedNumbers } from "./numbers.ts";
import type { OrderedType, PropertyType } from "./sample.ts";
import { structureTypes } from "./structures.ts";
import { shortText, text, textTypes, uuid } from "./texts.ts";

/** For whom a plan is made. */
export interface PlanOptions {
  readonly seed: number;
  /** The server's major version. */
  readonly version: number;
  /** Where the types are to be. */
  readonly schema: string;
}

/** Types, and what makes those that are not there yet. */
export interface TypePlan {
  readonly statements: readonly string[];
  readonly types: readonly PropertyType[];
  /** What a server would tell of those that are not its own, with OIDs of our own. */
  readonly descriptions: readonly TypeDescription[];
  /** By the name that types are cast to. */
  readonly oids: ReadonlyMap<string, number>;
}

const USER_TYPES = 30;
const FIRST_USER_OID = 100_000;
const KINDS = ["composite", "composite", "composite", "domain", "enum", "range"] as const;

/** The base types of every family. */
export function baseTypes(version: number): PropertyType[] {
  return [
    ...textTypes({ version }),
    ...numberTypes({ version }),
    ...dateTimeTypes({ version }),
    ...structureTypes(),
  ];
}

/** The ranges that every server has, and where there are some the multiranges. */
export function baseRanges(version: number): PropertyType[] {
  const names: Readonly<Record<string, string>> = {
    int4: "int4",
    int8: "int8",
    numeric: "num",
    date: "date",
    timestamp: "ts",
    timestamptz: "tstz",
  };
  return orderedTypes(version).filter(({ sql }) => sql in names).flatMap((type) => {
    const range = rangeOf(`${names[type.sql]}range`, type);
    return version < 14 ? [range] : [range, multirangeOf(`${names[type.sql]}multirange`, type)];
  });
}

function orderedTypes(version: number): OrderedType[] {
  return [...orderedNumbers({ version }), ...orderedDateTimes(), text, uuid];
}

/** A plan of all base types and ranges, arrays of them, and random types of random types. */
export function planTypes(options: PlanOptions): TypePlan {
  return new Planner(options).plan();
}

class Planner {
  readonly #options: PlanOptions;
  readonly #random: Random;
  readonly #names: Iterator<string>;
  readonly #bases: readonly PropertyType[];
  readonly #users: PropertyType[] = [];
  readonly #enums: OrderedType[] = [];
  readonly #statements: string[] = [];
  readonly #descriptions: TypeDescription[] = [];
  readonly #oids = new Map<string, number>();
  #nextOid = FIRST_USER_OID;

  constructor(options: PlanOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    const names = fc.oneof(
      fc.constantFrom("a", "B", "__proto__", "constructor", "lowerBounds", "select", "0"),
      shortText.map((name) => name || " "),
    );
    this.#names = fc.sample(names, { seed: options.seed, numRuns: 1000 }).values();
    this.#bases = [...baseTypes(options.version), ...baseRanges(options.version)];
    for (const { sql } of this.#bases) {
      const { oid, arrayOid } = catalogTypes.find(({ name }) => name === plainName(sql))!;
      this.#oids.set(sql, oid).set(`${sql}[]`, arrayOid!);
    }
  }

  plan(): TypePlan {
    for (let i = 0; i < USER_TYPES; i++) this.#define(i);
    const scalars = [...this.#bases, ...this.#users];
    return {
      statements: this.#statements,
      types: [...scalars, ...scalars.map(arrayOf)],
      descriptions: this.#descriptions,
      oids: this.#oids,
    };
  }

  #define(i: number): void {
    const kind = this.#random.of(KINDS);
    const { schema } = this.#options;
    const name = `${schema}.${quoteIdentifier(`${kind} ${i}`)}`;
    if (kind === "enum") this.#defineEnum(name);
    else if (kind === "domain") this.#defineDomain(name);
    else if (kind === "range") this.#defineRange(name, i);
    else this.#defineComposite(name);
  }

  #defineEnum(name: string): void {
    const labels = this.#distinctNames(1 + this.#random.below(6));
    const type = enumOf(name, labels);
    this.#statements.push(`create type ${name} as enum (${labels.map(quote).join(", ")})`);
    this.#enums.push(type);
    this.#add(type, { isEnum: true });
  }

  #defineDomain(name: string): void {
    const base = this.#anyType();
    this.#statements.push(`create domain ${name} as ${base.sql}`);
    this.#add(domainOf(name, base), { domainOf: this.#oid(base) });
  }

  #defineRange(name: string, i: number): void {
    const { version, schema } = this.#options;
    const ordered = this.#random.of([...orderedTypes(version), ...this.#enums]);
    // Only PostgreSQL's own ranges of integers and dates have one form.
    const bound = { ...ordered, next: undefined };
    const multirange = `${schema}.multirange_${i}`;
    const definition = [
      `subtype = ${bound.sql}`,
      ...(bound.sql === "text" ? ['collation = "C"'] : []),
      ...(version >= 14 ? [`multirange_type_name = ${multirange}`] : []),
    ];
    this.#statements.push(`create type ${name} as range (${definition.join(", ")})`);
    const range = rangeOf(name, bound);
    this.#add(range, { rangeOf: this.#oid(bound) });
    if (version < 14) return;
    this.#add(multirangeOf(multirange, bound), { multirangeOf: this.#oid(range) });
  }

  #defineComposite(name: string): void {
    const names = this.#distinctNames(this.#random.of([0, 1, 1, 2, 3, 4, 6]));
    const attributes = names.map((attribute) => ({ name: attribute, type: this.#anyType() }));
    const columns = attributes.map(({ name: attribute, type }) =>
      `${quoteIdentifier(attribute)} ${type.sql}`
    );
    // What was dropped has left a hole among the attributes.
    const holed = this.#random.below(3) === 0;
    if (holed) columns.splice(this.#random.below(columns.length + 1), 0, '"a hole" int4');
    this.#statements.push(`create type ${name} as (${columns.join(", ")})`);
    if (holed) this.#statements.push(`alter type ${name} drop attribute "a hole"`);
    this.#add(compositeOf(name, attributes), {
      attributes: attributes.map(({ name, type }) => ({ name, typeOid: this.#oid(type) })),
    });
  }

  #add(type: PropertyType, description: Omit<TypeDescription, "oid" | "name">): void {
    const oid = this.#nextOid++;
    const arrayOid = this.#nextOid++;
    this.#oids.set(type.sql, oid).set(`${type.sql}[]`, arrayOid);
    this.#descriptions.push({ oid, name: type.sql, arrayOid, ...description });
    this.#users.push(type);
  }

  #oid({ sql }: PropertyType): number {
    return this.#oids.get(sql)!;
  }

  #anyType(): PropertyType {
    const user = this.#users.length > 0 && this.#random.below(2) === 0;
    const type = this.#random.of(user ? this.#users : this.#bases);
    return this.#random.below(3) === 0 ? arrayOf(type) : type;
  }

  #distinctNames(count: number): string[] {
    const names = new Set<string>();
    while (names.size < count) names.add(this.#names.next().value);
    return [...names];
  }
}

/** `"char"` and `bit(17)` without what is not the name. */
function plainName(sql: string): string {
  return sql.replace(/"|\(\d+\)$/g, "");
}
