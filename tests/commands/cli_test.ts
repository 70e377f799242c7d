import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)), FIXTURE = "tests/fixtures/wide_pandas2.pkl";

/** Runs a command as its task does; returns its exit code and what it said. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-P=launch", "lib/cli.ts", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

async function inTemporaryFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("reproduce writes tables, figures, a report and a manifest, the same bytes each time", () =>
  inTemporaryFolder(async (folder) => {
    const first = await run("reproduce", "--encoder", "lexical", "--evals", "mbpp", "--out", `${folder}/a`);
    assert.equal(first.code, 0, first.err);
    assert.match(
      first.out.split("\n")[0],
      /^Outcomes: simulation calibrated on Table 1, 600 prompts an evaluation, seed 1 \(simulated; 600$/,
    );
    // A first look: one row a family, what may be concluded, where to look; nothing wider than a terminal.
    assert.match(first.out, /^Zero .*\n((?:KNN|MLP|Linear).*\n){3}(.*\n)+Best router .*\nCascade, ε = 0\.1 /m);
    assert.match(first.out, /\n\nOn these 180 simulated\n?.*prompts/);
    assert.match(
      first.out,
      /open .*report\.html;\s+figures\s+for\s+papers\s+are\s+in[^]*--verbose prints all tables\.\n$/,
    );
    for (const line of first.out.split("\n")) assert.ok(line.length <= 100 || line.includes(folder), line);
    const verbose = await run(
      "reproduce",
      "--encoder",
      "lexical",
      "--evals",
      "mbpp",
      "--out",
      `${folder}/b`,
      "--verbose",
    );
    assert.match(
      verbose.out,
      /^Zero .*\n(KNN, k = \d+ .*\n){3}MLP, 100-100 .*\nLinear .*\n(?:.*\n){3}Best router .*\nCascade, ε = 0 /m,
    );
    const names = [
      "tables/systems.csv",
      "tables/models.csv",
      "tables/settings.csv",
      "tables/systems.tex",
      "tables/mbpp_systems.tex",
      "figures.tex",
      "tables/predictors.csv",
      "tables/printed_vs_ours.csv",
      "tables/errata.csv",
      "figures/mbpp.svg",
      "figures/mbpp.pdf",
      "figures/mbpp.png",
      "figures/paper_figure_4_mmlu.svg",
      "figures/paper_figure_9_mbpp.pdf",
      "report.html",
      "manifest.json",
    ];
    for (const name of names) {
      assert.deepEqual(await Deno.readFile(`${folder}/a/${name}`), await Deno.readFile(`${folder}/b/${name}`), name);
    }
    assert.deepEqual((await Array.fromAsync(Deno.readDir(`${folder}/a`))).map(({ name }) => name).sort(), [
      "figures",
      "figures.tex",
      "manifest.json",
      "report.html",
      "tables",
    ]);
    const report = await Deno.readTextFile(`${folder}/a/report.html`);
    assert.match(report, /<svg [^>]*width="241pt"/);
    assert.doesNotMatch(report, /<script src|<link|src="http|url\((?!#|data:)/);
    assert.doesNotMatch(report.split("<script")[0], /undefined|NaN/);
    assert.match(
      report,
      /<dt>Best router over Zero<\/dt><dd class="value">[+−]\d\.\d{4}<\/dd><dd class="detail">95 % interval \[/,
    );
    assert.ok(report.length < 3e6, "Plotly and all figures are in the page, packed");
    const ids = [...report.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, "drawings in one page have ids of their own");
    for (const [, id] of report.matchAll(/url\(#([^)]+)\)/g)) assert.ok(ids.includes(id), id);
    const { files } = JSON.parse(await Deno.readTextFile(`${folder}/a/manifest.json`));
    assert.ok(Object.keys(files).includes("figures/paper_figure_1_interpolation.png"));
  }));

Deno.test("reproduce --json prints one document and writes nothing", () =>
  inTemporaryFolder(async (folder) => {
    const args = ["reproduce", "--encoder", "lexical", "--evals", "mbpp", "--prompts", "300"];
    const { code, out, err } = await run(...args, "--json");
    assert.equal(code, 0, err);
    const { evaluations, outcomes, settings, numbersSha256, groups, errata } = JSON.parse(out);
    assert.deepEqual(evaluations.map(({ evalName, protocol }: Record<string, string>) => [evalName, protocol]), [
      ["mbpp", "ours"],
      ["mbpp", "paper"],
    ]);
    assert.deepEqual([outcomes.kind, outcomes.nPrompts, settings.seed], ["simulated", 300, 1]);
    assert.ok(errata.length > 0 && Array.isArray(groups));
    await run(...args, "--out", `${folder}/out`);
    const manifest = JSON.parse(await Deno.readTextFile(`${folder}/out/manifest.json`));
    assert.equal(manifest.numbersSha256, numbersSha256, "the same numbers as in the files");
    const [, zero] = (await Deno.readTextFile(`${folder}/out/tables/systems.csv`)).split("\n");
    assert.ok(zero.includes(String(evaluations[0].systems[0].aiqFormula)), zero);
  }));

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
      const { code, err } = await run(
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
    const { code, err } = await run("reproduce", "--data", `${folder}/hostile.pkl`);
    assert.equal(code, 1);
    assert.match(
      err,
      /^Cannot read the pickle as it may name only what a table of outcomes needs: it names "os.system"; nothing was executed/,
    );
  }));

Deno.test("--help shows an example", async () => {
  const { code, out } = await run("reproduce", "--help");
  assert.equal(code, 0);
  assert.match(out, /Example: deno task reproduce /);
});

Deno.test("reproduce writes no file by an evaluation's name that leads out of the folder", async () => {
  const folder = await Deno.makeTempDir(),
    rows = Array.from({ length: 20 }, (_, i) => `p${i},../../out,a,1,0.1\np${i},../../out,b,0,0.2\n`);
  try {
    await Deno.writeTextFile(`${folder}/odd.csv`, `prompt,eval_name,model,quality,cost_usd\n${rows.join("")}`);
    const { code, err } = await run(
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
