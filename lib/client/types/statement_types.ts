/**
 * Types and values of one statement on the session that it runs on.
 *
 * @module
 */

import type { Session } from "../../session/session.ts";
import type { BoundValue } from "../../session/statement.ts";
import { encodeParameter } from "../../value/parameter.ts";
import type { Parameter } from "../../value/parameter.ts";
import { TypedValue } from "../../value/registry/typed_value.ts";
import type { ExecutionContext } from "../query/execution_context.ts";
import type { LendSession, ServerTypes } from "./server_types.ts";

/** What a statement's values and columns are encoded and decoded by. */
export class StatementTypes {
  readonly session: Session;
  readonly server: ServerTypes;
  readonly #context: ExecutionContext;

  constructor(context: ExecutionContext, session: Session) {
    this.#context = context;
    this.session = session;
    this.server = context.types.of(session);
  }

  /** False only where it is certain that what is sent next does not run in a transaction. */
  get mayBeInTransaction(): boolean {
    const { transactionStatus, pending } = this.session;
    // A BEGIN may be among what is pending; who shares a session must not send one.
    return transactionStatus !== "I" || (!this.#context.lender.shared && pending > 0);
  }

  /** The values as parameters of these types; 0 where the type is not known. */
  parameters(values: readonly unknown[], oids: readonly number[]): Parameter[] {
    return values.map((value, i) => {
      const given = value instanceof TypedValue ? value.value : value;
      const isNull = given === undefined && this.#context.undefinedAsNull;
      return { typeOid: oids[i], value: isNull ? null : given, index: i + 1 };
    });
  }

  /**
   * The values as Bind takes them.
   *
   * @throws {TypeError} when one does not fit
   */
  encode(values: readonly unknown[], oids: readonly number[]): BoundValue[] {
    return this.parameters(values, oids).map((one) => encodeParameter(this.server.registry, one));
  }

  /** Has types looked up that are not known; undefined when all are, as nearly always. */
  lookUp(oids: readonly number[]): Promise<void> | undefined {
    return this.#lookUp(oids, (ask) => ask(this.session));
  }

  /** The same on a session beside the pool: this one is busy with the rows that wait for it. */
  lookUpAside(oids: readonly number[]): Promise<void> | undefined {
    return this.#lookUp(oids, (ask) => this.#askAside(ask));
  }

  #lookUp(oids: readonly number[], lend: LendSession): Promise<void> | undefined {
    const unknown = this.server.unknown(oids);
    return unknown.length > 0 ? this.server.lookUp(unknown, lend) : undefined;
  }

  async #askAside<T>(ask: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#context.openAside(this.session.server);
    try {
      return await ask(session);
    } finally {
      await session.close();
    }
  }
}

/** The type that a value is said to have; 0: the server infers it. */
export function saidTypeOid(value: unknown): number {
  return value instanceof TypedValue ? value.typeOid : 0;
}

/** Refuses to bind more or fewer values than a statement has parameters. */
export function checkCount(oids: readonly number[], values: readonly unknown[]): void {
  if (oids.length === values.length) return;
  throw new TypeError(
    `Cannot bind ${values.length} values: the statement has ${oids.length} parameters`,
  );
}
