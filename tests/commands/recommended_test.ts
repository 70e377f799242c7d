import assert from "node:assert/strict";
import { type CommandInput, readOptions } from "../../lib/commands/command_options.ts";
import { EVALUATE } from "../../lib/commands/evaluate_command.ts";
import { goalOf, sayRecommendation } from "../../lib/commands/recommended.ts";
import { linear } from "../../lib/evaluation/recipes.ts";
import { recommend } from "../../lib/evaluation/recommend.ts";
import { evaluate } from "../../lib/experiments/evaluate.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { inFolder } from "../files/_files.ts";
import { madeTable, runTask } from "./_run_task.ts";

function inputOf(...args: string[]): CommandInput {
  return readOptions(["mine.csv", ...args], EVALUATE);
}

Deno.test("goalOf() reads a share as a percentage or a number, and how surely it is kept", () => {
  assert.equal(goalOf(inputOf()), null);
  assert.deepEqual(goalOf(inputOf("--keep", "95%")), { keep: 0.95, confidence: 0.95 });
  assert.deepEqual(goalOf(inputOf("--keep", "0.9", "--confidence", "99%")), { keep: 0.9, confidence: 0.99 });
  assert.deepEqual(goalOf(inputOf("--budget", "0.002")), { budgetUsd: 0.002, confidence: 0.95 });
  assert.deepEqual(goalOf(inputOf("--quality", "70%", "--confidence", "0.5")), { quality: 0.7, confidence: 0.5 });
});

const REFUSED: readonly [args: readonly string[], message: RegExp][] = [
  [["--keep", "0"], /--keep must be above 0 and at most 1 or 100%: it is "0"$/],
  [["--keep", "101%"], /--keep must be above 0 and at most 1 or 100%: it is "101%"$/],
  [["--keep", "95 percent"], /--keep must be .*: it is "95 percent"$/],
  [["--budget", "Infinity"], /--budget must be USD above 0: it is "Infinity"$/],
  [["--quality", " "], /--quality must be above 0 and at most 1 or 100%: it is " "$/],
  [["--keep", "0.9", "--budget", "1"], /--keep and --budget are two goals: give one of them$/],
  [["--confidence", "95%"], /--confidence needs a goal: name one by --keep, --budget or --quality$/],
  [["--keep", "0.9", "--confidence", "1"], /--confidence must be from 50% to below 100%: it is "1"$/],
];
for (const [args, message] of REFUSED) {
  Deno.test(`goalOf() refuses ${args.join(" ")}`, () => assert.throws(() => goalOf(inputOf(...args)), message));
}

Deno.test("sayRecommendation() says the setting, what it saves and where prompts go; of a single model only its name", async () => {
  const outcomes = simulateOutcomes({ nPromptsPerEval: 60, seed: 1 });
  const options = { seed: 1, encoder: "lexical", nResamples: 100 } as const;
  const evaluation = await evaluate(outcomes, [linear({ alpha: 10 })], options);
  const said = (goal: Parameters<typeof recommend>[1]): string => {
    const lines: string[] = [];
    sayRecommendation(recommend(evaluation, goal), outcomes.models, (line) => lines.push(line));
    return lines.join("\n");
  };
  const text = said({ keep: 0.8 });
  assert.match(text, /is\s+the\s+cheapest\s+of\s+\d+\s+settings\s+that\s+keep/);
  assert.match(text, /\nsaved \(95 % interval\) +\d+\.\d % to \d+\.\d % /);
  const shares = [...text.matchAll(/^to .* (\d+\.\d) % /gm)].map(([, share]) => Number(share));
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 100) < 0.5, text);
  for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
  const single = said({ budgetUsd: 1e-9 });
  assert.match(single, /^\nNone of \d+ settings stays within/);
  assert.doesNotMatch(single, /Recommended/);
});

Deno.test("evaluate --keep writes the router, and shows the recommendation in the page and as JSON", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine.jsonl`, madeTable(480));
    const args = ["--encoder", "lexical", "--routers", "linear", "--keep", "70%", "--confidence", "80%"];
    const { code, out, err } = await runTask("evaluate", `${folder}/mine.jsonl`, ...args, "--out", `${folder}/out`);
    assert.equal(code, 0, err);
    assert.match(out, /keeps\s+70\s+%\s+of\s+the\s+quality\s+of[^]*80\s+%\s+confidence/);
    const { recommendation, conclusion, evaluations } = JSON.parse(
      await Deno.readTextFile(`${folder}/out/evaluation.json`),
    );
    assert.deepEqual([recommendation.goal, recommendation.confidence], [{ keep: 0.7 }, 0.8]);
    assert.equal(recommendation.setting.modelShares.length, 3);
    assert.match(conclusion[0], /^On these 144 prompts /);
    const [all] = evaluations;
    const chosen = all.systems.find(({ name }: { name: string }) => name === "Linear, α chosen");
    assert.equal(chosen.ladder.filter(({ isChosen }: { isChosen: boolean }) => isChosen).length, 1);
    assert.deepEqual(all.predictedCosts.map(({ model }: { model: string }) => model), ["small", "middle", "large"]);
    const page = await Deno.readTextFile(`${folder}/out/report.html`);
    assert.ok(page.includes('<section id="recommendation">'));
    assert.match(page, /<div class="conclusion"><p>On these 144 prompts /);
    assert.match(page, /<summary>How well costs per prompt are predicted<\/summary>/);
    assert.match(page, /<summary>Settings that were chosen on validation prompts<\/summary>/);
    assert.ok(JSON.parse(await Deno.readTextFile(`${folder}/out/router.json`)));
  }));
