import { testCases } from "./server_cases.ts";

testCases("int4", [
  ["0", 0],
  ["-2147483648", -2147483648],
  ["2147483647", 2147483647],
]);
testCases("float8", [["-0", -0], ["NaN", NaN], ["5e-324", 5e-324]]);
testCases("text", [["it's", "it's"], ["\\x", "\\x"], ["", ""]]);
