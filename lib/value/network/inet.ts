/**
 * inet and cidr as strings, as PostgreSQL prints them.
 *
 * The binary form (network.c, network_send) is the family, the bits of the netmask, whether
 * it is a cidr, the count of bytes, and the address. To read the text costs as much as to build
 * an IPv4 address of it, and less than half of an IPv6 address, so text is asked for.
 */

import type { Codec, FieldSource } from "../codec.ts";
import { checkLength, malformed, unfit } from "../codec_error.ts";

const HEADER_BYTES = 4;
/** inet.h: PGSQL_AF_INET and PGSQL_AF_INET6, the same on every system. */
const IPV4 = 2;
const IPV6 = 3;
const IPV6_WORDS = 8;

/**
 * inet: a string such as `10.0.0.1`, `10.0.0.1/8` or `2001:db8::1/64`.
 *
 * The netmask is only there when it is not the whole address. IPv6 is as short as PostgreSQL
 * makes it, with the end as IPv4 in `::ffff:10.0.0.1` and `::10.0.0.1`.
 */
export const inetCodec: Codec<string> = /* @__PURE__ */ networkCodec("inet");

/** cidr: a string such as `10.0.0.0/8` or `::1/128`, always with its netmask. */
export const cidrCodec: Codec<string> = /* @__PURE__ */ networkCodec("cidr");

function networkCodec(name: "inet" | "cidr"): Codec<string> {
  return {
    name,
    prefersText: true,
    decodeText: (source: FieldSource, start: number, end: number): string =>
      source.text(start, end),
    decodeBinary({ view }: FieldSource, start: number, end: number): string {
      if (end - start < HEADER_BYTES) throw malformed(name, "its header is cut short");
      const family = view.getUint8(start);
      if (family !== IPV4 && family !== IPV6) {
        throw malformed(name, `address family ${family} is unknown`);
      }
      const size = family === IPV4 ? 4 : 16;
      checkLength(name, end - start, HEADER_BYTES + size);
      const bits = view.getUint8(start + 1);
      if (view.getUint8(start + 3) !== size || bits > size * 8) {
        throw malformed(name, "its header does not fit the address");
      }
      const at = start + HEADER_BYTES;
      const address = family === IPV4 ? formatIpv4(view, at) : formatIpv6(view, at);
      return name === "inet" && bits === size * 8 ? address : `${address}/${bits}`;
    },
    encodeText(value: unknown): string {
      throw unfit(name, value, "a string such as 10.0.0.0/8");
    },
  };
}

function formatIpv4(view: DataView, start: number): string {
  return `${view.getUint8(start)}.${view.getUint8(start + 1)}.${view.getUint8(start + 2)}.` +
    view.getUint8(start + 3);
}

/** As inet_net_ntop.c, inet_net_ntop_ipv6: not always the form of RFC 5952. */
function formatIpv6(view: DataView, start: number): string {
  const words: number[] = [];
  for (let i = 0; i < IPV6_WORDS; i++) words.push(view.getUint16(start + i * 2));
  const zeros = longestZeros(words);
  if (zeros.start === 0 && zeros.length === 6) return `::${formatIpv4(view, start + 12)}`;
  if (zeros.start === 0 && zeros.length === 5 && words[5] === 0xffff) {
    return `::ffff:${formatIpv4(view, start + 12)}`;
  }
  const parts = words.map((word) => word.toString(16));
  if (zeros.length < 2) return parts.join(":");
  const before = parts.slice(0, zeros.start).join(":");
  return `${before}::${parts.slice(zeros.start + zeros.length).join(":")}`;
}

/** The longest run of words that are zero, of two as long the first. */
function longestZeros(words: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  for (let start = 0; start < words.length;) {
    let end = start;
    while (end < words.length && words[end] === 0) end += 1;
    if (end - start > longest.length) longest = { start, length: end - start };
    start = end + 1;
  }
  return longest;
}
