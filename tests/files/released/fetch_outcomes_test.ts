import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { CommandResult } from "../../../lib/base/python_index.ts";
import { fetchOutcomes } from "../../../lib/files/released/fetch_outcomes.ts";
import { inFolder } from "../_files.ts";

const RAW = fileURLToPath(new URL("../../../data/raw", import.meta.url));

Deno.test("fetchOutcomes() knows what can be had", async () => {
  await assert.rejects(
    fetchOutcomes("paretobandits", "nowhere"),
    /^TypeError: Cannot fetch outcomes as they must be one of "paretobandit": "paretobandits" is not; did you mean "paretobandit"\?$/,
  );
});

Deno.test("fetchOutcomes() asks pip where the files are not there, and says how to go on without it", () =>
  inFolder(async (folder) => {
    const asked: string[] = [];
    const run = (command: string, args: readonly string[]): Promise<CommandResult> => {
      asked.push([command, ...args].join(" "));
      return Promise.resolve({ code: 1, stderr: "no network" });
    };
    await assert.rejects(
      fetchOutcomes("paretobandit", folder, { run }),
      /^Error: Cannot fetch paretobandit as its wheel must come whole and unchanged: .*no network/,
    );
    assert.match(asked[0], /^python3 .*pip .*download.* paretobandit==0\.1\.1/);
    assert.deepEqual([...Deno.readDirSync(folder)].filter(({ name }) => name === "paretobandit"), []);
  }));

Deno.test("fetchOutcomes() reads what is there, without pip", async (t) => {
  const isThere = await Deno.stat(`${RAW}/paretobandit`).then(() => true, () => false);
  await t.step({
    name: "the published outcomes, with their citation (skipped where deno task data paretobandit was not run)",
    ignore: !isThere,
    fn: async () => {
      const run = (): never => assert.fail("pip is not asked");
      const { models, promptIds, source } = await fetchOutcomes("paretobandit", RAW, { run });
      assert.deepEqual([models.length, promptIds.length], [3, 3609]);
      assert.match(source.notes.join("\n"), /Apache-2\.0: Annette Taberner-Miller/);
    },
  });
});
