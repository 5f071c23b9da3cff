/** The geometric types on real servers. */

import type {
  Box,
  Circle,
  Line,
  LineSegment,
  Point,
} from "../../lib/value/geometric/geometric_value.ts";
import { testCases } from "./server_cases.ts";

const TINY = 5e-324;
const SUBNORMAL = 2.225073858507201e-308;
const NORMAL = 2.2250738585072014e-308;
const HUGE = 1.7976931348623157e308;

/** The point that all the corners and ends below are made of. */
function at(x: number, y: number): Point {
  return { x, y };
}

testCases("point", [
  ["(0,0)", at(0, 0)],
  ["(-0,0)", at(-0, 0)],
  ["(0,-0)", at(0, -0)],
  ["(-0,-0)", at(-0, -0)],
  ["(1,2)", at(1, 2)],
  ["( -1.5 , 2.25 )", at(-1.5, 2.25)],
  ["3,4", at(3, 4)],
  ["(0.1,0.30000000000000004)", at(0.1, 0.1 + 0.2)],
  ["(1e-5,1e-4)", at(1e-5, 1e-4)],
  ["(1e14,1e15)", at(1e14, 1e15)],
  ["(999999999999999,123456789012345678)", at(999999999999999, 123456789012345680)],
  ["(9007199254740991,9007199254740993)", at(2 ** 53 - 1, 2 ** 53)],
  ["(1e21,1e22)", at(1e21, 1e22)],
  ["(1e23,-1e23)", at(1e23, -1e23)],
  ["(1e100,-1e-100)", at(1e100, -1e-100)],
  ["(5e-324,-5e-324)", at(TINY, -TINY)],
  ["(1e-320,-1e-310)", at(1e-320, -1e-310)],
  ["(2.225073858507201e-308,2.2250738585072014e-308)", at(SUBNORMAL, NORMAL)],
  ["(1.7976931348623157e308,-1.7976931348623157e308)", at(HUGE, -HUGE)],
  ["(NaN,NaN)", at(NaN, NaN)],
  ["(NaN,1)", at(NaN, 1)],
  ["(1,nan)", at(1, NaN)],
  ["(Infinity,-Infinity)", at(Infinity, -Infinity)],
  ["(-inf,inf)", at(-Infinity, Infinity)],
  ["(0.3333333333333333,3.141592653589793)", at(1 / 3, Math.PI)],
]);

function line(a: number, b: number, c: number): Line {
  return { a, b, c };
}

testCases("line", [
  ["{1,2,3}", line(1, 2, 3)],
  ["{-1.5,0,2.25}", line(-1.5, 0, 2.25)],
  ["{0,1,0}", line(0, 1, 0)],
  ["{1,0,-0}", line(1, 0, -0)],
  ["{1,-0,0}", line(1, -0, 0)],
  ["{-0,1,0}", line(-0, 1, 0)],
  ["[(1,2),(3,4)]", line(1, -1, 1)],
  ["[(1,2),(1,4)]", line(-1, 0, 1)],
  ["(0,0),(6,6)", line(1, -1, 0)],
  ["{NaN,1,2}", line(NaN, 1, 2)],
  ["{1,NaN,NaN}", line(1, NaN, NaN)],
  ["{Infinity,1,-Infinity}", line(Infinity, 1, -Infinity)],
  ["{1e-320,2,1e308}", line(1e-320, 2, 1e308)],
  ["{1.1e-6,0,5e-324}", line(1.1e-6, 0, TINY)],
  ["{0.1,0.2,0.30000000000000004}", line(0.1, 0.2, 0.1 + 0.2)],
  ["{1e-5,1e15,1e23}", line(1e-5, 1e15, 1e23)],
  ["{ 7 , 8 , 9 }", line(7, 8, 9)],
]);

function segment(start: Point, end: Point): LineSegment {
  return { start, end };
}

testCases("lseg", [
  ["[(1,2),(3,4)]", segment(at(1, 2), at(3, 4))],
  ["[(3,4),(1,2)]", segment(at(3, 4), at(1, 2))],
  ["((1,2),(3,4))", segment(at(1, 2), at(3, 4))],
  ["(5,6),(7,8)", segment(at(5, 6), at(7, 8))],
  ["9,10,11,12", segment(at(9, 10), at(11, 12))],
  ["[(0,0),(0,0)]", segment(at(0, 0), at(0, 0))],
  ["[(-0,0),(0,-0)]", segment(at(-0, 0), at(0, -0))],
  ["[(NaN,1),(2,NaN)]", segment(at(NaN, 1), at(2, NaN))],
  ["[(-Infinity,0),(Infinity,0)]", segment(at(-Infinity, 0), at(Infinity, 0))],
  ["[(5e-324,1e-320),(1e-5,1e15)]", segment(at(TINY, 1e-320), at(1e-5, 1e15))],
  ["[(1.7976931348623157e308,0),(0,1e23)]", segment(at(HUGE, 0), at(0, 1e23))],
]);

function box(high: Point, low: Point): Box {
  return { high, low };
}

testCases("box", [
  ["(3,4),(1,2)", box(at(3, 4), at(1, 2))],
  ["(1,2),(3,4)", box(at(3, 4), at(1, 2))],
  ["(1,4),(3,2)", box(at(3, 4), at(1, 2))],
  ["(3,2),(1,4)", box(at(3, 4), at(1, 2))],
  ["((5,6),(7,8))", box(at(7, 8), at(5, 6))],
  ["9,10,11,12", box(at(11, 12), at(9, 10))],
  ["(0,0),(0,0)", box(at(0, 0), at(0, 0))],
  ["(-0,0),(0,-0)", box(at(-0, 0), at(0, -0))],
  ["(0,-0),(-0,0)", box(at(0, -0), at(-0, 0))],
  ["(-1.5,-2.5),(-3.5,-4.5)", box(at(-1.5, -2.5), at(-3.5, -4.5))],
  ["(Infinity,1),(-Infinity,0)", box(at(Infinity, 1), at(-Infinity, 0))],
  ["(-Infinity,0),(Infinity,1)", box(at(Infinity, 1), at(-Infinity, 0))],
  ["(1,2),(NaN,3)", box(at(NaN, 3), at(1, 2))],
  ["(NaN,1),(2,NaN)", box(at(NaN, NaN), at(2, 1))],
  ["(NaN,Infinity),(Infinity,NaN)", box(at(NaN, NaN), at(Infinity, Infinity))],
  ["(NaN,NaN),(NaN,NaN)", box(at(NaN, NaN), at(NaN, NaN))],
  ["(1e-320,5e-324),(0,-5e-324)", box(at(1e-320, TINY), at(0, -TINY))],
  ["(1e15,1e23),(1e-5,1e-4)", box(at(1e15, 1e23), at(1e-5, 1e-4))],
  [
    "(1.7976931348623157e308,0.1),(0.1,-1.7976931348623157e308)",
    box(at(HUGE, 0.1), at(0.1, -HUGE)),
  ],
]);

const circled = Array.from({ length: 300 }, (_, i) => at(Math.cos(i), Math.sin(i)));
const circledText = circled.map(({ x, y }) => `(${x},${y})`).join(",");
const special = [at(NaN, -0), at(Infinity, -Infinity), at(TINY, 1e23)];

testCases("path", [
  ["[(1,2)]", { closed: false, points: [at(1, 2)] }],
  ["((1,2))", { closed: true, points: [at(1, 2)] }],
  ["(1,2)", { closed: true, points: [at(1, 2)] }],
  ["[(0,0),(1,1),(2,0)]", { closed: false, points: [at(0, 0), at(1, 1), at(2, 0)] }],
  ["((0,0),(1,1),(2,0))", { closed: true, points: [at(0, 0), at(1, 1), at(2, 0)] }],
  ["(3,4),(5,6)", { closed: true, points: [at(3, 4), at(5, 6)] }],
  ["7,8,9,10", { closed: true, points: [at(7, 8), at(9, 10)] }],
  ["[(1,1),(1,1)]", { closed: false, points: [at(1, 1), at(1, 1)] }],
  ["[(0,0),(1,0),(0,0)]", { closed: false, points: [at(0, 0), at(1, 0), at(0, 0)] }],
  ["[(NaN,-0),(Infinity,-Infinity),(5e-324,1e23)]", { closed: false, points: special }],
  ["((NaN,-0),(Infinity,-Infinity),(5e-324,1e23))", { closed: true, points: special }],
  ["[(1e-5,1e15)]", { closed: false, points: [at(1e-5, 1e15)] }],
  [`[${circledText}]`, { closed: false, points: circled }],
  [`(${circledText})`, { closed: true, points: circled }],
]);

testCases("polygon", [
  ["((1,2))", { points: [at(1, 2)] }],
  ["(1,2)", { points: [at(1, 2)] }],
  ["((0,0),(1,1),(2,0))", { points: [at(0, 0), at(1, 1), at(2, 0)] }],
  ["((2,0),(1,1),(0,0))", { points: [at(2, 0), at(1, 1), at(0, 0)] }],
  ["(3,4),(5,6)", { points: [at(3, 4), at(5, 6)] }],
  ["7,8,9,10", { points: [at(7, 8), at(9, 10)] }],
  ["((1,1),(1,1),(1,1))", { points: [at(1, 1), at(1, 1), at(1, 1)] }],
  ["((-0,0),(0,-0))", { points: [at(-0, 0), at(0, -0)] }],
  ["((NaN,-0),(Infinity,-Infinity),(5e-324,1e23))", { points: special }],
  ["((1e-320,0.1),(1e15,1e-5))", { points: [at(1e-320, 0.1), at(1e15, 1e-5)] }],
  [`(${circledText})`, { points: circled }],
]);

function circle(center: Point, radius: number): Circle {
  return { center, radius };
}

testCases("circle", [
  ["<(1,2),3>", circle(at(1, 2), 3)],
  ["((4,5),6)", circle(at(4, 5), 6)],
  ["(7,8),9", circle(at(7, 8), 9)],
  ["10,11,12", circle(at(10, 11), 12)],
  ["<(0,0),0>", circle(at(0, 0), 0)],
  ["<(-0,-0),-0>", circle(at(-0, -0), -0)],
  ["<(-1.5,-2.5),0.30000000000000004>", circle(at(-1.5, -2.5), 0.1 + 0.2)],
  ["<(NaN,NaN),NaN>", circle(at(NaN, NaN), NaN)],
  ["<(1,2),NaN>", circle(at(1, 2), NaN)],
  ["<(1,2),Infinity>", circle(at(1, 2), Infinity)],
  ["<(Infinity,-Infinity),1>", circle(at(Infinity, -Infinity), 1)],
  ["<(5e-324,1e-320),1e-310>", circle(at(TINY, 1e-320), 1e-310)],
  ["<(1e23,1e15),1e-5>", circle(at(1e23, 1e15), 1e-5)],
  ["<(0,0),1.7976931348623157e308>", circle(at(0, 0), HUGE)],
]);

const types = { geometric: "text" } as const;

// The binary cursors of all these make the server's text out of the bytes.
testCases("point", [
  ["(0,-0)", "(0,-0)"],
  ["(NaN,Infinity)", "(NaN,Infinity)"],
  ["(-Infinity,5e-324)", "(-Infinity,5e-324)"],
  ["(0.0001,0.00001)", "(0.0001,1e-05)"],
  ["(999999999999999,1000000000000000)", "(999999999999999,1e+15)"],
  ["(1e100,-1e-100)", "(1e+100,-1e-100)"],
  // 1e23 is the middle between two neighbours: PostgreSQL's shortest text is another.
  ["(1e23,-1e23)", "(9.999999999999999e+22,-9.999999999999999e+22)"],
  ["(9007199254740993,18014398509481984)", "(9.007199254740992e+15,1.8014398509481984e+16)"],
  ["(123456789012345.67,1234567890123456.7)", "(123456789012345.67,1.2345678901234568e+15)"],
], { types });
testCases("line", [["{1,-0.5,1e-7}", "{1,-0.5,1e-07}"]], { types });
testCases("lseg", [["(1,2),(3,4)", "[(1,2),(3,4)]"]], { types });
testCases("box", [["(1,2),(3,4)", "(3,4),(1,2)"], ["(0,0),(0,-0)", "(0,0),(0,-0)"]], { types });
testCases("path", [["[(1,2),(3,4)]", "[(1,2),(3,4)]"], ["1,2", "((1,2))"]], { types });
testCases("polygon", [["1,2,3,4", "((1,2),(3,4))"]], { types });
testCases("circle", [["1,2,3", "<(1,2),3>"]], { types });
