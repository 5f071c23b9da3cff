import { TransactionTracker } from "../../lib/session/transaction_tracker.ts";
import { test } from "../harness.ts";
import { assertEquals } from "../std_assert.ts";

type Step =
  | readonly [tag: string, query?: string]
  | "error"
  | "failed commit"
  | { readonly probed: boolean | undefined };

/** What happens on a session, and the status it must have at last. */
const cases: readonly [name: string, steps: readonly Step[], status: string | undefined][] = [
  ["is idle at first", [], "I"],
  ["is idle after a plain statement", [["SELECT 1"]], "I"],
  ["is idle after an error outside of a block", ["error"], "I"],
  ["is in a block after BEGIN", [["BEGIN"]], "T"],
  ["is in a block after START TRANSACTION", [["START TRANSACTION"]], "T"],
  ["is in a failed block after an error", [["BEGIN"], "error"], "E"],
  ["stays failed after another error", [["BEGIN"], "error", "error"], "E"],
  ["is idle after COMMIT", [["BEGIN"], ["COMMIT", "commit"]], "I"],
  ["is idle after ROLLBACK", [["BEGIN"], ["ROLLBACK", "abort"]], "I"],
  ["is idle after COMMIT of a failed block", [["BEGIN"], "error", ["ROLLBACK", "end"]], "I"],
  ["is idle after PREPARE TRANSACTION", [["BEGIN"], ["PREPARE TRANSACTION"]], "I"],
  ["stays in the block with SAVEPOINT", [["BEGIN"], ["SAVEPOINT"]], "T"],
  ["is failed by the abort state of 7.2", [["BEGIN"], ["*ABORT STATE*"]], "E"],
  ["does not know after ROLLBACK TO", [["BEGIN"], ["ROLLBACK", "rollback to a"]], undefined],
  [
    "does not know after ROLLBACK TO in capitals",
    [["BEGIN"], "error", ["ROLLBACK", "ROLLBACK WORK TO SAVEPOINT a"]],
    undefined,
  ],
  ["does not know after AND CHAIN", [["BEGIN"], ["COMMIT", "commit and chain"]], undefined],
  ["does not know after CALL in a block", [["BEGIN"], ["CALL", "call p()"]], undefined],
  ["does not know after DO in a block", [["BEGIN"], ["DO", "do $$…$$"]], undefined],
  ["is idle after CALL outside of a block", [["CALL", "call p()"]], "I"],
  ["does not know after a COMMIT that failed", [["BEGIN"], "failed commit"], undefined],
  ["is told of a block", [["BEGIN"], ["ROLLBACK", "rollback to a"], { probed: true }], "T"],
  ["is told of no block", [["COMMIT", "commit and chain"], { probed: false }], "I"],
  ["is told of a failed block", [["COMMIT", "commit and chain"], { probed: undefined }], "E"],
  [
    "knows again by what follows",
    [["BEGIN"], ["ROLLBACK", "rollback to a; commit"], ["COMMIT", "commit"]],
    "I",
  ],
];

for (const [name, steps, status] of cases) {
  test(`TransactionTracker.status ${name}`, () => {
    const tracker = new TransactionTracker();
    for (const step of steps) {
      if (step === "failed commit") tracker.failed("commit");
      else if (step === "error") tracker.failed("select 1 / 0");
      else if ("probed" in step) tracker.probed(step.probed);
      else tracker.completed(step[0], step[1] ?? step[0]);
    }
    assertEquals(tracker.status, status);
  });
}
