import assert from "node:assert/strict";
import { TABLE_FORMATS } from "../../lib/files/load_options.ts";
import { runTask } from "./_run_task.ts";
import { ROUTER_FAMILIES } from "../../lib/experiments/evaluate_table.ts";

const COMMANDS = ["reproduce", "data", "audit", "evaluate", "notebooks", "lab"];

for (const command of COMMANDS) {
  Deno.test(`${command} --help fits a terminal and ends with an example`, async () => {
    const { code, out, err } = await runTask(command, "--help");
    assert.equal(code, 0, err);
    assert.match(
      out,
      new RegExp(`^[A-Z][^]*\\n\\nUsage: deno task ${command}[^]*\\n\\nExample: deno task ${command} \\S`),
    );
    assert.match(out, /^ {2}--help {12}this text$/m);
    for (const line of out.split("\n")) assert.ok(line.length <= 100, line);
  });
}

Deno.test("--help names defaults and the values that an option takes", async () => {
  const { out } = await runTask("evaluate", "--help");
  const words = out.replaceAll(/\s+/g, " ");
  assert.match(words, /--train-share X share of the prompts to learn from\. Default: 0\.7 --seed N .*?\. Default: 1 /);
  assert.ok(words.includes(`Default: ${ROUTER_FAMILIES.join(",")}`));
  for (const format of TABLE_FORMATS) assert.ok(words.includes(format), format);
});
