/**
 * Traditional DES crypt(3), which AuthenticationCryptPassword asks for on protocol 2.0
 * (servers up to 8.3). Works on arrays of single bits: it runs once a login, so the
 * permutations of FIPS 46-3 stand here as printed instead of as fast tables.
 *
 * @module
 */

const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Permuted choice 1, as C and D. Here and below bits are counted from 1, as in FIPS 46-3. */
const PC1 = /* @__PURE__ */ numbers(
  "57 49 41 33 25 17 9 1 58 50 42 34 26 18 10 2 59 51 43 35 27 19 11 3 60 52 44 36 " +
    "63 55 47 39 31 23 15 7 62 54 46 38 30 22 14 6 61 53 45 37 29 21 13 5 28 20 12 4",
);
const PC2 = /* @__PURE__ */ numbers(
  "14 17 11 24 1 5 3 28 15 6 21 10 23 19 12 4 26 8 16 7 27 20 13 2 " +
    "41 52 31 37 47 55 30 40 51 45 33 48 44 49 39 56 34 53 46 42 50 36 29 32",
);
const P = /* @__PURE__ */ numbers(
  "16 7 20 21 29 12 28 17 1 15 23 26 5 18 31 10 2 8 24 14 32 27 3 9 19 13 30 6 22 11 4 25",
);

/** S1 to S8: four rows of sixteen, one hexadecimal digit each. */
const S_BOXES = [
  "e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d",
  "f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9",
  "a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c",
  "7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e",
  "2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453",
  "c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d",
  "4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c",
  "d2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b",
] as const;

type Bits = readonly number[];

/**
 * The 13 characters of crypt(3): two of salt and eleven of hash. Only the first eight
 * bytes of the password count, and only seven bits of each.
 *
 * @throws {RangeError} when the salt does not begin with two of crypt's 64 characters
 */
export function cryptDes(password: string | Uint8Array, salt: string): string {
  const swaps = saltBits(salt);
  const bytes = typeof password === "string" ? new TextEncoder().encode(password) : password;
  const keys = roundKeys(bytes);
  let left: Bits = new Array<number>(32).fill(0);
  let right = left;
  for (let pass = 0; pass < 25; pass++) {
    for (const key of keys) {
      const mixed = feistel(right, { key, swaps });
      [left, right] = [right, left.map((bit, i) => bit ^ mixed[i])];
    }
    // DES exchanges its halves at the end. Its final permutation is undone by
    // the initial one of the next pass, so that only the last pass needs it.
    [left, right] = [right, left];
  }
  return salt.slice(0, 2) + toText(permuteFinally([...left, ...right]));
}

/** Which of the lower 24 bits of the expansion change places with the upper 24. */
function saltBits(salt: string): Bits {
  const values = [ALPHABET.indexOf(salt.charAt(0)), ALPHABET.indexOf(salt.charAt(1))];
  if (salt.length < 2 || values.includes(-1)) {
    throw new RangeError("Cannot crypt: the salt is not two of the characters ./0-9A-Za-z");
  }
  return Array.from({ length: 24 }, (_, i) => i < 12 ? (values[i < 6 ? 0 : 1] >> i % 6) & 1 : 0);
}

/** The sixteen keys of 48 bits, of the lower seven bits of each byte. */
function roundKeys(password: Uint8Array): Bits[] {
  const bits: number[] = [];
  for (let i = 0; i < 8; i++) {
    for (let bit = 6; bit >= 0; bit--) bits.push(((password[i] ?? 0) >> bit) & 1);
    bits.push(0); // The parity bit, which PC-1 leaves out.
  }
  const chosen = permute(bits, PC1);
  let [c, d]: [Bits, Bits] = [chosen.slice(0, 28), chosen.slice(28)];
  return Array.from({ length: 16 }, (_, round) => {
    const count = [0, 1, 8, 15].includes(round) ? 1 : 2;
    [c, d] = [rotate(c, count), rotate(d, count)];
    return permute([...c, ...d], PC2);
  });
}

function feistel(half: Bits, { key, swaps }: { key: Bits; swaps: Bits }): Bits {
  const output: number[] = [];
  for (let box = 0; box < 8; box++) {
    // The expansion E: bits 0–3 of a nibble between the neighbours of each end.
    const six = Array.from({ length: 6 }, (_, i) => {
      const at = box * 6 + i;
      const source = swaps[at % 24] ? (at + 24) % 48 : at;
      const bit = half[(Math.floor(source / 6) * 4 + source % 6 + 31) % 32];
      return bit ^ key[at];
    });
    const row = six[0] * 2 + six[5];
    const column = six[1] * 8 + six[2] * 4 + six[3] * 2 + six[4];
    const value = parseInt(S_BOXES[box][row * 16 + column], 16);
    output.push(value >> 3, (value >> 2) & 1, (value >> 1) & 1, value & 1);
  }
  return permute(output, P);
}

/** IP⁻¹: each row of eight takes one bit of every byte, byte 5 first, then 1, 6, 2, … */
function permuteFinally(block: Bits): Bits {
  return block.map((_, i) => {
    const column = i % 8;
    const byte = (column >> 1) + (column % 2 === 0 ? 4 : 0);
    return block[byte * 8 + 7 - Math.floor(i / 8)];
  });
}

/** Six bits a character; two zero bits fill the eleventh. */
function toText(block: Bits): string {
  const bits = block.join("") + "00";
  return bits.replace(/.{6}/g, (six) => ALPHABET[parseInt(six, 2)]);
}

function permute(bits: Bits, table: readonly number[]): Bits {
  return table.map((number) => bits[number - 1]);
}

function rotate(bits: Bits, count: number): Bits {
  return [...bits.slice(count), ...bits.slice(0, count)];
}

function numbers(text: string): readonly number[] {
  return text.split(" ").map(Number);
}
