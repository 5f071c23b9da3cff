/**
 * Gives queries the sessions of a pool.
 *
 * @module
 */

import type { Pool } from "../../pool/pool.ts";
import { HeldSession } from "./held_session.ts";
import type { BorrowOptions, Hold, Lease, SessionLender, StreamMode } from "./session_lender.ts";

/** A pool as a lender: a stream has a session for itself, and needs no portal. */
export class PoolLender implements SessionLender {
  readonly shared = true;
  readonly drains = false;
  readonly #pool: Pool;
  readonly #oneByOne: boolean;

  /** `oneByOne`: nothing is sent before what was sent before was answered. */
  constructor(pool: Pool, { oneByOne }: { readonly oneByOne: boolean }) {
    this.#pool = pool;
    this.#oneByOne = oneByOne;
  }

  acquire({ exclusive, signal }: BorrowOptions): Promise<Lease> {
    return this.#pool.acquire({ exclusive, signal });
  }

  async hold({ signal }: Pick<BorrowOptions, "signal">): Promise<Hold> {
    const lease = await this.#pool.acquire({ exclusive: true, signal });
    const held = new HeldSession(lease, { oneByOne: this.#oneByOne });
    return { held, release: (reason = released()) => held.end(reason) };
  }

  streamMode(): StreamMode {
    return "flow";
  }
}

function released(): TypeError {
  return new TypeError("Cannot go on: the connection was released");
}
