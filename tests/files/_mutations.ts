import type { Random } from "../../lib/base/random.ts";

/** Opcodes that the reader knows, and some that it does not: what is spliced in is drawn from these. */
const OPCODES = [
  ...")](}N.aeustbRc0q2hjrJKMGXBC",
  "\x80",
  "\x81",
  "\x85",
  "\x86",
  "\x87",
  "\x88",
  "\x8a",
  "\x8c",
  "\x8d",
  "\x8e",
  "\x93",
  "\x94",
  "\x95",
  "\x96",
]
  .map((character) => character.charCodeAt(0));

/** Changes bytes. */
export type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Ways in which a file goes wrong, or is made to. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "flipped bits": (bytes, random) => {
    const result = bytes.slice();
    for (let n = 1 + random.integer(3); n > 0; n--) result[random.integer(result.length)] ^= 1 << random.integer(8);
    return result;
  },
  "other bytes": (bytes, random) => {
    const result = bytes.slice();
    for (let n = 1 + random.integer(3); n > 0; n--) result[random.integer(result.length)] = random.integer(256);
    return result;
  },
  "another letter": (bytes, random) => {
    const result = bytes.slice();
    const letters = [...result.keys()].filter((at) => result[at] >= 0x20 && result[at] < 0x7f);
    if (letters.length > 0) result[letters[random.integer(letters.length)]] = 0x20 + random.integer(0x5f);
    return result;
  },
  "a cut": (bytes, random) => bytes.slice(0, random.integer(bytes.length + 1)),
  "a hole": (bytes, random) => {
    const at = random.integer(bytes.length);
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.integer(20)));
  },
  "spliced opcodes": (bytes, random) => {
    const at = random.integer(bytes.length);
    const opcodes = Uint8Array.from({ length: 1 + random.integer(6) }, () => OPCODES[random.integer(OPCODES.length)]);
    return joined(bytes.subarray(0, at), opcodes, bytes.subarray(at + random.integer(2)));
  },
  "a part twice": (bytes, random) => {
    const at = random.integer(bytes.length);
    const part = bytes.subarray(at, at + 1 + random.integer(60));
    const to = random.integer(bytes.length);
    return joined(bytes.subarray(0, to), part, bytes.subarray(to));
  },
  "a wrong length": (bytes, random) => {
    const result = bytes.slice();
    const view = new DataView(result.buffer);
    const at = random.integer(Math.max(1, result.length - 8));
    const length = [0, 1, 255, 2 ** 31 - 1, 2 ** 32 - 1, result.length, result.length * 8][random.integer(7)];
    if (random.integer(2) === 0) view.setUint32(at, length, true);
    else view.setBigUint64(at, BigInt(length) << BigInt(random.integer(33)), true);
    return result;
  },
  "a bomb by memo": (bytes, random) => {
    const at = random.integer(bytes.length);
    const index = random.integer(64);
    const times = 1 + random.integer(2000);
    const run = Uint8Array.from({ length: 2 * times }, (_, i) => i % 2 === 0 ? 0x68 : index);
    return joined(
      bytes.subarray(0, at),
      Uint8Array.of(0x28),
      run,
      Uint8Array.of([0x65, 0x74, 0x75][random.integer(3)]),
      bytes.subarray(at),
    );
  },
};

/** Parts of texts that readers look at. */
const TOKENS: readonly string[] = [
  ...[
    '"',
    '""',
    ",",
    ";",
    "\t",
    "|",
    "\n",
    "\r",
    "\r\n",
    "{",
    "}",
    "[",
    "]",
    ":",
    "\\",
    "\\u12",
    "sep=,\n",
    "\uFEFF",
    "\0",
    "\x80",
  ],
  ...[
    "null",
    "NaN",
    "-Infinity",
    "1e999",
    "-1",
    "1.234,5",
    "12345678901234567890",
    "true",
    "%",
    "$",
  ],
  ...[
    '{"a":'.repeat(200),
    "[".repeat(3000),
    '"x":1,',
    '{"id":1}',
    "__proto__",
    "constructor",
    "toString",
    '"":"",',
    "id",
    "model",
    ",".repeat(500),
  ],
];

/** Ways in which a text goes wrong. */
export const TEXT_MUTATIONS: Readonly<Record<string, Mutation>> = {
  "a token": (bytes, random) => {
    const at = random.integer(bytes.length + 1);
    const token = new TextEncoder().encode(TOKENS[random.integer(TOKENS.length)]);
    return joined(bytes.subarray(0, at), token, bytes.subarray(at + random.integer(3)));
  },
  "a token for another": (bytes, random) => {
    const from = new TextEncoder().encode(TOKENS[random.integer(12)])[0];
    const places = [...bytes.keys()].filter((at) => bytes[at] === from);
    if (places.length === 0) return bytes;
    const at = places[random.integer(places.length)];
    const token = new TextEncoder().encode(TOKENS[random.integer(TOKENS.length)]);
    return joined(bytes.subarray(0, at), token, bytes.subarray(at + 1));
  },
  "a line moved": (bytes, random) => {
    const lines = new TextDecoder("latin1").decode(bytes).split("\n");
    const [line] = lines.splice(random.integer(lines.length), 1);
    lines.splice(random.integer(lines.length + 1), random.integer(2), line);
    return Uint8Array.from(lines.join("\n"), (character) => character.charCodeAt(0) & 0xff);
  },
};

/** One to three mutations of a pickle, one after another, and their names. */
export function mutated(bytes: Uint8Array, random: Random): { readonly bytes: Uint8Array; readonly names: string[] } {
  return mutatedBy(MUTATIONS, bytes, random);
}

/** One to three of some mutations of a file, one after another, and their names. */
export function mutatedBy(
  mutations: Readonly<Record<string, Mutation>>,
  bytes: Uint8Array,
  random: Random,
): { readonly bytes: Uint8Array; readonly names: string[] } {
  const names = Object.keys(mutations);
  const chosen = Array.from({ length: [1, 1, 1, 2, 3][random.integer(5)] }, () => names[random.integer(names.length)]);
  return {
    bytes: chosen.reduce((changed, name) => changed.length < 16 ? changed : mutations[name](changed, random), bytes),
    names: chosen,
  };
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
