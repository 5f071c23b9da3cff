/**
 * COPY OUT of 2.0, from CopyOutResponse to the message behind the end mark.
 *
 * @module
 */

import type { Span } from "../../bytes/span.ts";
import { copyDone } from "../fixed_messages.ts";
import type { BackendMessage } from "../backend_message.ts";
import { scanCopyLines } from "./copy_lines.ts";

/**
 * Behind an error in mid-COPY a server writes two line feeds before the end mark, in case
 * a line was half out. Whether two empty lines are rows shows at the next message only.
 */
const mostHeld = 2;

/** Tells lines from the end mark and keeps empty ones back until it is known what they are. */
export class CopyOut {
  /** True between CopyOutResponse and the end mark. */
  active = false;
  /** True between the end mark and the message that says how the COPY ended. */
  #ending = false;
  /** Empty lines kept back. */
  #held = 0;

  begin(): void {
    this.active = true;
  }

  /** Takes the whole lines at `span.start` and moves it behind them and the end mark. */
  take(span: Span, messages: BackendMessage[]): void {
    const { end, filledEnd, markEnd } = scanCopyLines(span);
    const start = span.start;
    const empty = end - filledEnd;
    const kept = Math.min(empty, mostHeld);
    const released = filledEnd > start ? this.#held : Math.max(this.#held + empty - mostHeld, 0);
    this.#release(Math.min(released, this.#held), messages);
    this.#held += kept;
    if (end - kept > start) {
      messages.push({ kind: "CopyData", data: span.bytes.subarray(start, end - kept) });
    }
    span.start = markEnd < 0 ? end : markEnd;
    if (markEnd < 0) return;
    this.active = false;
    this.#ending = true;
  }

  /**
   * Behind the end mark each message is shown here before it is delivered. An error takes the
   * empty lines and the end mark with it, as on 3.x; a notice says nothing; all else ends well.
   */
  settle(message: BackendMessage, messages: BackendMessage[]): void {
    if (!this.#ending) return;
    const { kind } = message;
    if (kind === "NoticeResponse" || kind === "NotificationResponse") return;
    this.#ending = false;
    if (kind === "ErrorResponse") {
      this.#held = 0;
      return;
    }
    this.#release(this.#held, messages);
    messages.push(copyDone);
  }

  #release(count: number, messages: BackendMessage[]): void {
    if (count === 0) return;
    this.#held -= count;
    messages.push({ kind: "CopyData", data: new Uint8Array(count).fill(0x0a) });
  }
}
