/**
 * Reads intervals in each style that a session may have (IntervalStyle).
 *
 * The styles are told apart by their form; where two share one, it means the same in both.
 * See datetime.c, EncodeInterval.
 */

import { malformed } from "../codec_error.ts";
import { infinityOf, Interval, MAX_INT32, MAX_INT64, MIN_INT32, MIN_INT64 } from "./interval.ts";

// Servers before 15 give -2^31 days or hours a second sign, for abs() leaves it as it is.
const TIME = String
  .raw`-?(?<hours>\d+):(?<minutes>\d\d):(?<seconds>\d\d)(?:\.(?<fraction>\d{1,6}))?`;
const SECONDS = String.raw`(?<secondsSign>-?)(?<seconds>\d+)(?:\.(?<fraction>\d{1,6}))?`;

/** `1 year 2 mons -3 days +04:05:06.7`: each part has its own sign. */
const POSTGRES = /* @__PURE__ */ new RegExp(
  String.raw`^(?!.* $)(?:(?<years>[+-]?\d+) years?(?: |$))?(?:(?<months>[+-]?\d+) mons?(?: |$))?` +
    String.raw`(?:(?<days>[+-]?\d+) days?(?: |$))?(?:(?<sign>[+-]?)${TIME})?$`,
);

/** `@ 1 year 2 mons -3 days 4 hours 5 mins 6.7 secs ago`: "ago" turns all signs. */
const VERBOSE = /* @__PURE__ */ new RegExp(
  String
    .raw`^@(?= [-\d])(?: (?<years>-?\d+) years?)?(?: (?<months>-?\d+) mons?)?(?: (?<days>-?\d+) days?)?` +
    String.raw`(?: (?<hours>-?\d+) hours?)?(?: (?<minutes>-?\d+) mins?)?` +
    String.raw`(?: ${SECONDS} secs?)?(?: 0)?(?<ago> ago)?$`,
);

/** `P1Y2M-3DT4H5M6.7S` */
const ISO = /* @__PURE__ */ new RegExp(
  String.raw`^P(?!$)(?:(?<years>-?\d+)Y)?(?:(?<months>-?\d+)M)?(?:(?<days>-?\d+)D)?` +
    String.raw`(?:T(?!$)(?:(?<hours>-?\d+)H)?(?:(?<minutes>-?\d+)M)?(?:${SECONDS}S)?)?$`,
);

/** `+1-2 -3 +4:05:06.7`: what the standard has no form for. */
const SQL_MIXED = /* @__PURE__ */ new RegExp(
  String.raw`^(?<monthsSign>[+-])(?<years>\d+)-(?<months>\d+) (?<daysSign>[+-])-?(?<days>\d+) ` +
    String.raw`(?<sign>[+-])${TIME}$`,
);

/** `-1-2`, `-3 4:05:06.7`, `4:05:06`, `0`: one sign for all. */
const SQL = /* @__PURE__ */ new RegExp(
  String.raw`^(?<ago>-?)(?:0|(?<years>\d+)-(?<months>\d+)|(?:-?(?<days>\d+) )?${TIME})$`,
);

const STYLES = [POSTGRES, SQL, SQL_MIXED, VERBOSE, ISO];

/** The longest that a server writes has some 100 characters. */
const MAX_LENGTH = 200;

/** The parts of a text; what is missing is 0. */
interface Parts {
  readonly years?: string;
  readonly months?: string;
  readonly days?: string;
  readonly hours?: string;
  readonly minutes?: string;
  readonly seconds?: string;
  readonly fraction?: string;
  /** Of years and months. */
  readonly monthsSign?: string;
  readonly daysSign?: string;
  /** Of hours, minutes and seconds. */
  readonly sign?: string;
  /** Of the seconds only. */
  readonly secondsSign?: string;
  /** Not empty: all of it is negative. */
  readonly ago?: string;
}

/**
 * The interval that a text in any IntervalStyle is, or ±Infinity.
 *
 * @throws {ProtocolError} when it is none
 */
export function readInterval(text: string): Interval | number {
  if (text === "infinity") return Infinity;
  if (text === "-infinity") return -Infinity;
  if (text.length > MAX_LENGTH || text === "") throw otherForm();
  // The first part of the verbose style has no sign, but for -2^31 before 15.
  const unsigned = text.replace(/^@ -(?=2147483648 )/, "@ ");
  for (const style of STYLES) {
    const match = style.exec(unsigned);
    if (match?.groups) return assemble(match.groups);
  }
  throw otherForm();
}

function assemble(parts: Parts): Interval | number {
  const turn = parts.ago ? -1 : 1;
  const months = (12 * int(parts.years) + int(parts.months)) * signOf(parts.monthsSign) * turn;
  let days = int(parts.days) * signOf(parts.daysSign) * turn;
  // "@ 1 mon -2147483648 days ago" (before 15): turned, it stayed what it was.
  if (parts.ago && days === -MIN_INT32) days = MIN_INT32;
  const microseconds = readMicros(parts) * BigInt(turn);
  if (months > MAX_INT32 || months < MIN_INT32) throw otherForm();
  if (days > MAX_INT32 || days < MIN_INT32) throw otherForm();
  if (microseconds > MAX_INT64 || microseconds < MIN_INT64) throw otherForm();
  const infinity = infinityOf({ months, days, microseconds });
  return infinity === 0 ? new Interval({ months, days, microseconds }) : infinity;
}

function readMicros({ hours, minutes, seconds, fraction = "", sign, secondsSign }: Parts): bigint {
  const ofMinute = int(seconds) * 1_000_000 + int(fraction.padEnd(6, "0"));
  const ofHour = int(minutes) * 60_000_000 + ofMinute * signOf(secondsSign);
  const micros = BigInt(hours ?? 0) * 3_600_000_000n + BigInt(ofHour);
  return sign === "-" ? -micros : micros;
}

function signOf(sign: string | undefined): number {
  return sign === "-" ? -1 : 1;
}

/** Digits too many for a number to be exact are out of range in any case. */
function int(digits: string = "0"): number {
  return Number(digits);
}

function otherForm(): Error {
  return malformed("interval", "its text has another form, expected one of an IntervalStyle");
}
