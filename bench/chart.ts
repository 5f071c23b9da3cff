/** Numbers over time, in characters. */

const EIGHTHS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** A column for each value, `height` lines high, from zero up; the highest value is written beside. */
export function chart(
  values: readonly number[],
  { unit, height }: { unit: string; height: number },
): string {
  const highest = Math.max(...values);
  const label = `${highest.toFixed(0)} ${unit}`;
  const lines = Array.from({ length: height }, (_, line) => {
    const below = height - 1 - line;
    const cells = values.map((value) => {
      const eighths = Math.round(value / highest * height * 8) - below * 8;
      return EIGHTHS[Math.max(0, Math.min(8, eighths))];
    });
    return `  ${(line === 0 ? label : "").padStart(label.length)} ┤${cells.join("")}`;
  });
  return [...lines, `  ${`0 ${unit}`.padStart(label.length)} └${"─".repeat(values.length)}`].join(
    "\n",
  );
}
