/**
 * The JavaScript objects that geometric values are.
 *
 * All numbers are float8: NaN, the infinities and -0 are kept.
 *
 * @module
 */

/** A point of a plane. */
export interface Point {
  /** The abscissa. */
  x: number;
  /** The ordinate. */
  y: number;
}

/**
 * The line ax + by + c = 0.
 *
 * The server makes it of two points too. It refuses one whose `a` and `b` are both zero or, for
 * it the same, not over 0.000001.
 */
export interface Line {
  /** The factor of x. */
  a: number;
  /** The factor of y. */
  b: number;
  /** The constant. */
  c: number;
}

/** A finite part of a line, PostgreSQL's lseg; the order of its ends is kept. */
export interface LineSegment {
  /** The end that was given first. */
  start: Point;
  /** The other end. */
  end: Point;
}

/**
 * A rectangle along the axes, by two opposite corners.
 *
 * Any two may be sent: the server swaps their coordinates so that `high` is the upper right and
 * `low` the lower left corner. To it NaN is greater than all other numbers.
 */
export interface Box {
  /** The upper right corner. */
  high: Point;
  /** The lower left corner. */
  low: Point;
}

/** Points joined by line segments. */
export interface Path {
  /** True when the last point is joined to the first. */
  closed: boolean;
  /** At least one. */
  points: Point[];
}

/** An area, by its corners. */
export interface Polygon {
  /** At least one, in the order they were given; the last is joined to the first. */
  points: Point[];
}

/** All that is within a distance of a point. */
export interface Circle {
  /** The middle. */
  center: Point;
  /** The distance. The server refuses a negative one; NaN it takes. */
  radius: number;
}
