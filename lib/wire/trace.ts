/**
 * Messages as lines to read, in the manner of libpq's PQtrace.
 *
 * @module
 */

import { decodeUtf8 } from "../bytes/utf8.ts";
import type { ErrorFields } from "../errors.ts";
import type { BackendMessage, DataRow } from "./backend_message.ts";
import type { FrontendMessage } from "./frontend_message.ts";
import { versionName } from "./protocol.ts";
import { rowValues } from "./row_values.ts";

/** How much a trace tells. */
export interface TraceOptions {
  /**
   * Shows what parameters, rows, COPY data and notifications hold; else only how many
   * bytes. Passwords, keys, salts and SASL data are never shown.
   */
  readonly content?: boolean;
  /**
   * The text of a Query counts as content too: where there are no bind parameters the
   * values stand in it as literals.
   */
  readonly queryIsContent?: boolean;
}

type Message = FrontendMessage | BackendMessage;

/**
 * Gives a message as one line: direction (F: from the frontend, B: from the backend), name and
 * fields, with tabs between. The text of a query is shown as it was sent, unless told otherwise.
 *
 * @example
 * ```ts
 * import { formatMessage } from "./trace.ts";
 *
 * console.log(formatMessage("F", { kind: "Query", query: "select 1" })); // F	Query	"select 1"
 * ```
 */
export function formatMessage(
  from: "F" | "B",
  message: FrontendMessage | BackendMessage,
  options: TraceOptions = {},
): string {
  const { content = false, queryIsContent = false } = options;
  const fields = message.kind === "Query" && queryIsContent
    ? formatText(message.query, content)
    : formatFields(message, content);
  return [from, message.kind, ...(fields === "" ? [] : [fields])].join("\t");
}

function formatFields(message: Message, content: boolean): string {
  switch (message.kind) {
    case "DataRow":
      return formatRun(message, content);
    case "CopyData":
      return formatBytes(message.data, content);
    case "FunctionCallResponse":
      return formatBytes(message.value, content);
    case "ErrorResponse":
    case "NoticeResponse":
      return formatErrorFields(message.fields, content);
    case "NotificationResponse":
      return `${message.processId} ${quote(message.channel)} ${
        formatText(message.payload, content)
      }`;
    case "RowDescription":
      return list(message.fields.map((field) => `${quote(field.name)}:${field.typeOid}`));
    case "NegotiateProtocolVersion":
      return `${versionName(message.newestVersion)} ${
        list(message.unrecognizedOptions.map(quote))
      }`;
    case "StartupMessage":
      return `${versionName(message.version)} ${formatParameters(message.parameters)}`;
    case "Bind":
      return formatBind(message, content);
    case "FunctionCall":
      return `${message.functionOid} ${formatValues(message.arguments, content)}`;
    default:
      return formatPlainFields(message);
  }
}

/** Messages whose fields hold neither values nor anything long. */
function formatPlainFields(message: Message): string {
  switch (message.kind) {
    case "AuthenticationSASL":
      return list(message.mechanisms.map(quote));
    case "BackendKeyData":
    case "CancelRequest":
      return `${message.processId} secret`;
    case "CommandComplete":
      return quote(message.commandTag);
    case "CopyBothResponse":
    case "CopyInResponse":
    case "CopyOutResponse":
      return `${message.format} ${list(message.columnFormats)}`;
    case "CopyFail":
      return quote(message.message);
    case "CursorResponse":
      return quote(message.portal);
    case "Close":
    case "Describe":
      return `${message.target} ${quote(message.name)}`;
    case "Execute":
      return `${quote(message.portal)} ${message.maxRows}`;
    case "ParameterDescription":
      return list(message.typeOids);
    case "ParameterStatus":
      return `${quote(message.name)} ${quote(message.value)}`;
    case "Parse":
      return `${quote(message.statement)} ${quote(message.query)} ${list(message.typeOids)}`;
    case "Query":
      return quote(message.query);
    case "ReadyForQuery":
      return message.transactionStatus ?? "";
    case "PasswordMessage":
    case "SASLInitialResponse":
    case "SASLResponse":
    case "GSSResponse":
      return "secret";
    default:
      return "";
  }
}

function formatRun(run: DataRow, content: boolean): string {
  const size = `${run.count} rows ${run.byteLength} bytes`;
  if (!content) return size;
  const rows = Array.from(run.starts, (_, row) => formatValues(rowValues(run, row), true));
  return `${size} ${rows.join(" ")}`;
}

function formatBind(
  message: Extract<FrontendMessage, { kind: "Bind" }>,
  content: boolean,
): string {
  const names = `${quote(message.portal)} ${quote(message.statement)}`;
  const formats = `${list(message.parameterFormats)} ${list(message.resultFormats)}`;
  return `${names} ${formatValues(message.parameters, content)} ${formats}`;
}

/** The detail, hint and context may quote rows. */
function formatErrorFields(fields: ErrorFields, content: boolean): string {
  const { severity, code, message, ...others } = fields;
  const known = [severity, ...(code === undefined ? [] : [code]), quote(message)];
  if (!content) return known.join(" ");
  const rest = Object.entries(others).map(([name, value]) => `${name}=${quote(String(value))}`);
  return [...known, ...rest].join(" ");
}

function formatParameters(parameters: Readonly<Record<string, string>>): string {
  return list(Object.entries(parameters).map(([name, value]) => `${name}=${quote(value)}`));
}

function formatValues(values: readonly (Uint8Array | null)[], content: boolean): string {
  return list(values.map((value) => formatBytes(value, content)));
}

function formatBytes(bytes: Uint8Array | null, content: boolean): string {
  if (bytes === null) return "NULL";
  return content ? quote(decodeUtf8(bytes)) : `${bytes.length} bytes`;
}

function formatText(text: string | undefined, content: boolean): string {
  if (text === undefined) return "";
  return content ? quote(text) : `${text.length} characters`;
}

function list(items: readonly (string | number)[]): string {
  return `[${items.join(", ")}]`;
}

/** On one line, whatever the text holds. */
function quote(text: string): string {
  return JSON.stringify(text);
}
