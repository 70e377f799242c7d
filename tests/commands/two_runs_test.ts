import assert from "node:assert/strict";
import { claimFolder } from "../../lib/base/claim_folder.ts";
import { inFolder } from "../files/_files.ts";
import { filesBelow, madeTable, ROOT, runTask } from "./_run_task.ts";

Deno.test("a run is told where another has its folder, and writes there afterwards", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine.jsonl`, madeTable(300));
    const args = ["audit", `${folder}/mine.jsonl`, "--out", `${folder}/out`];
    const { release } = await claimFolder(`${folder}/out`);
    const { code, out, err } = await runTask(...args);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /^Cannot write to ".*out" as one run at a time may: another run is about to write .*\n$/);
    assert.deepEqual(await filesBelow(folder), ["mine.jsonl"]);
    release();
    assert.equal((await runTask(...args)).code, 0);
    assert.deepEqual(await filesBelow(`${folder}/out`), ["audit.html", "audit.json"]);
  }));

Deno.test("after a run that is killed while it writes, the next one leaves whole files only", () =>
  inFolder(async (folder) => {
    const write = ["run", "-q", "-A", "tests/commands/_write_many.ts", folder, "3000"];
    const killed = new Deno.Command(Deno.execPath(), { args: write, cwd: ROOT, stdout: "null" }).spawn();

    while (!await Deno.stat(`${folder}/tables/0.csv`).then(() => true, () => false)) {
      await new Promise((go) => setTimeout(go, 1));
    }
    killed.kill("SIGKILL");
    await killed.status;
    const next = await new Deno.Command(Deno.execPath(), { args: write, cwd: ROOT, stdout: "null" }).output();
    assert.equal(next.code, 0);
    const names = await filesBelow(folder);
    assert.equal(names.length, 3000);
    assert.ok(names.every((name) => name.endsWith(".csv")));
  }));
