import assert from "node:assert/strict";
import { inTemporaryFolder, runTask } from "./_run_task.ts";

Deno.test("reproduce writes tables, figures, a report and a manifest, the same bytes each time", () =>
  inTemporaryFolder(async (folder) => {
    const args = ["reproduce", "--encoder", "lexical", "--evals", "mbpp", "--prompts", "240"];
    const first = await runTask(...args, "--out", `${folder}/a`);
    assert.equal(first.code, 0, first.err);
    assert.match(
      first.out.split("\n")[0],
      /^Outcomes: simulation calibrated on Table 1, 240 prompts an evaluation, seed 1 \(simulated; 240$/,
    );
    // A first look: one row a family, what may be concluded, where to look; nothing wider than a terminal.
    assert.match(first.out, /^Zero .*\n((?:KNN|MLP|Linear).*\n){3}(.*\n)+Best router .*\nCascade, ε = 0\.1 /m);
    assert.match(first.out, /\n\nOn these 72 simulated\n?.*prompts/);
    assert.match(
      first.out,
      /open .*report\.html;\s+figures\s+for\s+papers\s+are\s+in[^]*--verbose prints all tables\.\n$/,
    );
    for (const line of first.out.split("\n")) assert.ok(line.length <= 100 || line.includes(folder), line);
    const verbose = await runTask(...args, "--out", `${folder}/b`, "--verbose");
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
