import assert from "node:assert/strict";
import { inTemporaryFolder, runTask } from "./_run_task.ts";

Deno.test("reproduce --json prints one document and writes nothing", () =>
  inTemporaryFolder(async (folder) => {
    const args = ["reproduce", "--encoder", "lexical", "--evals", "mbpp", "--prompts", "240"];
    const { code, out, err } = await runTask(...args, "--json");
    assert.equal(code, 0, err);
    const { evaluations, outcomes, settings, numbersSha256, groups, errata } = JSON.parse(out);
    assert.deepEqual(evaluations.map(({ evalName, protocol }: Record<string, string>) => [evalName, protocol]), [
      ["mbpp", "ours"],
      ["mbpp", "paper"],
    ]);
    assert.deepEqual([outcomes.kind, outcomes.nPrompts, settings.seed], ["simulated", 240, 1]);
    assert.ok(errata.length > 0 && Array.isArray(groups));
    await runTask(...args, "--out", `${folder}/out`);
    const manifest = JSON.parse(await Deno.readTextFile(`${folder}/out/manifest.json`));
    assert.equal(manifest.numbersSha256, numbersSha256, "the same numbers as in the files");
    const [, zero] = (await Deno.readTextFile(`${folder}/out/tables/systems.csv`)).split("\n");
    assert.ok(zero.includes(String(evaluations[0].systems[0].aiqFormula)), zero);
  }));
