import fc from "fast-check";
import { boolCodec } from "../../lib/value/number/bool.ts";
import type { TypeDescription } from "../../lib/value/registry/type_description.ts";
import { TypeHooks } from "../../lib/value/registry/type_hooks.ts";
import { TypeRegistry } from "../../lib/value/registry/type_registry.ts";
import { test } from "../harness.ts";
import { assert, assertEquals, assertThrows } from "../std_assert.ts";
import { decodeBinary, decodeText, hex } from "./fields.ts";

const registry = new TypeRegistry();

test("TypeRegistry.codec() reads any type as text", () => {
  fc.assert(fc.property(fc.integer(), fc.string({ unit: "grapheme" }), (oid, text) => {
    const codec = registry.codec(oid);
    if (registry.has(oid)) return;
    assertEquals(decodeText(codec, text), text);
    assertEquals(registry.resultFormat(oid), 0);
  }));
});

test("TypeRegistry.resultFormat() is binary where the codec reads it", () => {
  assertEquals([23, 1007, 1700].map((oid) => registry.resultFormat(oid)), [1, 1, 1]);
  assertEquals([1266, 1270, 1033, 194].map((oid) => registry.resultFormat(oid)), [0, 0, 0, 0]);
});

test("TypeRegistry.elementOid() and TypeRegistry.arrayOid() are each other's inverse", () => {
  assertEquals(registry.elementOid(1007), 23);
  assertEquals(registry.arrayOid(23), 1007);
  assertEquals(registry.elementOid(23), undefined);
  assertEquals(registry.arrayOid(705), undefined);
});

test("TypeRegistry takes codecs by the name of a type, also for its arrays", () => {
  const other = new TypeRegistry({ codecs: { int4: { ...boolCodec, name: "mine" } } });
  assertEquals(other.codec(23).name, "mine");
  assertEquals(other.codec(1007).name, "mine[]");
  assertEquals(new TypeRegistry().codec(23).name, "int4");
});

test("TypeRegistry.add() makes a type known, and the arrays of it", () => {
  const other = new TypeRegistry({ codecs: { mood: { ...boolCodec, name: "mood" } } });
  assertEquals(other.codec(99_999).name, "a value of unknown type");
  other.add([{ oid: 99_999, name: "mood", schema: "public", arrayOid: 99_998 }]);
  assertEquals(other.codec(99_999).name, "mood");
  assertEquals(other.codec(99_998).name, "mood[]");
  assertEquals([other.has(99_998), registry.has(99_998)], [true, false]);
});

const schema = "public";
/** Each with its array type behind it. */
const types: readonly TypeDescription[] = [
  { oid: 90_001, arrayOid: 90_002, schema, name: "mood", isEnum: true },
  { oid: 90_003, arrayOid: 90_004, schema, name: "a mood", domainOf: 90_001 },
  { oid: 90_005, arrayOid: 90_006, schema, name: "moodrange", rangeOf: 90_003 },
  { oid: 90_007, arrayOid: 90_008, schema, name: "moodmultirange", multirangeOf: 90_005 },
  {
    oid: 90_009,
    arrayOid: 90_010,
    schema,
    name: "day",
    attributes: [{ name: "moods", typeOid: 90_008 }, { name: "id", typeOid: 23 }],
  },
  { oid: 90_011, arrayOid: 90_012, schema, name: "ints", domainOf: 1007 },
  { oid: 90_013, arrayOid: 90_014, schema, name: "other" },
  { oid: 90_015, arrayOid: 90_016, schema, name: "citext" },
  { oid: 90_017, arrayOid: 90_018, schema, name: "int4" },
  { oid: 90_019, arrayOid: 90_020, schema, name: "toString" },
];

function withTypes(options: ConstructorParameters<typeof TypeRegistry>[0] = {}): TypeRegistry {
  const made = new TypeRegistry(options);
  made.add(types);
  return made;
}

test("TypeRegistry.codec() makes containers of all that they are made of", () => {
  const known = withTypes();
  const day = known.codec(90_010);
  assertEquals(day.name, "day[]");
  assertEquals(known.resultFormat(90_010), 1);
  assertEquals(decodeText(day, '{"(\\"{\\"\\"{[a,b)}\\"\\"}\\",1)"}'), [
    { moods: [[{ lower: "a", upper: "b", bounds: "[)" }]], id: 1 },
  ]);
  assertEquals(decodeText(known.codec(90_002), '{a,"b c",NULL}'), ["a", "b c", null]);
  assertEquals(known.codec(90_003).name, "a mood");
});

test("TypeRegistry.codec() keeps arrays in domains apart from dimensions", () => {
  const ints = withTypes().codec(90_012);
  assertEquals(ints.encodeText([[1, 2], [3]]), '{"{1,2}","{3}"}');
  assertEquals(decodeText(ints, '{"{1,2}","{3}"}'), [[1, 2], [3]]);
});

test("TypeRegistry.codec() takes no name of another schema for one of pg_catalog", () => {
  const known = withTypes();
  assertEquals(decodeText(known.codec(90_017), "1"), "1");
  assertEquals(known.resultFormat(90_017), 0);
  assertEquals(decodeBinary(known.codec(90_015), hex("61")), "a");
  assertEquals(known.codec(90_019).name, "toString");
});

test("TypeRegistry.codec() names the type in errors also where there is no codec", () => {
  const { codec } = { codec: withTypes().codec(90_013) };
  assertThrows(() => codec.encodeText({}), TypeError, "Cannot encode other: an object was given");
  assertThrows(() => codec.encodeText([{}]), TypeError, "Cannot encode other: an object was given");
  assertEquals(codec.encodeText([1, [2][0]]), "{1,2}");
});

test("TypeRegistry.codec() has hooks and chosen codecs count inside of containers", () => {
  const hooks = new TypeHooks();
  const known = withTypes({ hooks, codecs: { mood: { ...boolCodec, name: "mine" } } });
  assertEquals(decodeText(known.codec(90_005), "[f,t)"), {
    lower: false,
    upper: true,
    bounds: "[)",
  });
  const { version } = known;
  hooks.parsers[23] = (text) => `int ${text}`;
  assert(known.version !== version);
  assertEquals(decodeText(known.codec(90_011), "{1}"), ["int 1"]);
  assertEquals(known.resultFormat(3904), 0);
  assertEquals(decodeText(known.codec(3904), "[1,2)"), {
    lower: "int 1",
    upper: "int 2",
    bounds: "[)",
  });
  assertEquals(decodeText(known.codec(4451), "{[1,2)}"), [
    { lower: "int 1", upper: "int 2", bounds: "[)" },
  ]);
  hooks.parsers[3904] = (text) => text.length;
  assertEquals(decodeText(known.codec(4451), "{[1,2),[3,14)}"), [5, 6]);
});

test("TypeRegistry.forget() drops a type and all that have it inside", () => {
  const known = withTypes();
  const { version } = known;
  known.forget(90_003);
  assert(known.version !== version);
  const left = types.filter(({ oid }) => known.has(oid)).map(({ name }) => name);
  assertEquals(left, ["mood", "ints", "other", "citext", "int4", "toString"]);
  assertEquals([known.has(90_004), known.has(90_010), known.has(90_002)], [false, false, true]);
  known.add(types);
  assertEquals(known.codec(90_010).name, "day[]");
  known.forget(12_345_678);
  assert(known.has(23));
});

test("TypeRegistry forgets composite types that a value shows to be altered", () => {
  const known = withTypes();
  assertThrows(() => decodeText(known.codec(90_010), '{"(,,)"}'), Error, "have changed");
  assertEquals([known.has(90_009), known.has(90_010), known.has(90_007)], [false, false, true]);
});

test("TypeRegistry.describe() and TypeRegistry.sqlName() tell what a type is", () => {
  const known = withTypes();
  assertEquals(known.describe(90_003)?.domainOf, 90_001);
  assertEquals([known.describe(90_004), known.describe(1)], [undefined, undefined]);
  assertEquals([23, 1007, 18, 90_004, 1].map((oid) => known.sqlName(oid)), [
    '"pg_catalog"."int4"',
    '"pg_catalog"."int4"[]',
    '"pg_catalog"."char"',
    '"public"."a mood"[]',
    undefined,
  ]);
});

test("TypeRegistry.codec() ends where descriptions of different times go in a circle", () => {
  const known = new TypeRegistry();
  known.add([{
    oid: 91_001,
    arrayOid: 91_002,
    name: "node",
    schema,
    attributes: [{ name: "id", typeOid: 23 }, { name: "children", typeOid: 91_002 }],
  }]);
  for (const oid of [91_002, 91_001]) assertEquals(known.resultFormat(oid), 0);
  const value = { id: 1, children: [{ id: 2, children: null }, null] };
  const text = '(1,"{""(2,)"",NULL}")';
  assertEquals(decodeText(known.codec(91_001), text), value);
  assertEquals(known.codec(91_001).encodeText(value), text);
});

test("TypeRegistry.codec() gives containers as text where that is chosen", () => {
  const known = withTypes({ shapes: { range: "text", composite: "text" } });
  const range = known.codec(3904);
  assertEquals([3904, 4451, 90_009].map((oid) => known.resultFormat(oid)), [0, 0, 0]);
  assertEquals(decodeText(range, "[1,5)"), "[1,5)");
  assertEquals(decodeBinary(range, hex("02 00000004 00000001 00000004 00000005")), "[1,5)");
  assertEquals(range.encodeText({ lower: 1, upper: 5 }), "[1,5)");
  assertEquals(decodeText(known.codec(90_009), "(,1,2)"), "(,1,2)");
});
