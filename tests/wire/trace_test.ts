/** Traces: one line a message, and no secret in any. */

import { assert, assertEquals } from "../std_assert.ts";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import type { BackendMessage } from "../../lib/wire/backend_message.ts";
import type { FrontendMessage } from "../../lib/wire/frontend_message.ts";
import { formatMessage } from "../../lib/wire/trace.ts";
import { BackendDecoderV3 } from "../../lib/wire/v3/backend_decoder.ts";
import { encodeBackendV3, encodeDataRowV3 } from "../../lib/wire/v3/backend_encoder.ts";
import { test } from "../harness.ts";
import { utf8 } from "./feeding.ts";

const bind: FrontendMessage = {
  kind: "Bind",
  portal: "",
  statement: "s",
  parameterFormats: [0],
  parameters: [utf8("hidden"), null],
  resultFormats: [1],
};

const lines: readonly ["F" | "B", FrontendMessage | BackendMessage, string][] = [
  ["F", { kind: "Query", query: "select 1\n\t2" }, 'F\tQuery\t"select 1\\n\\t2"'],
  ["F", { kind: "Sync" }, "F\tSync"],
  ["F", bind, 'F\tBind\t"" "s" [6 bytes, NULL] [0] [1]'],
  ["F", { kind: "Describe", target: "S", name: "s" }, 'F\tDescribe\tS "s"'],
  [
    "F",
    { kind: "StartupMessage", version: 0x30002, parameters: { user: "u" } },
    'F\tStartupMessage\t3.2 [user="u"]',
  ],
  ["B", { kind: "ReadyForQuery", transactionStatus: "T" }, "B\tReadyForQuery\tT"],
  ["B", { kind: "ReadyForQuery" }, "B\tReadyForQuery"],
  ["B", { kind: "CommandComplete", commandTag: "SELECT 1" }, 'B\tCommandComplete\t"SELECT 1"'],
  ["B", { kind: "CopyData", data: utf8("hidden") }, "B\tCopyData\t6 bytes"],
  [
    "B",
    {
      kind: "ErrorResponse",
      fields: { severity: "ERROR", code: "23505", message: "m", detail: "(hidden)" },
    },
    'B\tErrorResponse\tERROR 23505 "m"',
  ],
  [
    "B",
    { kind: "NotificationResponse", processId: 7, channel: "c", payload: "hidden" },
    'B\tNotificationResponse\t7 "c" 6 characters',
  ],
];

for (const [from, message, line] of lines) {
  test(`formatMessage() of ${message.kind} is ${JSON.stringify(line)}`, () => {
    assertEquals(formatMessage(from, message), line);
  });
}

test("formatMessage() shows values when it is asked to", () => {
  const line = formatMessage("F", bind, { content: true });
  assertEquals(line, 'F\tBind\t"" "s" ["hidden", NULL] [0] [1]');
});

test("formatMessage() of a DataRow counts rows and bytes", () => {
  const writer = new ByteWriter();
  encodeBackendV3({ kind: "ReadyForQuery", transactionStatus: "I" }, writer);
  encodeDataRowV3([utf8("hidden"), null], writer);
  encodeDataRowV3([utf8("b"), null], writer);
  const [, run] = new BackendDecoderV3().push(writer.take());
  assertEquals(formatMessage("B", run), "B\tDataRow\t2 rows 37 bytes");
  assertEquals(
    formatMessage("B", run, { content: true }),
    'B\tDataRow\t2 rows 37 bytes ["hidden", NULL] ["b", NULL]',
  );
});

test("formatMessage() never shows a secret", () => {
  const secret = utf8("s3cret");
  const secrets: (FrontendMessage | BackendMessage)[] = [
    { kind: "PasswordMessage", password: "s3cret" },
    { kind: "SASLInitialResponse", mechanism: "SCRAM-SHA-256", data: secret },
    { kind: "SASLResponse", data: secret },
    { kind: "GSSResponse", data: secret },
    { kind: "BackendKeyData", processId: 1, secretKey: secret },
    { kind: "CancelRequest", processId: 1, secretKey: secret },
    { kind: "AuthenticationMD5Password", salt: secret },
    { kind: "AuthenticationCryptPassword", salt: secret },
    { kind: "AuthenticationSASLContinue", data: secret },
    { kind: "AuthenticationSASLFinal", data: secret },
    { kind: "AuthenticationGSSContinue", data: secret },
  ];
  const shapes = ["s3cret", "115,51", "73336372", "czNjcmV0"];
  for (const message of secrets) {
    const line = formatMessage("F", message, { content: true });
    for (const shape of shapes) assert(!line.includes(shape), line);
    assert(line.startsWith(`F\t${message.kind}`));
  }
});

test("formatMessage() hides the text of a Query that holds values as literals", () => {
  const message = { kind: "Query", query: "select 'secret'" } as const;
  const line = formatMessage("F", message, { queryIsContent: true });
  assertEquals(line, "F\tQuery\t15 characters");
});
