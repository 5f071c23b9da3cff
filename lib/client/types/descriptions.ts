/**
 * What a server said of statements that it does not keep: behind a pooler each query is
 * prepared anew, but its types need not be asked for again.
 *
 * @module
 */

import { statementKey } from "../../session/statement.ts";
import type { Statement, TypedQuery } from "../../session/statement.ts";

const CAPACITY = 1000;

/** Statements by their query; the one that was met first goes first. */
export class Descriptions {
  readonly #statements = new Map<string, Statement>();

  has(query: TypedQuery): boolean {
    return this.#statements.has(statementKey(query));
  }

  get(query: TypedQuery): Statement | undefined {
    return this.#statements.get(statementKey(query));
  }

  set(query: TypedQuery, statement: Statement): void {
    this.#statements.set(statementKey(query), statement);
    if (this.#statements.size <= CAPACITY) return;
    this.#statements.delete(this.#statements.keys().next().value!);
  }

  delete(query: TypedQuery): void {
    this.#statements.delete(statementKey(query));
  }
}
