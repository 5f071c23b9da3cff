/** Prints intervals in each IntervalStyle as servers do: the plain twin of their parser. */

import type { Interval } from "../../lib/value/date_time/interval.ts";

export const intervalStyles = ["postgres", "postgres_verbose", "sql_standard", "iso_8601"] as const;

type Style = typeof intervalStyles[number];

/** All of one sign each: years and months, days, and the rest. */
interface Fields {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  /** Of a minute, microseconds included. */
  readonly micros: number;
}

export function printInterval(interval: Interval, style: Style): string {
  const rest = Number(interval.microseconds % 3_600_000_000n);
  const fields = {
    years: Math.trunc(interval.months / 12),
    months: interval.months % 12,
    days: interval.days,
    hours: Number(interval.microseconds / 3_600_000_000n),
    minutes: Math.trunc(rest / 60_000_000),
    micros: rest % 60_000_000,
  };
  if (style === "postgres") return printPostgres(fields);
  if (style === "postgres_verbose") return printVerbose(fields);
  return style === "iso_8601" ? printIso(fields) : printSql(fields);
}

function printPostgres({ years, months, days, ...time }: Fields): string {
  const out: string[] = [];
  let negativeBefore = false;
  for (const [value, unit] of [[years, "year"], [months, "mon"], [days, "day"]] as const) {
    if (value === 0) continue;
    const plus = negativeBefore && value > 0 ? "+" : "";
    out.push(`${plus}${value} ${unit}${value === 1 ? "" : "s"}`);
    negativeBefore = value < 0;
  }
  const negative = isNegative(time);
  if (out.length === 0 || isTime(time)) {
    const plus = negativeBefore ? "+" : "";
    out.push((negative ? "-" : plus) + clock(time, 2));
  }
  return out.join(" ");
}

function printVerbose(fields: Fields): string {
  const { years, months, days, hours, minutes, micros } = fields;
  const named = [[years, "year"], [months, "mon"], [days, "day"], [hours, "hour"], [
    minutes,
    "min",
  ]];
  const all = [...named, [micros, "sec"]] as [number, string][];
  const parts = all.filter(([value]) => value !== 0);
  if (parts.length === 0) return "@ 0";
  const ago = parts[0][0] < 0;
  const printed = parts.map(([value, unit]) => {
    const sign = value < 0 !== ago ? "-" : "";
    const size = unit === "sec" ? seconds(value, 1) : String(Math.abs(value));
    // All but the seconds look at the sign too: "-1 hours".
    const single = unit === "sec" ? size === "1" : sign + size === "1";
    return `${sign}${size} ${unit}${single ? "" : "s"}`;
  });
  return `@ ${printed.join(" ")}${ago ? " ago" : ""}`;
}

function printIso({ years, months, days, hours, minutes, micros }: Fields): string {
  const date = [[years, "Y"], [months, "M"], [days, "D"]].filter(([value]) => value !== 0);
  const time = [[hours, "H"], [minutes, "M"]].filter(([value]) => value !== 0).flat().join("");
  const small = micros === 0 ? "" : `${micros < 0 ? "-" : ""}${seconds(micros, 1)}S`;
  const text = date.flat().join("") + (time + small === "" ? "" : `T${time}${small}`);
  return text === "" ? "PT0S" : `P${text}`;
}

function printSql(fields: Fields): string {
  const { years, months, days, ...time } = fields;
  const all = Object.values(fields);
  const negative = all.some((value) => value < 0);
  if (all.every((value) => value === 0)) return "0";
  const hasMonths = years !== 0 || months !== 0;
  const mixed = negative && all.some((value) => value > 0) ||
    hasMonths && (days !== 0 || isTime(time));
  const yearsAndMonths = `${Math.abs(years)}-${Math.abs(months)}`;
  if (mixed) {
    const signs = [years < 0 || months < 0, days < 0, isNegative(time)].map((is) => is ? "-" : "+");
    return `${signs[0]}${yearsAndMonths} ${signs[1]}${Math.abs(days)} ${signs[2]}${clock(time, 1)}`;
  }
  const sign = negative ? "-" : "";
  if (hasMonths) return sign + yearsAndMonths;
  return sign + (days === 0 ? "" : `${Math.abs(days)} `) + clock(time, 1);
}

type Time = Pick<Fields, "hours" | "minutes" | "micros">;

function isTime({ hours, minutes, micros }: Time): boolean {
  return hours !== 0 || minutes !== 0 || micros !== 0;
}

function isNegative({ hours, minutes, micros }: Time): boolean {
  return hours < 0 || minutes < 0 || micros < 0;
}

function clock({ hours, minutes, micros }: Time, width: number): string {
  const hour = String(Math.abs(hours)).padStart(width, "0");
  return `${hour}:${String(Math.abs(minutes)).padStart(2, "0")}:${seconds(micros, 2)}`;
}

function seconds(micros: number, width: number): string {
  const size = Math.abs(micros);
  const whole = String(Math.floor(size / 1_000_000)).padStart(width, "0");
  const fraction = size % 1_000_000;
  if (fraction === 0) return whole;
  return `${whole}.${String(fraction).padStart(6, "0").replace(/0+$/, "")}`;
}
