import assert from "node:assert/strict";
import { readOptions } from "../../lib/commands/command_options.ts";
import { REPLAY } from "../../lib/commands/replay_command.ts";
import { inFolder } from "../files/_files.ts";
import { savedRouter } from "../serve/_saved.ts";
import { runTask } from "./_run_task.ts";

interface ReplayedPrompt {
  readonly promptId: string;
  readonly evaluated: string;
  readonly chosen: string;
  readonly answeredBy: string | null;
  readonly costUsd: number;
}

/** Replays in this process, where nothing is confined. */
async function replayHere(...args: string[]): Promise<void> {
  const nowhere = { root: "", raw: "", weights: "", cache: "" };
  await REPLAY.run(readOptions(args, REPLAY), nowhere, () => {});
}

Deno.test("replay: live choices, cost and quality are those of the evaluation, prompt by prompt", () =>
  inFolder(async (folder) => {
    const { tableFile, routerFile, outcomes } = await savedRouter(folder);
    const { code, out, err } = await runTask("replay", tableFile, "--router", routerFile, "--out", `${folder}/out`);
    assert.equal(code, 0, err);
    assert.match(out, /^Replaying 90 prompts of mine\.jsonl through Linear/);
    assert.match(out, /Choices equal to the evaluation's: 90 of 90\. Answered: 90; by another .* one: 0;/);
    const report = JSON.parse(await Deno.readTextFile(`${folder}/out/replay.json`));
    const saved = JSON.parse(await Deno.readTextFile(routerFile)).router;
    const setting = saved.settings[saved.recommended];
    for (const field of ["quality", "costUsd"] as const) {
      assert.ok(Math.abs(report.live[field] - setting[field]) < 1e-9 * setting[field], field);
    }
    const prompts = report.prompts as ReplayedPrompt[];
    for (const { promptId, evaluated, chosen, answeredBy, costUsd } of prompts) {
      const cell = outcomes.promptIds.indexOf(promptId) * 3 + outcomes.models.indexOf(chosen);
      assert.deepEqual([chosen, answeredBy], [evaluated, evaluated]);
      assert.ok(Math.abs(costUsd - outcomes.costUsd[cell]) <= 1e-9 * outcomes.costUsd[cell]);
    }
    assert.ok(new Set(prompts.map(({ chosen }) => chosen)).size > 1, "there is something to choose");
    const [low, high] = report.savingInterval;
    assert.ok(low <= report.saving && report.saving <= high);
    const files = await Array.fromAsync(Deno.readDir(`${folder}/out/log`));
    const lines = (await Deno.readTextFile(`${folder}/out/log/${files[0].name}`)).trimEnd().split("\n");
    assert.equal(lines.length, 2 * 90, "a line of each request and one of its feedback");
  }));

Deno.test("replay with an outage: the next best model by the prediction answers; options are checked", () =>
  inFolder(async (folder) => {
    const { tableFile, routerFile } = await savedRouter(folder);
    await replayHere(
      ...[tableFile, "--router", routerFile, "--out", `${folder}/out`],
      ...["--prompts", "30", "--fail", "middle=100%"],
    );
    const { prompts } = JSON.parse(await Deno.readTextFile(`${folder}/out/replay.json`));
    const outage = prompts as ReplayedPrompt[];
    assert.ok(outage.some(({ chosen }) => chosen === "middle"));
    assert.ok(outage.every(({ answeredBy }) => answeredBy !== null && answeredBy !== "middle"));

    const refused: [string[], RegExp][] = [
      [["--fail", "tiny=20%"], /must name models of the router, .*: "tiny" is none/],
      [["--fail", "small=120%"], /"small=120%" has no share in 0..1/],
      [["--prompts", "1.5"], /--prompts must be a whole number above 0: it is "1.5"/],
      [["--latency", "recorded"], /"mine.jsonl" has none; pass seconds/],
      [["--latency=-1"], /--latency must be recorded, seconds or MODEL=SECONDS,…/],
      [["--train-share", "0.5"], /which had 90: there are 150; repeat its --split/],
    ];
    for (const [more, message] of refused) {
      await assert.rejects(
        replayHere(tableFile, "--router", routerFile, "--out", `${folder}/out`, ...more),
        (error: Error) => message.test(error.message) || assert.fail(error.message),
      );
    }
    await assert.rejects(replayHere(tableFile), /--router must name a router file: there is none/);
  }));
