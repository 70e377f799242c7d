// What a command does where the machine refuses: one line, an exit code, nothing lost.
import assert from "node:assert/strict";
import { writeFolder } from "../../lib/base/write_folder.ts";
import { inFolder } from "../files/_files.ts";
import { filesBelow, madeTable, ROOT } from "./_run_task.ts";

/** Runs a shell line in which $RUN starts the program. */
async function shell(
  line: string,
  env: Record<string, string> = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const run = `"${Deno.execPath()}" run -q --no-prompt -P=launch lib/cli.ts`;
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", `set -o pipefail; ${line.replaceAll("$RUN", run)}`],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
  }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

/** A table with nothing that the audit warns of. */
async function inFolderWithTable(body: (folder: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine.jsonl`, madeTable(300));
    await body(folder);
  });
}

Deno.test(
  "a full disk behind standard output is said in one line",
  { ignore: Deno.build.os !== "linux" },
  () =>
    inFolderWithTable(async (folder) => {
      const { code, err } = await shell(`$RUN audit ${folder}/mine.jsonl > /dev/full`);
      assert.equal(code, 1);
      assert.match(err, /^Cannot print as standard output must be writable: .*; send it elsewhere\n$/);
    }),
);

Deno.test("a reader that ends early does not stop a command, which still writes its files", () =>
  inFolderWithTable(async (folder) => {
    const { code, out, err } = await shell(`$RUN audit ${folder}/mine.jsonl --out ${folder}/out | head -1`);
    assert.deepEqual([code, err, out.split("\n").length], [0, "", 2]);
    assert.deepEqual(await filesBelow(`${folder}/out`), ["audit.html", "audit.json"]);
  }));

Deno.test("a command runs without HOME, locale, terminal and input", () =>
  inFolderWithTable(async (folder) => {
    const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
    const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout));
    const { code, out, err } = await shell(
      `env -i PATH="$PATH" LC_ALL=C DENO_DIR="${denoDir}" NO_COLOR=1 $RUN audit ${folder}/mine.jsonl --json < /dev/null`,
    );
    assert.deepEqual([code, err], [0, ""]);
    assert.doesNotThrow(() => JSON.parse(out));
  }));

Deno.test("a first run without network says what it needs in one line", () =>
  inFolderWithTable(async (folder) => {
    const { code, out, err } = await shell(`$RUN audit ${folder}/mine.jsonl`, {
      DENO_DIR: `${folder}/deno`,
      NPM_CONFIG_REGISTRY: "http://127.0.0.1:9/",
    });
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /^Cannot load the command "audit" as its packages must be there or be fetched: .*; connect to /m);
    assert.ok(!/^ +at /m.test(err), err);
  }));

/** Mounting a small disk needs rights that a machine may not give. */
function mayMount(): boolean {
  if (Deno.build.os !== "linux") return false;
  const folder = Deno.makeTempDirSync();
  try {
    return mountSmallDisk(folder) && new Deno.Command("umount", { args: [folder] }).outputSync().success;
  } finally {
    Deno.removeSync(folder);
  }
}

function mountSmallDisk(folder: string): boolean {
  return new Deno.Command("mount", { args: ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder] }).outputSync().success;
}

Deno.test(
  "a disk that fills up leaves what stood in the folder, and no half file",
  { ignore: !mayMount() },
  () =>
    inFolder(async (folder) => {
      const mounted = await new Deno.Command("mount", { args: ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder] })
        .output();
      assert.ok(mounted.success, new TextDecoder().decode(mounted.stderr));
      try {
        const out = `${folder}/out`;
        await writeFolder(out, new Map([["a.csv", "old a"], ["tables/b.csv", "old b"]]));
        const tooLarge = new Map<string, string | Uint8Array>([["a.csv", "new a"], [
          "tables/b.csv",
          new Uint8Array(300_000),
        ]]);
        await assert.rejects(writeFolder(out, tooLarge), {
          name: "Error",
          message: /^Cannot write to ".*out" as it must take all files of the run: .*; make room, or choose another /,
        });
        assert.deepEqual(await filesBelow(out), ["a.csv", "tables/b.csv"]);
        assert.deepEqual([Deno.readTextFileSync(`${out}/a.csv`), Deno.readTextFileSync(`${out}/tables/b.csv`)], [
          "old a",
          "old b",
        ]);
      } finally {
        await new Deno.Command("umount", { args: [folder] }).output();
      }
    }),
);
