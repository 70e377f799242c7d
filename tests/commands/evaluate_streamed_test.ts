import assert from "node:assert/strict";
import { readOptions } from "../../lib/commands/command_options.ts";
import { EVALUATE } from "../../lib/commands/evaluate_command.ts";
import { isStreamed } from "../../lib/commands/evaluate_streamed.ts";
import { inFolder } from "../files/_files.ts";
import { runTask } from "./_run_task.ts";

const N_PROMPTS = 400, MODELS = ["small", "large"];

/** A long table with a router's predictions. */
function madeCsv(): string {
  const rows = Array.from(
    { length: N_PROMPTS },
    (_, i) =>
      MODELS.map((model, j) =>
        `${i},task ${i % 2},${model},${(i + j) % 3 === 0 ? 0 : 1},${10 ** (j - 3)},${(i % 7 + j) / 8}\n`
      ),
  );
  return `prompt_id,eval_name,model,quality,cost_usd,predicted_quality\n${rows.flat().join("")}`;
}

Deno.test("a file that memory would not hold is read in parts, after a sentence that says it", () =>
  inFolder(async (folder) => {
    const large = `${folder}/large.csv`;
    await Deno.writeTextFile(large, "prompt_id,model,quality,cost_usd\n");
    using file = await Deno.open(large, { append: true });
    const rows = new TextEncoder().encode("1,a,1,0.001\n".repeat(100_000));
    for (let i = 0; i < 30; i++) await file.write(rows);
    await Deno.writeTextFile(`${folder}/small.csv`, madeCsv());
    const said: string[] = [];
    const isRead = (...args: string[]): Promise<boolean> =>
      isStreamed(readOptions(args, EVALUATE), args[0], (text) => void said.push(text));
    assert.equal(await isRead(`${folder}/small.csv`, "--memory", "0.001"), false);
    assert.equal(await isRead(large, "--memory", "2"), false);
    assert.equal(await isRead(`${folder}/small.csv`, "--stream"), true);
    assert.deepEqual(said, []);
    assert.equal(await isRead(large, "--memory", "0.1"), true);
    assert.match(
      said.join().replaceAll(/\s+/g, " "),
      /would take about 127 MB of memory, and 100 MB may be used: it is read in parts/,
    );
  }));

Deno.test("evaluate --stream gives an evaluation as JSON, and refuses options that have no effect", () =>
  inFolder(async (folder) => {
    const file = `${folder}/mine.csv`;
    await Deno.writeTextFile(file, madeCsv());
    const { code, out, err } = await runTask(
      "evaluate",
      file,
      "--stream",
      "--json",
      "--routers",
      "predicted,evaluation",
    );
    assert.equal(code, 0, err);
    const { evaluations } = JSON.parse(out);
    assert.ok(evaluations.length >= 1, out.slice(0, 300));
    const refused = await runTask("evaluate", file, "--stream", "--encoder", "lexical");
    assert.notEqual(refused.code, 0);
    assert.match(refused.err, /--encoder has no effect on a file that is read in parts; leave it out/);
  }));
