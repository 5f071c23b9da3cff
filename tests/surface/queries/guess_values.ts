/** Types, and values to send for them, that a server might take for others than they are. */

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Not "char": a server takes the first byte of any text for one. */
export const types: readonly string[] = words(`
  int2 int4 int8 float4 float8 numeric money bool text varchar bpchar name bytea json jsonb xml
  date time timetz timestamp timestamptz interval uuid inet cidr macaddr bit varbit point box path
  circle tsvector tsquery jsonpath oid regclass xid xid8 tid pg_lsn refcursor
  int4[] text[] json[] date[] int4range daterange int4multirange
`);

const strings: readonly string[] = [
  ...words(String.raw`
    a abc ' " \ é😀 t yes on true null 5 +5 .5 -.5 1e3 NaN -inf infinity epoch 101 B101 x1F $5
    [1,2] "x" {1,2} {} \x6162 \101 <a/> $.a 2024-02-29 12:34:56.7 P1D pg_class A/B374D848
    a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 A0EEBC999C0B4EF8BB6D6BB9BD380A11
    10.1.2.3 ::1 fe80::/10 a8:00:2b:01:02:03
    (1,2) <(1,2),3> ((1,2),(3,4)) [1,5) (1,5] empty
  `),
  ...["", " ", " null ", " abc\n", "a & b", '{"a": 1, "a": 2}', "a\0b", "\ud83d"],
  ...["0044-03-15 BC", "2024-02-29 12:34+02", "Feb 29, 2024", "1 day"],
  ...["x".repeat(70), "é".repeat(40)], // A name holds 63 bytes.
];

/** Integers up to which a float holds them all, and the next. */
const [exact, inexact] = [2 ** 53, 2n ** 53n + 1n];

/** Values by their kind. */
export const kinds: Readonly<Record<string, readonly unknown[]>> = {
  strings,
  integers: [0, 5, -7, -0, 40000, 20240102, 3e9, exact - 1, exact],
  "other numbers": [1.5, -0.1, 1e-7, 1e21, NaN, Infinity],
  bigints: [0n, 5n, -1n, 20240102n, inexact, 2n ** 63n, 10n ** 400n],
  "booleans and nothing": [true, false, null],
  dates: [0, 1709210096789, -8e13, 8.64e15, NaN].map((ms) => new Date(ms)),
  bytes: [new Uint8Array(), new Uint8Array([1, 255]), new Uint8Array([123, 125])],
  arrays: [[], [1, 2], ["a", null], [[1], [2]], [true], [1.5]],
  objects: [{}, { a: 1 }, { x: 1, y: 2 }],
};
