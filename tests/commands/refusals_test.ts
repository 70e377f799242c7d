import assert from "node:assert/strict";
import { inTemporaryFolder, runTask } from "./_run_task.ts";

const FIXTURE = "tests/fixtures/wide_pandas2.pkl";

/** Bad input: what is given, and the one line that is said. */
const BAD: [string, string[], RegExp][] = [
  [
    "an unknown command",
    ["reprodce"],
    /^Cannot run a command as it must be one of reproduce, .*: it is "reprodce"; did you mean "reproduce"\?\n$/,
  ],
  [
    "an unknown option",
    ["reproduce", "--encodr", "lexical"],
    /^Cannot read the options as each must be known: "--encodr" is not; did you mean "--encoder"\?; see --help\n$/,
  ],
  [
    "an option without its value",
    ["reproduce", "--seed"],
    /^Cannot read the options as each but --whole, --csv-guard, --json, --verbose, --help takes one value/,
  ],
  [
    "a seed that is no number",
    ["reproduce", "--seed", "one"],
    /^Cannot read the options as --seed must be a whole number: it is "one"/,
  ],
  [
    "a number of prompts beside a file that has them",
    ["reproduce", "--data", "mine.pkl", "--prompts", "300"],
    /^Cannot read the options as --prompts must not stand beside --data, .*; leave one out/,
  ],
  [
    "an unknown protocol",
    ["reproduce", "--protocol", "mine"],
    /^Cannot read the options as --protocol must be ours or paper: it is "mine"/,
  ],
  [
    "a word without dashes",
    ["reproduce", "mbpp"],
    /^Cannot read the options as each must begin with "--": "mbpp" does not/,
  ],
  [
    "a number of prompts that is none",
    ["reproduce", "--prompts", "many"],
    /^Cannot read the options as --prompts must be a whole number above 0: it is "many"/,
  ],
  [
    "a missing file",
    ["reproduce", "--data", "nowhere.pkl"],
    /^Cannot load "nowhere.pkl" as the file must be readable: there is no such file; check the path\n$/,
  ],
  ["a file that is no pickle", ["reproduce", "--data", "README.md"], /^Cannot load "README.md" as it must be a pickle/],
  [
    "an unknown evaluation",
    ["reproduce", "--evals", "mmlu,gsm"],
    /^Cannot select evaluations as each name must begin one of the table's: "gsm" does not; it has "mmlu", "mtbench"/,
  ],
  ["an unknown encoder", ["reproduce", "--encoder", "no such"], /^Cannot open /],
  [
    "a folder that cannot be written",
    ["reproduce", "--encoder", "lexical", "--evals", "mtbench", "--out", "README.md"],
    /^Cannot write to "README.md" as the output must be a folder: a file stands there; choose another with --out\n$/,
  ],
  [
    "too few prompts",
    ["reproduce", "--encoder", "lexical", "--data", FIXTURE],
    /^Cannot split outcomes as both sides need prompts/,
  ],
];

for (const [name, args, message] of BAD) {
  Deno.test(`the command line refuses ${name} with one clear line and exit code 1`, () =>
    inTemporaryFolder(async (folder) => {
      const { code, err } = await runTask(
        ...args,
        ...(args.includes("--out") || args[0] !== "reproduce" || args.at(-1) === "--seed"
          ? []
          : ["--out", `${folder}/out`]),
      );
      assert.equal(code, 1);
      // Where the machine is busy a line of progress may stand before it.
      const said = err.split("\n").filter((line) => !/^(Embedding|Evaluating|Drawing) .*\d/.test(line)).join("\n");
      assert.match(said, message);
      assert.equal(said.trimEnd().split("\n").length, 1, err);
      assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), [], "nothing is written");
    }));
}

Deno.test("a pickle that names another global is refused by its name", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/hostile.pkl`, "");
    await Deno.writeFile(
      `${folder}/hostile.pkl`,
      Uint8Array.of(0x80, 2, ...new TextEncoder().encode("cos\nsystem\n(X\x02\0\0\0lstR.")),
    );
    const { code, err } = await runTask("reproduce", "--data", `${folder}/hostile.pkl`);
    assert.equal(code, 1);
    assert.match(
      err,
      /^Cannot read the pickle as it may name only what a table of outcomes needs: it names "os.system"; nothing was executed/,
    );
  }));

Deno.test("--help shows an example", async () => {
  const { code, out } = await runTask("reproduce", "--help");
  assert.equal(code, 0);
  assert.match(out, /Example: deno task reproduce /);
});

Deno.test("reproduce writes no file by an evaluation's name that leads out of the folder", async () => {
  const folder = await Deno.makeTempDir(),
    rows = Array.from({ length: 20 }, (_, i) => `p${i},../../out,a,1,0.1\np${i},../../out,b,0,0.2\n`);
  try {
    await Deno.writeTextFile(`${folder}/odd.csv`, `prompt,eval_name,model,quality,cost_usd\n${rows.join("")}`);
    const { code, err } = await runTask(
      "reproduce",
      "--encoder",
      "lexical",
      "--data",
      `${folder}/odd.csv`,
      "--out",
      `${folder}/a/b/c`,
    );
    assert.equal(code, 1);
    assert.match(
      err,
      /^Cannot reproduce an evaluation as its name must be of letters, .*: "\.\.\/\.\.\/out" is not; rename it, or run/,
    );
    assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["odd.csv"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
