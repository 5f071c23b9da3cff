/**
 * Writes EWKB, the bytes of geometry and geography, big-endian; checks the geometry as it goes.
 */

import { ByteWriter } from "../../bytes/byte_writer.ts";
import { outOfRange, unfit } from "../../value/codec_error.ts";
import {
  type CoordinateDimensions,
  DIMENSIONS,
  type Geometry,
  type GeometryType,
  HAS_M,
  HAS_SRID,
  HAS_Z,
  KINDS,
  MAX_NESTING,
  USUAL_DIMENSIONS,
} from "./geometry.ts";
import { formatHex } from "./hex.ts";

/** liblwgeom.h, SRID_MAXIMUM: beyond it the server takes another SRID and gives a mere notice. */
const MAX_SRID = 999_999;

/**
 * Writes the EWKB of a geometry.
 *
 * @throws {TypeError | RangeError} when it is none; `typeName` and the place in it are in the text
 */
export function encodeEwkb(typeName: string, value: unknown, writer: ByteWriter): void {
  new EwkbWriter(typeName, writer).write(value);
}

/** The same as PostGIS's text form: hex digits. */
export function encodeHexEwkb(typeName: string, value: unknown): string {
  const writer = new ByteWriter();
  encodeEwkb(typeName, value, writer);
  return formatHex(writer.take());
}

/** A geometry whose members are not checked yet. */
type Unchecked = { readonly [name in keyof Geometry | "coordinates" | "geometries"]?: unknown };

class EwkbWriter {
  readonly #typeName: string;
  readonly #writer: ByteWriter;
  /** Where the value stands that is at hand: names of members and indices. */
  readonly #path: (string | number)[] = [];
  #dimensions: CoordinateDimensions = "XY";
  #srid: number | undefined;

  constructor(typeName: string, writer: ByteWriter) {
    this.#typeName = typeName;
    this.#writer = writer;
  }

  write(value: unknown): void {
    this.#dimensions = findDimensions(value, 0) ?? "XY";
    this.#srid = this.#checkSrid(value);
    this.#writeGeometry(value, 0);
  }

  /** `nesting` is how many geometries it stands in. */
  #writeGeometry(value: unknown, nesting: number): void {
    const type = this.#checkType(value);
    const geometry = value as Unchecked;
    this.#checkFacts(geometry);
    this.#writeHeader(type, nesting === 0 ? this.#srid : undefined);
    const kind = KINDS[type];
    if (kind.content !== "geometries") {
      this.#within(
        "coordinates",
        () => this.#writeCoordinates(type, geometry.coordinates, nesting),
      );
      return;
    }
    this.#within("geometries", () => {
      this.#checkNesting(nesting);
      this.#writeList(geometry.geometries, "an array of geometries", (member) => {
        const memberType = this.#checkType(member);
        if (kind.members?.includes(memberType) === false) {
          throw this.#fault(`a ${memberType} cannot be part of a ${type}`);
        }
        this.#writeGeometry(member, nesting + 1);
      });
    });
  }

  #writeCoordinates(type: GeometryType, value: unknown, nesting: number): void {
    const kind = KINDS[type];
    if (kind.content === "position") return this.#writePoint(value);
    if (kind.content === "positions") return this.#writePositions(value);
    if (kind.content === "rings") {
      return this.#writeList(value, "an array of rings", (ring) => this.#writePositions(ring));
    }
    if (kind.content !== "parts") return;
    const { part } = kind;
    this.#checkNesting(nesting);
    this.#writeList(value, `an array of the coordinates of each ${part}`, (coordinates) => {
      this.#writeHeader(part, undefined);
      this.#writeCoordinates(part, coordinates, nesting + 1);
    });
  }

  #writeHeader(type: GeometryType, srid: number | undefined): void {
    const z = this.#dimensions.includes("Z") ? HAS_Z : 0;
    const m = this.#dimensions.includes("M") ? HAS_M : 0;
    this.#writer.writeByte(0);
    this.#writer.writeInt32(KINDS[type].code | z | m | (srid ? HAS_SRID : 0));
    if (srid) this.#writer.writeInt32(srid);
  }

  #writePoint(value: unknown): void {
    if (!Array.isArray(value) || value.length > 0) return this.#writePosition(value);
    // An empty point, see lwout_wkb.c, empty_to_wkb_buf.
    for (let i = 0; i < this.#dimensions.length; i++) this.#writer.writeFloat64(NaN);
  }

  #writePositions(value: unknown): void {
    this.#writeList(value, "an array of positions", (position) => this.#writePosition(position));
  }

  #writePosition(value: unknown): void {
    const size = this.#dimensions.length;
    if (!Array.isArray(value)) throw this.#unfit(value, `an array of ${size} numbers`);
    if (value.length !== size) {
      throw this.#fault(`${value.length} numbers, expected ${size} (${this.#dimensions})`);
    }
    for (const number of value) {
      if (typeof number !== "number") throw this.#unfit(number, "numbers");
      this.#writer.writeFloat64(number);
    }
  }

  #writeList(value: unknown, wanted: string, write: (item: unknown) => void): void {
    if (!Array.isArray(value)) throw this.#unfit(value, wanted);
    this.#writer.writeInt32(value.length);
    const place = this.#path.push(0) - 1;
    for (let i = 0; i < value.length; i++) {
      this.#path[place] = i;
      write(value[i]);
    }
    this.#path.pop();
  }

  /** The path is left as it is when something is thrown: the error's text has been made of it. */
  #within(name: string, write: () => void): void {
    this.#path.push(name);
    write();
    this.#path.pop();
  }

  #checkType(value: unknown): GeometryType {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.#unfit(value, "a geometry");
    }
    const { type } = value as Unchecked;
    if (typeof type === "string" && Object.hasOwn(KINDS, type)) return type as GeometryType;
    throw this.#unfit(value, "a geometry, one whose type is Point or another of PostGIS");
  }

  #checkFacts(geometry: Unchecked): void {
    const { dimensions = this.#dimensions } = geometry;
    if (!isDimensions(dimensions)) throw this.#fault(`its dimensions are not of ${DIMENSIONS}`);
    if (dimensions !== this.#dimensions) {
      throw this.#fault(`its dimensions are not the whole's, ${this.#dimensions}`);
    }
    if (geometry.srid !== undefined && (this.#checkSrid(geometry) ?? 0) !== (this.#srid ?? 0)) {
      throw this.#fault("its srid is not the whole's");
    }
    // GeoJSON of 2008, and of ST_AsGeoJSON when asked: a reference system that would be lost.
    if ("crs" in geometry) throw this.#fault("it has a crs, which is not read, expected srid");
  }

  #checkSrid(geometry: unknown): number | undefined {
    const { srid } = Object(geometry) as Unchecked;
    if (srid === undefined) return undefined;
    if (typeof srid !== "number") throw this.#unfit(srid, "a number as srid");
    if (Number.isInteger(srid) && srid >= 0 && srid <= MAX_SRID) return srid;
    throw this.#fault(`its srid is no integer from 0 to ${MAX_SRID}`);
  }

  #checkNesting(nesting: number): void {
    if (nesting < MAX_NESTING) return;
    throw outOfRange(this.#typeName, `more than ${MAX_NESTING} geometries within each other`);
  }

  #unfit(value: unknown, wanted: string): TypeError {
    return unfit(this.#typeName, value, `${wanted}${this.#place(" in ")}`);
  }

  #fault(fault: string): RangeError {
    return outOfRange(this.#typeName, `${this.#place("", ": ")}${fault}`);
  }

  /** `geometries[2].coordinates[0]`; nothing at the top. */
  #place(before: string, behind = ""): string {
    if (this.#path.length === 0) return "";
    const steps = this.#path.map((step) => typeof step === "number" ? `[${step}]` : `.${step}`);
    return before + steps.join("").replace(/^\./, "") + behind;
  }
}

/** What the geometry says of itself, else what its first position says; checks nothing. */
function findDimensions(value: unknown, nesting: number): CoordinateDimensions | undefined {
  if (nesting > MAX_NESTING) return undefined;
  const { dimensions, coordinates, geometries } = Object(value) as Unchecked;
  if (isDimensions(dimensions)) return dimensions;
  if (!Array.isArray(geometries)) return USUAL_DIMENSIONS[findSize(coordinates)];
  for (const member of geometries) {
    const found = findDimensions(member, nesting + 1);
    if (found) return found;
  }
  return undefined;
}

function isDimensions(value: unknown): value is CoordinateDimensions {
  return DIMENSIONS.includes(value as CoordinateDimensions);
}

/** How many numbers the first position has; 0: there is none. */
function findSize(coordinates: unknown, level = 0): number {
  // A polygon among many is the deepest: list, rings, positions, numbers.
  if (!Array.isArray(coordinates) || level > 3) return 0;
  if (typeof coordinates[0] === "number") return coordinates.length;
  for (const inner of coordinates) {
    const size = findSize(inner, level + 1);
    if (size > 0) return size;
  }
  return 0;
}
