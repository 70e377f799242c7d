import assert from "node:assert/strict";
import { PickledList } from "../../../lib/files/pickle/_pickled_literals.ts";
import type { PickledGlobal } from "../../../lib/files/pickle/_pickled_values.ts";
import { readPickle } from "../../../lib/files/pickle/pickle_reader.ts";
import { readPandasFrame } from "./_pandas_frame.ts";

const NONE = (): ReadonlyMap<string, PickledGlobal> => new Map();
/** What was read, its lists as arrays. */
function plain(value: unknown): unknown {
  if (value instanceof PickledList) return value.values().map(plain);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, plain(item)]));
  return value;
}
const bytesOf = (...parts: (number | string)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => typeof part === "number" ? [part] : [...new TextEncoder().encode(part)]));

Deno.test("readPickle() reads plain data", () => {
  // {"a": [1, 2.5, None, True], "b": (−3,)} by protocol 2, put together from pickletools' opcodes
  const pickle = bytesOf(
    0x80,
    2,
    "}q",
    0,
    "(X",
    1,
    0,
    0,
    0,
    "a]q",
    1,
    "(K",
    1,
    "G",
    0x40,
    4,
    0,
    0,
    0,
    0,
    0,
    0,
    "N",
    0x88,
    "eX",
    1,
    0,
    0,
    0,
    "bJ",
    0xfd,
    0xff,
    0xff,
    0xff,
    0x85,
    "u.",
  );
  assert.deepEqual(
    plain(readPickle(pickle, NONE)),
    new Map<string, unknown>([["a", [1, 2.5, null, true]], ["b", [-3]]]),
  );
});

Deno.test("readPickle() reads whole numbers of any length", () => {
  assert.equal(readPickle(bytesOf(0x80, 2, 0x8a, 2, 0x00, 0x80, "."), NONE), -32768);
  assert.equal(readPickle(bytesOf(0x80, 2, 0x8a, 0, "."), NONE), 0);
});

const BAD: [string, Uint8Array, RegExp][] = [
  ["what is not a pickle", bytesOf("PK"), /SyntaxError: Cannot read the pickle as it must begin with its protocol/],
  ["an unknown protocol", bytesOf(0x80, 9, "."), /its protocol is 9/],
  [
    "a call of os.system",
    bytesOf(0x80, 2, "cos\nsystem\nX", 2, 0, 0, 0, "ls", 0x85, "R."),
    /it names "os.system"; nothing was executed/,
  ],
  [
    "a call of builtins.eval by stack",
    bytesOf(0x80, 4, 0x8c, 8, "builtins", 0x8c, 4, "eval", 0x93, "."),
    /it names "builtins.eval"/,
  ],
  ["a persistent id", bytesOf(0x80, 2, "Pid\n."), /0x50 stands at byte 2/],
  ["an extension code", bytesOf(0x80, 2, 0x82, 1, "."), /0x82 stands at byte 2/],
  ["a cut text", bytesOf(0x80, 2, "X", 200, 0, 0, 0, "abc"), /it must be whole: it ends at byte 10/],
  ["a text of eight gigabytes", bytesOf(0x80, 4, 0x8d, 0, 0, 0, 0, 2, 0, 0, 0, "abc"), /it must be whole/],
  ["a missing stop", bytesOf(0x80, 2, "N"), /it must be whole/],
  ["an empty stack", bytesOf(0x80, 2, "."), /a value is missing on the stack/],
  ["a missing mark", bytesOf(0x80, 2, "Nt."), /a mark is missing/],
  ["an unknown memo entry", bytesOf(0x80, 2, "h", 7, "."), /memo entry 7 is not there/],
  ["a call of what is no global", bytesOf(0x80, 2, "K", 1, ")R."), /what is called is not a global/],
];

for (const [name, bytes, message] of BAD) {
  Deno.test(`readPickle() refuses ${name}`, () => {
    assert.throws(() => readPickle(bytes, NONE), message);
  });
}

Deno.test("readPandasFrame() refuses a pickle that holds something else", () => {
  assert.throws(() => readPandasFrame(bytesOf(0x80, 2, "].")), /SyntaxError: .* it must hold a pandas data frame/);
});

Deno.test("readPandasFrame() refuses every cut of a real file with one clear error", () => {
  const whole = Deno.readFileSync(new URL("../../fixtures/wide_pandas2.pkl", import.meta.url));
  for (let length = 0; length < whole.length; length++) {
    assert.throws(
      () => readPandasFrame(whole.slice(0, length)),
      /^SyntaxError: Cannot read the pickle as /,
      `cut at ${length}`,
    );
  }
});
