/** Calls that are aborted while the server works for them: it is told to stop. */

import { assertEquals, assertStrictEquals } from "../../std_assert.ts";
import { queryCalls, transactionCalls } from "./calls.ts";
import type { Call } from "./calls.ts";
import { pidOf, rejection, testTargets } from "./stage.ts";
import type { Stage } from "./stage.ts";

const reason = new Error("enough");

for (const call of queryCalls) {
  testTargets(`${call.name} stops on the server by its signal`, async (stage) => {
    const sql = stage.open();
    const pid = await pidOf(sql);
    await abortAsleep(stage, call, sql);
    assertEquals(await pidOf(sql), pid);

    const reserved = await sql.reserve();
    await abortAsleep(stage, call, reserved);
    assertEquals(await pidOf(reserved), pid);
    await reserved.release();

    const tx = await sql.transaction();
    await abortAsleep(stage, call, tx);
    await tx.rollback();
    await stage.untilIdle();
    assertEquals(await pidOf(sql), pid);
  });
}

for (const call of transactionCalls) {
  testTargets(`${call.name} is rolled back by its signal`, async (stage) => {
    const sql = stage.open();
    const pid = await pidOf(sql);
    await abortAsleep(stage, call, sql);
    assertEquals(await pidOf(sql), pid);

    const reserved = await sql.reserve();
    await abortAsleep(stage, call, reserved);
    assertEquals(await pidOf(reserved), pid);
    await reserved.release();
    await stage.untilIdle();
  });
}

for (const call of [...queryCalls, ...transactionCalls]) {
  testTargets(`${call.name} is aborted in any of its first turns`, async (stage) => {
    const sql = stage.open();
    const pid = await pidOf(sql);
    for (let turns = 0; turns < 16; turns++) {
      const controller = new AbortController();
      const told = rejection(call.run(sql, controller.signal));
      for (let i = 0; i < turns; i++) await undefined;
      controller.abort(reason);
      assertStrictEquals(await told, reason, `after ${turns} turns`);
      assertEquals(await pidOf(sql), pid, `after ${turns} turns`);
    }
    await stage.untilIdle();
  });
}

/** Aborts a call once the server is asleep for it. */
async function abortAsleep<Tag>(stage: Stage, { run }: Call<Tag>, sql: Tag): Promise<void> {
  const controller = new AbortController();
  const told = rejection(run(sql, controller.signal));
  await stage.untilAsleep();
  controller.abort(reason);
  assertStrictEquals(await told, reason);
}
