import assert from "node:assert/strict";
import { AUDIT } from "../../lib/commands/audit_command.ts";
import type { Command } from "../../lib/commands/command.ts";
import { readOptions } from "../../lib/commands/command_options.ts";
import { flagsOf } from "../../lib/commands/confine.ts";
import { DATA } from "../../lib/commands/data_command.ts";
import { EVALUATE } from "../../lib/commands/evaluate_command.ts";
import { REPRODUCE } from "../../lib/commands/reproduce_command.ts";
import { inFolder } from "../files/_files.ts";
import { filesBelow, madeTable, ROOT, runTask } from "./_run_task.ts";

const FOLDERS = { root: "/project", raw: "/project/raw", weights: "/project/raw/weights", cache: "/project/cache" };

function flags(command: Command, ...args: string[]): string[] {
  return flagsOf(command.access!(readOptions(args, command), FOLDERS));
}

Deno.test("commands get access to the files and hosts that their options name, and to no others", () => {
  assert.deepEqual(flags(AUDIT, "a.csv"), ["--allow-read=a.csv"]);
  assert.deepEqual(flags(AUDIT, "a.csv", "--prices", "p.json", "--out", "o"), [
    "--allow-read=a.csv,p.json,o",
    "--allow-write=o",
  ]);
  // Without an output folder the cache holds, for as long as it runs, the numbers of a file that memory would not.
  assert.deepEqual(flags(EVALUATE, "a.csv", "--json"), [
    "--allow-read=a.csv,/project/lib,/project/raw/weights,/project/cache",
    "--allow-write=/project/cache",
  ]);
  assert.deepEqual(flags(EVALUATE, "log", "--logged", "--json"), [
    "--allow-read=log,/project/lib,/project/raw/weights",
  ]);
  assert.deepEqual(flags(REPRODUCE, "--data", "a.pkl")[1], "--allow-write=/project/raw/weights,/project/cache,results");
  assert.deepEqual(flags(DATA), [
    "--allow-read=/project/raw",
    "--allow-write=/project/raw",
    "--allow-net=huggingface.co,*.huggingface.co,*.hf.co",
  ]);
  assert.deepEqual(flags(DATA, "--from", "http://127.0.0.1:8000/x").at(-1), "--allow-net=127.0.0.1:8000");
  assert.deepEqual(flags(DATA, "--from", "copy.pkl"), [
    "--allow-read=/project/raw,copy.pkl",
    "--allow-write=/project/raw",
  ]);
  assert.deepEqual(flags(DATA, "--verify"), ["--allow-read=/project/raw"]);
});

/** What a process may do that has a command's set in deno.json and these flags. */
async function mayDo(command: string, given: readonly string[]): Promise<Record<string, string | null>> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", `-P=${command}`, ...given, "tests/commands/_probe.ts"],
    cwd: ROOT,
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("the flags and the sets of deno.json grant what they say", async () => {
  const named = flagsOf({ read: ["/tmp/x"], write: [], out: "/tmp/o" });
  const files = { "read /tmp/x": "granted", "read /etc": "prompt", "write /tmp/o": "granted", "write /tmp": "prompt" };
  const nothing = { net: "prompt", hub: "prompt", run: "prompt", ffi: "prompt", sys: "prompt", home: null };
  assert.deepEqual(await mayDo("audit", named), { ...files, ...nothing });
  assert.deepEqual(await mayDo("evaluate", named), { ...files, ...nothing, ffi: "granted" });
  assert.deepEqual(await mayDo("data", named), { ...files, ...nothing });
  assert.deepEqual(await mayDo("data", flags(DATA)), {
    ...{ ...files, ...nothing, "read /tmp/x": "prompt", "write /tmp/o": "prompt", hub: "granted" },
  });
  assert.deepEqual(await mayDo("reproduce", named), { ...files, ...nothing, ffi: "granted", hub: "granted" });
});

Deno.test("a file is granted by its real path too where a link leads to it", () =>
  inFolder(async (folder) => {
    const real = await Deno.realPath(folder);
    await Deno.mkdir(`${real}/there`);
    await Deno.writeTextFile(`${real}/there/mine.jsonl`, madeTable(300));
    await Deno.symlink(`${real}/there`, `${real}/linked`);
    await Deno.symlink(`${real}/there/mine.jsonl`, `${real}/link.jsonl`);
    assert.deepEqual(flagsOf({ read: [`${real}/link.jsonl`], write: [`${real}/linked/new/out`] }), [
      `--allow-read=${real}/link.jsonl,${real}/there/mine.jsonl,${real}/linked/new/out,${real}/there/new/out`,
      `--allow-write=${real}/linked/new/out,${real}/there/new/out`,
    ]);
    const linkedFile = await runTask("audit", `${real}/link.jsonl`, "--out", `${real}/linked/new/out`);
    assert.equal(linkedFile.code, 0, linkedFile.err);
    const linkedFolder = await runTask("audit", `${real}/linked/mine.jsonl`);
    assert.equal(linkedFolder.code, 0, linkedFolder.err);
    assert.deepEqual(await filesBelow(`${real}/there/new/out`), ["audit.html", "audit.json"]);
  }));

Deno.test("a path with a comma is refused, and never stands for the folder above it", () => {
  for (const path of ["some/a,b.csv", "/etc/a,/b.csv"]) {
    assert.throws(() => flagsOf({ read: [path], write: [] }), {
      name: "TypeError",
      message: /^Cannot use ".*" as a permission cannot name a path with a comma; rename/,
    });
    assert.throws(() => flagsOf({ read: [], write: [], out: path }), TypeError);
  }
});

Deno.test("a folder that cannot be written is found before the file is read", async () => {
  // Nobody may make a folder in /proc, not even the administrator.
  const { code, err } = await runTask("evaluate", "nowhere.csv", "--out", "/proc/out");
  assert.equal(code, 1);
  assert.match(err, /^Cannot write to "\/proc\/out" as the folder must be writable: .*; choose another with --out\n$/);
});
