import assert from "node:assert/strict";
import { simulateOutcomes } from "routerbench";
import { runDataSets } from "../../lib/commands/evaluate_data_sets.ts";
import { readOptions } from "../../lib/commands/command_options.ts";
import { EVALUATE } from "../../lib/commands/evaluate_command.ts";
import { exportOutcomes } from "../../lib/files/export_outcomes.ts";
import { inFolder } from "../files/_files.ts";

const NONE = { root: "/none", raw: "/none/raw", weights: "/none/weights", cache: "/none/cache" };

async function run(...args: string[]): Promise<string> {
  const said: string[] = [];
  const input = readOptions([...args, "--encoder", "lexical"], EVALUATE);
  await runDataSets(input, { folders: NONE, out: input.text("out") }, (text) => said.push(text));
  return said.join("\n");
}

Deno.test("evaluate A B evaluates the same routers on both, and writes tables, a figure and a page", async () => {
  await inFolder(async (folder) => {
    const paths = [1, 2].map((seed) => `${folder}/set ${seed}.csv`);
    for (const [at, path] of paths.entries()) {
      await exportOutcomes(simulateOutcomes({ nPromptsPerEval: 35, seed: at + 1 }), path);
    }
    const out = `${folder}/out`;
    await run(...paths, "--routers", "linear", "--out", out);
    const found = JSON.parse(await Deno.readTextFile(`${out}/data_sets.json`));
    assert.deepEqual(found.data_sets.map(({ data_set, system }: Record<string, string>) => `${data_set}: ${system}`), [
      "set 1.csv: Linear",
      "set 1.csv: Linear, α chosen",
      "set 2.csv: Linear",
      "set 2.csv: Linear, α chosen",
    ]);
    assert.deepEqual(found.all_data_sets.map(({ system }: Record<string, string>) => system), [
      "Linear",
      "Linear, α chosen",
    ]);
    for (const row of found.data_sets) assert.ok(row.low <= row.gain && row.gain <= row.high);
    assert.match(await Deno.readTextFile(`${out}/figures/data_sets.svg`), /^<svg/);
    assert.match(await Deno.readTextFile(`${out}/report.html`), /The same routers on 2 data sets/);
    const { files } = JSON.parse(await Deno.readTextFile(`${out}/manifest.json`));
    assert.ok("tables/data_sets.csv" in files && "tables/all_data_sets.csv" in files);
  });
});

const REFUSED: readonly [args: readonly string[], message: RegExp][] = [
  [["a.csv", "b.csv", "--latency-budget", "2"], /--latency-budget is of one table, and there are 2; leave it out$/],
  [["a.csv", "b.csv", "--keep", "95%"], /--keep is of one table/],
  [["a.csv", "a.csv"], /each must be named once: "a.csv" is named twice$/],
  [["a.csv", "clickhouse://HOST:8123/d/t"], /"clickhouse:\/\/HOST:8123\/d\/t" is an address$/],
];
for (const [args, message] of REFUSED) {
  Deno.test(`evaluate refuses ${args.join(" ")}`, () => assert.rejects(run(...args), message));
}
