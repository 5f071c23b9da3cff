import { ConnectionError } from "../../lib/errors.ts";
import { Pool } from "../../lib/pool/pool.ts";
import type { Lease } from "../../lib/pool/pool.ts";
import type { Session } from "../../lib/session/session.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "../std_assert.ts";

/** As much of a session as a pool sees. */
class FakeSession {
  usable = true;
  cancelling = false;
  sweeps = 0;
  closed = false;
  abortedBy: Error | undefined;
  readonly statements = { sweep: () => void this.sweeps++ };
  readonly #onClose: () => void;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  close(): Promise<void> {
    this.closed = true;
    this.lose();
    return Promise.resolve();
  }

  abort(error: Error): void {
    this.abortedBy = error;
    this.lose();
  }

  /** The connection ends. */
  lose(): void {
    this.usable = false;
    this.#onClose();
  }
}

/** Opens fake sessions; each opening waits until it is let through or refused. */
class Opener {
  readonly sessions: FakeSession[] = [];
  readonly #waiting: { through: () => void; refuse: (error: Error) => void }[] = [];
  /** What opens next is lost as soon as it is open. */
  stillborn = false;

  readonly open = (onClose: () => void): Promise<Session> =>
    new Promise((resolve, reject) => {
      const through = () => {
        const session = new FakeSession(onClose);
        this.sessions.push(session);
        if (this.stillborn) session.lose();
        resolve(session as unknown as Session);
      };
      this.#waiting.push({ through, refuse: reject });
    });

  get openings(): number {
    return this.#waiting.length;
  }

  async letThrough(): Promise<void> {
    this.#waiting.shift()!.through();
    await turn();
  }

  async refuse(error = new ConnectionError("Cannot connect: connection refused")): Promise<void> {
    this.#waiting.shift()!.refuse(error);
    await turn();
  }
}

function poolOf(max: number): { pool: Pool; opener: Opener } {
  const opener = new Opener();
  return { pool: new Pool({ max, open: opener.open }), opener };
}

const shared = { exclusive: false } as const;
const exclusive = { exclusive: true } as const;

/** All that is due now has run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** What a promise has come to by now: its value, its reason, or "waiting". */
function now<T>(promise: Promise<T>): Promise<T | "waiting" | Error> {
  const told = promise.catch((error: Error) => error);
  return Promise.race([told, turn().then(() => "waiting" as const)]);
}

async function opened(pool: Pool, opener: Opener): Promise<Lease> {
  const lease = pool.acquire(exclusive);
  await opener.letThrough();
  return await lease;
}

test("Pool.acquire() opens a session and gives it again when it is idle", async () => {
  const { pool, opener } = poolOf(2);
  const first = await opened(pool, opener);
  first.release();
  const second = await pool.acquire(shared);
  assertStrictEquals(second.session, first.session);
  assertEquals([opener.sessions.length, opener.openings, pool.size], [1, 0, 1]);
});

test("Pool.acquire() opens another session rather than share one", async () => {
  const { pool, opener } = poolOf(2);
  const first = await opened(pool, opener);
  const second = pool.acquire(shared);
  assertEquals(opener.openings, 1);
  await opener.letThrough();
  assert((await second).session !== first.session);
});

test("Pool.acquire() shares the session with the fewest queries when there may be no more", async () => {
  const { pool, opener } = poolOf(2);
  const leases = [await opened(pool, opener), await opened(pool, opener)];
  for (const lease of leases) lease.release();
  const uses = new Map<Session, number>();
  for (let i = 0; i < 10; i++) {
    const { session } = await pool.acquire(shared);
    uses.set(session, (uses.get(session) ?? 0) + 1);
  }
  assertEquals([...uses.values()], [5, 5]);
});

test("Pool.acquire() shares a session among 100 and no more", async () => {
  const { pool, opener } = poolOf(1);
  (await opened(pool, opener)).release();
  const leases = [];
  for (let i = 0; i < 100; i++) leases.push(await pool.acquire(shared));
  const next = pool.acquire(shared);
  assertEquals(await now(next), "waiting");
  leases[42].release();
  assertStrictEquals((await next).session, leases[0].session);
});

test("Pool.acquire() gives an exclusive session to nobody else", async () => {
  const { pool, opener } = poolOf(1);
  const first = await opened(pool, opener);
  const next = pool.acquire(shared);
  assertEquals(await now(next), "waiting");
  first.release();
  assertStrictEquals((await next).session, first.session);
});

test("Pool.acquire() waits for an idle session to give it exclusively", async () => {
  const { pool, opener } = poolOf(1);
  (await opened(pool, opener)).release();
  const [one, two] = [await pool.acquire(shared), await pool.acquire(shared)];
  const alone = pool.acquire(exclusive);
  one.release();
  assertEquals(await now(alone), "waiting");
  two.release();
  assertStrictEquals((await alone).session, one.session);
});

test("Pool.acquire() serves who asked first", async () => {
  const { pool, opener } = poolOf(1);
  (await opened(pool, opener)).release();
  const first = await pool.acquire(shared);
  const alone = pool.acquire(exclusive);
  const later = pool.acquire(shared);
  assertEquals(await now(later), "waiting");
  first.release();
  const lease = await alone;
  assertEquals(await now(later), "waiting");
  lease.release();
  await later;
});

test("Pool.acquire() rejects with the reason of a signal that was given before", async () => {
  const { pool, opener } = poolOf(1);
  const reason = new Error("enough");
  const promise = pool.acquire({ ...shared, signal: AbortSignal.abort(reason) });
  assertStrictEquals(await assertRejects(() => promise), reason);
  assertEquals(opener.openings, 0);
});

test("Pool.acquire() rejects with the signal's reason while it waits, and serves the next", async () => {
  const { pool, opener } = poolOf(1);
  (await opened(pool, opener)).release();
  const first = await pool.acquire(shared);
  const controller = new AbortController();
  const alone = pool.acquire({ ...exclusive, signal: controller.signal });
  const later = pool.acquire(shared);
  const reason = new Error("enough");
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => alone), reason);
  assertStrictEquals((await later).session, first.session);
});

test("Pool.acquire() forgets a signal once it was served", async () => {
  const { pool, opener } = poolOf(1);
  const controller = new AbortController();
  const first = pool.acquire({ ...shared, signal: controller.signal });
  await opener.letThrough();
  const lease = await first;
  const next = pool.acquire(exclusive);
  controller.abort();
  lease.release();
  await next;
});

test("Pool.acquire() rejects all that wait when no session can be opened", async () => {
  const { pool, opener } = poolOf(2);
  const told = Promise.allSettled([1, 2, 3].map(() => pool.acquire(shared)));
  await opener.refuse(new ConnectionError("first"));
  await opener.refuse(new ConnectionError("second"));
  const reasons = (await told).map((one) => one.status === "rejected" && one.reason.message);
  assertEquals(reasons, ["second", "second", "second"]);
  const next = pool.acquire(shared);
  await opener.letThrough();
  await next;
});

test("Pool.acquire() makes do with what there is when the server gives no more", async () => {
  const { pool, opener } = poolOf(3);
  const first = pool.acquire(shared);
  await opener.letThrough();
  const second = pool.acquire(shared);
  await opener.refuse();
  assertStrictEquals((await second).session, (await first).session);
  // It knocks again by and by.
  const third = pool.acquire(shared);
  await opener.refuse();
  assertStrictEquals((await third).session, (await first).session);
});

test("Pool.acquire() opens another session when one is lost", async () => {
  const { pool, opener } = poolOf(1);
  const first = await opened(pool, opener);
  const next = pool.acquire(shared);
  opener.sessions[0].lose();
  assertEquals([pool.size, opener.openings], [0, 1]);
  await opener.letThrough();
  assert((await next).session !== first.session);
  first.release();
  assertEquals(pool.size, 1);
});

test("Pool.acquire() never gives a session that is about to be closed", async () => {
  const { pool, opener } = poolOf(2);
  (await opened(pool, opener)).release();
  opener.sessions[0].usable = false;
  const next = pool.acquire(shared);
  await opener.letThrough();
  assertStrictEquals((await next).session, opener.sessions[1] as unknown as Session);
});

test("Pool.acquire() gives no session on which something is being cancelled", async () => {
  const { pool, opener } = poolOf(1);
  (await opened(pool, opener)).release();
  const cancelled = await pool.acquire(shared);
  opener.sessions[0].cancelling = true;
  const next = pool.acquire(shared);
  assertEquals(await now(next), "waiting");
  opener.sessions[0].cancelling = false;
  cancelled.release();
  assertStrictEquals((await next).session, cancelled.session);
});

test("Pool.acquire() opens another session when one is lost as it opens", async () => {
  const { pool, opener } = poolOf(1);
  const lease = pool.acquire(shared);
  opener.stillborn = true;
  await opener.letThrough();
  opener.stillborn = false;
  assertEquals(await now(lease), "waiting");
  await opener.letThrough();
  assertStrictEquals((await lease).session, opener.sessions[1] as unknown as Session);
  assertEquals(pool.size, 1);
});

test("Pool.acquire() waits for no session that was lost while another was refused", async () => {
  const { pool, opener } = poolOf(2);
  const leases = [pool.acquire(exclusive), pool.acquire(exclusive)];
  const told = Promise.allSettled(leases);
  opener.stillborn = true;
  opener.letThrough();
  opener.stillborn = false;
  await opener.refuse();
  while (opener.openings > 0) await opener.refuse();
  assertEquals((await told).map(({ status }) => status), ["rejected", "rejected"]);
});

test("Lease.release() counts once", async () => {
  const { pool, opener } = poolOf(1);
  const first = await opened(pool, opener);
  first.release();
  const second = await pool.acquire(exclusive);
  first.release();
  const third = pool.acquire(shared);
  assertEquals(await now(third), "waiting");
  second.release();
  await third;
});

test("Lease.release() has statements swept when the session is idle", async () => {
  const { pool, opener } = poolOf(1);
  (await opened(pool, opener)).release();
  assertEquals(opener.sessions[0].sweeps, 1);
  const [one, two] = [await pool.acquire(shared), await pool.acquire(shared)];
  one.release();
  assertEquals(opener.sessions[0].sweeps, 1);
  two.release();
  assertEquals(opener.sessions[0].sweeps, 2);
});

test("Pool.close() closes every session once all that came was answered", async () => {
  const { pool, opener } = poolOf(1);
  const first = await opened(pool, opener);
  const waiting = pool.acquire(exclusive);
  const closed = pool.close();
  await assertRejects(() => pool.acquire(shared), ConnectionError, "the pool is closed");
  first.release();
  const second = await waiting;
  assert(!opener.sessions[0].closed);
  assertEquals(await now(closed), "waiting");
  second.release();
  await closed;
  assert(opener.sessions[0].closed);
  assertEquals(pool.size, 0);
  await pool.close();
});

test("Pool.close() ends when what waited was aborted or refused", async () => {
  const { pool, opener } = poolOf(1);
  const controller = new AbortController();
  const aborted = pool.acquire({ ...shared, signal: controller.signal });
  const refused = pool.acquire(shared);
  const told = Promise.allSettled([aborted, refused]);
  const closed = pool.close();
  controller.abort();
  await opener.refuse();
  await closed;
  assertEquals((await told).map(({ status }) => status), ["rejected", "rejected"]);
});

test("Pool.close() of a pool that was never used ends at once", async () => {
  await poolOf(1).pool.close();
});

test("Pool.abort() ends every session, also one that is being opened", async () => {
  const { pool, opener } = poolOf(2);
  await opened(pool, opener);
  const waiting = pool.acquire(exclusive);
  const error = new ConnectionError("Cannot go on");
  pool.abort(error);
  assertStrictEquals(await assertRejects(() => waiting), error);
  await opener.letThrough();
  assertEquals(opener.sessions.map(({ abortedBy }) => abortedBy), [error, error]);
  assertEquals(pool.size, 0);
  await assertRejects(() => pool.acquire(shared), ConnectionError, "the pool is closed");
});
