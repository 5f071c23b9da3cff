/**
 * Reads EWKB, the bytes of geometry and geography, in either byte order.
 */

import { malformed } from "../../value/codec_error.ts";
import {
  type CoordinateDimensions,
  type Geometry,
  type GeometryType,
  HAS_M,
  HAS_SRID,
  HAS_Z,
  KINDS,
  MAX_NESTING,
  type Position,
  TYPES,
} from "./geometry.ts";
import { formatHex, parseHex } from "./hex.ts";

/** The geometry; where no {@linkcode Geometry} can say all that it is, its EWKB in hex. */
export function decodeEwkb(typeName: string, bytes: Uint8Array): Geometry | string {
  return new EwkbReader(typeName, bytes).read() ?? formatHex(bytes);
}

/** The same of the text form, which is EWKB in hex. */
export function decodeHexEwkb(typeName: string, text: string): Geometry | string {
  const bytes = parseHex(text);
  if (bytes === undefined) throw malformed(typeName, "its text is not hexadecimal");
  return new EwkbReader(typeName, bytes).read() ?? text;
}

interface Header {
  readonly type: GeometryType;
  readonly littleEndian: boolean;
  readonly dimensions: CoordinateDimensions;
  /** Numbers of a position. */
  readonly size: number;
  readonly srid: number | undefined;
}

/** The fewest bytes of a geometry within another: byte order, type, count of what is inside. */
const MIN_GEOMETRY_BYTES = 9;
const COUNT_BYTES = 4;

/** The bytes are well-formed as far as they were read, but no `Geometry` says what they do. */
class Unknown extends Error {}

class EwkbReader {
  readonly #typeName: string;
  readonly #view: DataView;
  #at = 0;
  /** Positions met so far. */
  #positions = 0;

  constructor(typeName: string, bytes: Uint8Array) {
    this.#typeName = typeName;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Undefined: there is something in it that is not known. */
  read(): Geometry | undefined {
    let geometry: Geometry;
    try {
      geometry = this.#readGeometry(this.#readHeader(), 0);
    } catch (error) {
      if (error instanceof Unknown) return undefined;
      throw error;
    }
    if (this.#left > 0) throw malformed(this.#typeName, `${this.#left} bytes behind its end`);
    return geometry;
  }

  get #left(): number {
    return this.#view.byteLength - this.#at;
  }

  #readHeader(): Header {
    this.#need(1);
    const order = this.#view.getUint8(this.#at++);
    if (order > 1) throw malformed(this.#typeName, `byte order ${order}, expected 0 or 1`);
    const littleEndian = order === 1;
    const bits = this.#readUint32(littleEndian);
    const type = TYPES.get(bits & ~(HAS_Z | HAS_M | HAS_SRID));
    if (type === undefined) throw new Unknown();
    const z = bits & HAS_Z ? "Z" : "";
    const m = bits & HAS_M ? "M" : "";
    const srid = bits & HAS_SRID ? this.#readUint32(littleEndian) | 0 : undefined;
    const dimensions: CoordinateDimensions = `XY${z}${m}`;
    return { type, littleEndian, dimensions, size: dimensions.length, srid };
  }

  /** `nesting` is how many geometries it stands in. */
  #readGeometry(header: Header, nesting: number): Geometry {
    const { type, dimensions, srid } = header;
    const before = this.#positions;
    const content = KINDS[type].content === "geometries"
      ? { geometries: this.#readMembers(header, nesting) }
      : { coordinates: this.#readCoordinates(header, nesting) };
    const geometry = { type, ...content } as Geometry;
    if (srid !== undefined) geometry.srid = srid;
    const silent = this.#positions === before && dimensions !== "XY";
    if (silent || dimensions === "XYM") geometry.dimensions = dimensions;
    return geometry;
  }

  #readMembers(outer: Header, nesting: number): Geometry[] {
    return this.#readInner(outer, nesting, (inner) => {
      // Never from a server: what is inside has the dimensions and the SRID of the whole.
      if (inner.dimensions !== outer.dimensions) throw new Unknown();
      return this.#readGeometry(inner, nesting + 1);
    });
  }

  #readCoordinates(header: Header, nesting: number): unknown[] {
    const kind = KINDS[header.type];
    if (kind.content === "position") return this.#readPoint(header);
    if (kind.content === "positions") return this.#readPositions(header);
    if (kind.content === "rings") {
      return this.#readList(header, COUNT_BYTES, () => this.#readPositions(header));
    }
    return this.#readInner(header, nesting, (inner) => {
      const same = kind.content === "parts" && inner.type === kind.part &&
        inner.dimensions === header.dimensions && inner.srid === undefined;
      if (!same) throw new Unknown();
      return this.#readCoordinates(inner, nesting + 1);
    });
  }

  #readInner<T>(outer: Header, nesting: number, read: (inner: Header) => T): T[] {
    if (nesting >= MAX_NESTING) throw new Unknown();
    return this.#readList(outer, MIN_GEOMETRY_BYTES, () => read(this.#readHeader()));
  }

  /** A position without numbers is an empty point: EWKB has NaN for each of them. */
  #readPoint(header: Header): Position {
    this.#need(header.size * 8);
    const position = this.#readPosition(header);
    if (position.every(Number.isNaN)) return [];
    this.#positions += 1;
    return position;
  }

  #readPositions(header: Header): Position[] {
    const list = this.#readList(header, header.size * 8, () => this.#readPosition(header));
    this.#positions += list.length;
    return list;
  }

  #readPosition({ size, littleEndian }: Header): Position {
    const position: Position = [];
    for (let i = 0; i < size; i++) {
      position.push(this.#view.getFloat64(this.#at, littleEndian));
      this.#at += 8;
    }
    return position;
  }

  /** Reads a count and so many items, once it is clear that there are bytes for all of them. */
  #readList<T>({ littleEndian }: Header, itemBytes: number, read: () => T): T[] {
    const length = this.#readUint32(littleEndian);
    this.#need(length * itemBytes);
    const list: T[] = [];
    for (let i = 0; i < length; i++) list.push(read());
    return list;
  }

  #readUint32(littleEndian: boolean): number {
    this.#need(4);
    const value = this.#view.getUint32(this.#at, littleEndian);
    this.#at += 4;
    return value;
  }

  #need(bytes: number): void {
    if (bytes <= this.#left) return;
    throw malformed(this.#typeName, `${bytes} bytes are needed, ${this.#left} are left`);
  }
}
