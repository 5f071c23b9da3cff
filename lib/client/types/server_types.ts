/**
 * What a client knows of types: rill's own everywhere, those that users define as each server
 * and database has them.
 *
 * @module
 */

import type { TextReaders } from "../../rows/field_source.ts";
import type { RowTransform } from "../../rows/row_transform.ts";
import type { Session } from "../../session/session.ts";
import { TypeRegistry } from "../../value/registry/type_registry.ts";
import type { TypeRegistryOptions } from "../../value/registry/type_registry.ts";
import { Descriptions } from "./descriptions.ts";
import { ResultPlans } from "./result_plans.ts";
import { lookUpTypes } from "./type_lookup.ts";

/** What the types of a client are made with. */
export interface ClientTypesOptions extends TypeRegistryOptions {
  /** False: types that rill does not know are never looked up, and come as text. */
  readonly fetchTypes: boolean;
  readonly text: TextReaders;
  readonly transform?: RowTransform;
}

/** Gives a session of the server for as long as the question takes. */
export type LendSession = <T>(ask: (session: Session) => Promise<T>) => Promise<T>;

/**
 * The types of all servers that a client talks to. What was looked up is kept as long as there
 * is a session of that server: behind its address may be another cluster afterwards, where the
 * same OIDs are other types.
 */
export class ClientTypes {
  readonly #options: ClientTypesOptions;
  readonly #servers = new Map<string, ServerTypes>();
  readonly #sessions = new Map<string, Set<Session>>();
  /** For rill's own queries: the user's choices have no say in them. */
  readonly #plain: ResultPlans;

  constructor(options: ClientTypesOptions) {
    this.#options = options;
    this.#plain = new ResultPlans(new TypeRegistry(), options.text);
  }

  /** The types of the server and database that a session is connected to. */
  of({ server }: Session): ServerTypes {
    let types = this.#servers.get(server);
    if (types === undefined) {
      types = new ServerTypes(this.#options, this.#plain);
      this.#servers.set(server, types);
    }
    return types;
  }

  /** To be called with each session of the pool. */
  opened(session: Session): void {
    const sessions = this.#sessions.get(session.server) ?? new Set();
    this.#sessions.set(session.server, sessions.add(session));
  }

  /** To be called when a session has ended. */
  closed(session: Session): void {
    const sessions = this.#sessions.get(session.server);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#servers.delete(session.server);
  }
}

/** The types of one server and database. */
export class ServerTypes {
  readonly registry: TypeRegistry;
  readonly plans: ResultPlans;
  /** For rill's own queries. */
  readonly plain: ResultPlans;
  /** Of queries that leave no statement behind. */
  readonly descriptions: Descriptions = new Descriptions();
  readonly #fetchTypes: boolean;
  /** Look-ups on their way, by the types that they are for. */
  readonly #lookUps = new Map<number, Promise<void>>();

  constructor(options: ClientTypesOptions, plain: ResultPlans) {
    this.registry = new TypeRegistry(options);
    this.plans = new ResultPlans(this.registry, options.text, options.transform);
    this.plain = plain;
    this.#fetchTypes = options.fetchTypes;
  }

  /** Those among the types that have to be looked up; 0 is none. */
  unknown(oids: readonly number[]): readonly number[] {
    if (!this.#fetchTypes) return [];
    return oids.filter((oid) => oid !== 0 && !this.registry.has(oid));
  }

  /**
   * Makes types known, in one query. Who needs a type that is being looked up waits for that;
   * when it fails he looks again himself: a failure is his alone whose look-up it was. A type
   * that the server does not have (any more) stays unknown.
   *
   * @throws {DatabaseError | ConnectionError} when the look-up fails
   */
  async lookUp(oids: readonly number[], lend: LendSession): Promise<void> {
    const others = new Set(oids.map((oid) => this.#lookUps.get(oid)));
    others.delete(undefined);
    await Promise.allSettled(others);
    const left = this.unknown(oids);
    // Who comes next may have begun while we waited.
    if (left.some((oid) => this.#lookUps.has(oid))) return this.lookUp(oids, lend);
    if (left.length > 0) await this.#begin([...new Set(left)], lend);
  }

  async #begin(oids: readonly number[], lend: LendSession): Promise<void> {
    const lookUp = lend((session) => lookUpTypes(session, oids, this.plain)).then((types) =>
      this.registry.add(types.filter(({ oid }) => !this.registry.has(oid)))
    );
    for (const oid of oids) this.#lookUps.set(oid, lookUp);
    try {
      await lookUp;
    } finally {
      for (const oid of oids) this.#lookUps.delete(oid);
    }
  }
}
