/**
 * MD5 and PostgreSQL's password message made with it. Web Crypto has no MD5.
 *
 * @module
 */

const encoder = /* @__PURE__ */ new TextEncoder();

/** Left rotations of RFC 1321's four rounds; each row is used four times over. */
const ROTATIONS = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]] as const;

/** The MD5 digest of `message`, 16 bytes (RFC 1321). */
export function md5(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const input = new DataView(pad(message).buffer);
  const sines = sineTable();
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let offset = 0; offset < input.byteLength; offset += 64) {
    addBlock(state, { input, offset, sines });
  }
  const digest = new Uint8Array(16);
  const output = new DataView(digest.buffer);
  state.forEach((word, i) => output.setUint32(i * 4, word, true));
  return digest;
}

/**
 * What a PasswordMessage holds in answer to AuthenticationMD5Password:
 * `"md5" + hex(md5(hex(md5(password + user)) + salt))`.
 */
export function md5Password(user: string, password: string, salt: Uint8Array): string {
  const inner = encoder.encode(hex(md5(encoder.encode(password + user))));
  const salted = new Uint8Array(inner.length + salt.length);
  salted.set(inner);
  salted.set(salt, inner.length);
  return "md5" + hex(md5(salted));
}

/** The message, a 1 bit, zeros, and the length in bits as 64 bits: whole blocks of 64 bytes. */
function pad(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const lengthAt = padded.length - 8;
  new DataView(padded.buffer).setBigUint64(lengthAt, BigInt(message.length) * 8n, true);
  return padded;
}

/** RFC 1321's T: no entry lies so near an integer that an engine's last bit of sin could matter. */
function sineTable(): Uint32Array {
  return Uint32Array.from({ length: 64 }, (_, i) => Math.abs(Math.sin(i + 1)) * 2 ** 32);
}

interface Block {
  readonly input: DataView;
  readonly offset: number;
  readonly sines: Uint32Array;
}

function addBlock(state: Uint32Array, block: Block): void {
  let [a, b, c, d] = state;
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    const [mixed, word] = step(round, { i, b, c, d });
    const sum = a + mixed + block.sines[i] + block.input.getUint32(block.offset + word * 4, true);
    const bits = ROTATIONS[round][i & 3];
    const rotated = (sum << bits) | ((sum >>> 0) >>> (32 - bits));
    [a, d, c, b] = [d, c, b, (b + rotated) >>> 0];
  }
  // A Uint32Array keeps the lower 32 bits, as the sums of RFC 1321 do.
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

/** A round's function of three words, and which word of the block goes with it. */
function step(
  round: number,
  { i, b, c, d }: { i: number; b: number; c: number; d: number },
): [mixed: number, word: number] {
  if (round === 0) return [(b & c) | (~b & d), i];
  if (round === 1) return [(d & b) | (~d & c), (5 * i + 1) & 15];
  if (round === 2) return [b ^ c ^ d, (3 * i + 5) & 15];
  return [c ^ (b | ~d), (7 * i) & 15];
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
