import assert from "node:assert/strict";
import fc from "fast-check";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import { type LastQuestions, lastQuestions, readPromptText, sharedPrefix } from "../../lib/outcomes/prompt_text.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { tableOf, testOnRealRows } from "../_tables.ts";

/** What Python reads of each text: its strings joined by a blank line, `null` where it is no list of strings. `null` without Python. */
async function readByPython(texts: readonly string[]): Promise<(string | null)[] | null> {
  const program = [
    "import ast, json, sys, warnings",
    "warnings.simplefilter('ignore')",
    "def read(text):",
    "    try: value = ast.literal_eval(text)",
    "    except (SyntaxError, ValueError): return None",
    "    ok = isinstance(value, list) and value and all(isinstance(item, str) for item in value)",
    "    return '\\n\\n'.join(value) if ok else None",
    "json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)",
  ].join("\n");
  return await python(program, texts) as (string | null)[] | null;
}

async function python(program: string, input: unknown): Promise<unknown> {
  try {
    const child = new Deno.Command("python3", {
      args: ["-c", program],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify(input)));
    await writer.close();
    const { success, stdout, stderr } = await child.output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return null;
  }
}

/** Tests that compare with Python are skipped where it is not there. */
const NO_PYTHON = await python("print(0)", null) === null;

Deno.test("readPromptText() reads Python lists of strings", () => {
  const raw = String.raw;
  const cases: [string, string][] = [
    ["['one']", "one"],
    [`["it's"]`, "it's"],
    [raw`['both \' and "']`, `both ' and "`],
    [raw`['a\nb\tc\\d']`, "a\nb\tc\\d"],
    [raw`['\xe9 \u2019 \U0001f600 \x00']`, "é ’ 😀 \0"],
    [raw`['\ud83d']`, "\ud83d"],
    [raw`['\101\0\7', "\8 \q"]`, "A\0\x07\n\n\\8 \\q"],
    ["['first turn', \"second turn's\"]", "first turn\n\nsecond turn's"],
    ["[ 'a' ,\n 'b' , ]", "a\n\nb"],
    ["['']", ""],
    ["['[1, \"x\"], ']", '[1, "x"], '],
    ["['a\\\nb']", "ab"],
  ];
  for (const [written, text] of cases) assert.equal(readPromptText(written), text, written);
});

Deno.test("readPromptText() leaves every other text as it is", () => {
  const raw = String.raw;
  const texts = [
    ...[
      "",
      "What is 2 + 2?",
      "[]",
      "['open",
      "['a'",
      "['a'] and more",
      "['a'",
      "[a]",
      "[1, 'a']",
      "['a' 'b']",
      "['a',,'b']",
      "[,]",
      "['a', None]",
    ],
    ...[
      "('a',)",
      "['a\nb']",
      "['a\\']",
      raw`['\xzz']`,
      raw`['\u12']`,
      raw`['\U00110000']`,
      raw`['\N{BULLET}']`,
      "[b'a']",
      "[['a']]",
    ],
    ...["['''a''']", "[__import__('os').getcwd()]", "]", "[", "['"],
  ];
  for (const text of texts) assert.equal(readPromptText(text), text, text);
});

Deno.test("readPromptText() takes long prompts and hostile ones in linear time", () => {
  const long = "x\\n'".repeat(500_000).replaceAll("'", "\\'");
  assert.equal(readPromptText(`['${long}']`).length, 500_000 * 3);
  const open = "['" + "\\".repeat(1_000_000);
  const many = "[" + "'a',".repeat(200_000);
  for (const text of [open, many]) assert.equal(readPromptText(text), text);
});

Deno.test("readPromptText() undoes Python's repr of any list of strings", { ignore: NO_PYTHON }, async () => {
  // Lone surrogates cannot be sent to Python in UTF-8; the hand cases have one.
  const lists = fc.sample(
    fc.array(fc.string({ unit: fc.constantFrom(...`ab'"\\\n\r\t\0\x7fé’😀\u2028[], n`) }), {
      minLength: 1,
      maxLength: 4,
    }),
    { numRuns: 500, seed: 1 },
  );
  const written = await python(
    "import json, sys; json.dump([repr(item) for item in json.load(sys.stdin)], sys.stdout)",
    lists,
  );
  (written as string[]).forEach((text, i) => assert.equal(readPromptText(text), lists[i].join("\n\n"), text));
});

Deno.test("readPromptText() agrees with Python on texts that look like lists", { ignore: NO_PYTHON }, async () => {
  // No "N" and no two strings side by side: the documented differences.
  const pieces = ["'", '"', "\\", "[", "]", ", ", "a", "n", "x41", "u00e9", "101", "\n", "8", "', '", "['", "']"];
  const texts = fc.sample(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), { numRuns: 4000, seed: 2 })
    .map((parts) => `['${parts.join("")}']`).filter((text) => !/['"][ \n]*['"]/.test(text));
  const expected = await readByPython(texts);
  assert.ok(expected !== null);
  assert.ok(expected.filter((text) => text !== null).length > 500, "enough of them are lists");
  texts.forEach((text, i) => assert.equal(readPromptText(text), expected[i] ?? text, JSON.stringify(text)));
});

Deno.test("sharedPrefix() finds what all texts begin with, cut back to a boundary", () => {
  const endings = ["red", "rose", "blue", "black", "brown", "bronze"];
  const of = (start: string): string => sharedPrefix(endings.map((ending) => start + ending));
  assert.equal(of("Q: is it gold?\nA: no\n\nQ: is it "), "Q: is it gold?\nA: no\n\nQ: ");
  assert.equal(of("Answer in one word. Is it "), "Answer in one word. ");
  assert.equal(of('Say "yes." Is it '), 'Say "yes." ');
  assert.equal(of("Is it "), "", "no line or sentence ends in it");
  assert.equal(of("At 3.5 degrees it is "), "", "a point inside a number ends no sentence");
  assert.equal(of(""), "");
});

Deno.test("sharedPrefix() holds for nearly all texts, not for a majority", () => {
  const texts = (nWith: number, nWithout: number): string[] => [
    ...Array.from({ length: nWith }, (_, i) => `Shared.\n${String.fromCharCode(97 + i % 26)}${i}`),
    ...Array.from({ length: nWithout }, (_, i) => `${i} stands alone`),
  ];
  assert.equal(sharedPrefix(texts(95, 5)), "Shared.\n");
  assert.equal(sharedPrefix(texts(94, 6)), "");
  assert.equal(sharedPrefix(texts(94, 6), { share: 0.9 }), "Shared.\n");
  assert.equal(sharedPrefix(texts(99, 1), { share: 1 }), "");
  assert.equal(sharedPrefix(texts(4, 0)), "", "too few to say");
  assert.equal(sharedPrefix([...texts(4, 0), ...texts(4, 0)]), "", "repeated texts count once");
  assert.equal(sharedPrefix([]), "");
  for (const share of [0.5, 1.01, NaN]) {
    assert.throws(
      () => sharedPrefix([], { share }),
      /RangeError: Cannot find a shared prefix as its share must be above \.5/,
    );
  }
});

Deno.test("sharedPrefix() is the longest by the slow definition", () => {
  const unit = fc.constantFrom("a", "b", "\n");
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit, maxLength: 6 }), { maxLength: 14 }),
      fc.constantFrom(0.6, 0.8, 0.95),
      (texts, share) => {
        const distinct = [...new Set(texts)];
        const candidates = distinct.flatMap((text) => [...text].map((_, i) => text.slice(0, i + 1)));
        const isShared = (prefix: string): boolean =>
          distinct.filter((text) => text.startsWith(prefix)).length >= Math.ceil(share * distinct.length);
        const longest = candidates.filter(isShared).reduce(
          (best, prefix) => prefix.length > best.length ? prefix : best,
          "",
        );
        const expected = distinct.length < 5 ? "" : longest.slice(0, longest.lastIndexOf("\n") + 1);
        assert.equal(sharedPrefix(texts, { share }), expected);
        assert.equal(sharedPrefix(texts.toReversed(), { share }), expected);
      },
    ),
    { seed: 3, numRuns: 500 },
  );
});

/** A table of two evaluations, the first with examples before its questions. */
function fewShotQuestions(): LastQuestions {
  const examples = "Is ice cold?\nyes\n\n";
  const first = ["Is it a?", "Is b so?", "Can it be c?", "Why d?", "How e?", ""].map((last) => [examples + last]);
  const prompts = [...first.map(([text]) => `['${text.replaceAll("\n", "\\n")}']`), "plain", "texts"];
  const cells = prompts.map(() => [1]);
  const evalNames = prompts.map((_, i) => i < first.length ? "few-shot" : "plain");
  return lastQuestions(tableOf({ quality: cells, costUsd: cells, evalNames, prompts }));
}

Deno.test("lastQuestions() removes each evaluation's own prefix and counts it", () => {
  const { texts, nRemoved, prefixes } = fewShotQuestions();
  assert.deepEqual(texts, [
    "Is it a?",
    "Is b so?",
    "Can it be c?",
    "Why d?",
    "How e?",
    "Is ice cold?\nyes\n\n",
    "plain",
    "texts",
  ]);
  assert.deepEqual([...nRemoved], [18, 18, 18, 18, 18, 0, 0, 0]);
  assert.deepEqual([...prefixes], [["few-shot", "Is ice cold?\nyes\n\n"], ["plain", ""]]);
});

Deno.test("lastQuestions() needs texts", () => {
  const table = tableOf({ quality: [[1]], costUsd: [[1]] });
  assert.throws(
    () => lastQuestions(table),
    /TypeError: Cannot read prompts as the table must have their texts: "made" has none/,
  );
});

Deno.test("lastQuestions() leaves simulated prompts, which have no examples, as they are", () => {
  const outcomes = simulateOutcomes({ nPromptsPerEval: 300, seed: 2 });
  const { texts, prefixes } = lastQuestions(outcomes);
  assert.deepEqual(texts, outcomes.prompts);
  assert.ok([...prefixes.values()].every((prefix) => prefix === ""));
});

testOnRealRows("lastQuestions() finds the examples of the real rows", async (path) => {
  const outcomes = await loadOutcomes(path);
  const { texts, nRemoved, prefixes } = lastQuestions(outcomes);
  const lengths = new Map([...prefixes].map(([evalName, prefix]) => [evalName, prefix.length]));
  assert.deepEqual([...lengths], [["arc-challenge", 1653], ["mbpp", 0], ["winogrande", 1221]]); // data/paper/README.md, "Faults" 6
  outcomes.evalNames.forEach((evalName, i) => {
    assert.equal(nRemoved[i], lengths.get(evalName), "every prompt begins so");
    if (evalName === "mbpp") return;
    assert.equal(texts[i].match(/Answer:/g)?.length, 1, "one question is left");
    assert.match(texts[i], /^[^\s]/);
  });
  if (!NO_PYTHON) assert.deepEqual(outcomes.prompts!.map(readPromptText), await readByPython(outcomes.prompts!));
});
