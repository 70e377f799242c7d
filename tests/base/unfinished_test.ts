import assert from "node:assert/strict";
import { claimFolder } from "../../lib/base/claim_folder.ts";
import { clearUnfinished, inUnfinishedFolder } from "../../lib/base/unfinished.ts";
import { writeFolder } from "../../lib/base/write_folder.ts";
import { filesBelow, ROOT } from "../commands/_run_task.ts";
import { inFolder } from "../files/_files.ts";

/** Starts a process that begins to write and never ends; resolves when it has begun. */
async function begun(what: "file" | "folder", target: string): Promise<Deno.ChildProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "tests/base/_write_slowly.ts", what, target],
    cwd: ROOT,
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  void reader.cancel();
  return child;
}

async function kill(child: Deno.ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await child.status;
}

Deno.test("what a killed run left unfinished is removed by the next, and what a process still writes is not", () =>
  inFolder(async (folder) => {
    const [dead, alive, deadFolder] = await Promise.all([
      begun("file", `${folder}/table.csv`),
      begun("file", `${folder}/table.csv`),
      begun("folder", `${folder}/weights`),
    ]);
    try {
      await Deno.writeTextFile(`${folder}/.mine.unfinished`, "a user's own file");
      assert.equal(await clearUnfinished(folder), 0, "all three are at work");
      await kill(dead);
      await kill(deadFolder);
      await writeFolder(folder, new Map([["table.csv", "whole"]]));
      const names = await filesBelow(folder);
      assert.equal(names.filter((name) => /^\.table\.csv\.[0-9a-f]{8}\.unfinished$/.test(name)).length, 1);
      assert.deepEqual(names.filter((name) => !name.startsWith(".table.csv.")), [".mine.unfinished", "table.csv"]);
    } finally {
      await kill(alive);
    }
    assert.equal(await clearUnfinished(folder), 1);
  }));

Deno.test("inUnfinishedFolder() removes its folder also where the work fails", () =>
  inFolder(async (folder) => {
    const failing = inUnfinishedFolder(`${folder}/a/target`, async (partial) => {
      await Deno.writeTextFile(`${partial}/file`, "text");
      throw new Error("no network");
    });
    await assert.rejects(failing, /^Error: no network$/);
    assert.deepEqual(await filesBelow(folder), []);
  }));

Deno.test("two runs cannot claim a folder at once, and a claim leaves nothing", () =>
  inFolder(async (folder) => {
    const out = `${folder}/new/results`;
    const first = await claimFolder(out);
    await assert.rejects(
      claimFolder(out),
      /^Error: Cannot write to ".*results" as one run at a time may: another run is/,
    );
    await claimFolder(out, { isShared: true }).then(({ release }) => release());
    first.release();
    const [names] = [await Array.fromAsync(Deno.readDir(folder))];
    assert.deepEqual(names, [], "the folders that were made are gone again");
    const second = await claimFolder(out);
    await Deno.writeTextFile(`${out}/table.csv`, "1");
    second.release();
    assert.deepEqual(await filesBelow(folder), ["new/results/table.csv"]);
  }));
