import assert from "node:assert/strict";
import { inFolder } from "../files/_files.ts";
import { filesBelow, madeTable, ROOT } from "../commands/_run_task.ts";

const N_FILES = 4000;

/** Starts a program of the project, sends it a signal when `isReady` says so, and waits for its end. */
async function interrupted(
  args: readonly string[],
  { isReady, signal = "SIGINT" }: {
    readonly isReady: (said: string) => Promise<boolean>;
    readonly signal?: Deno.Signal;
  },
): Promise<{ readonly code: number; readonly out: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", ...args],
    cwd: ROOT,
    stdout: "piped",
    stderr: "null",
    env: { NO_COLOR: "1" },
  }).spawn();
  let out = "";
  let isOver = false;
  const reading = (async (): Promise<void> => {
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) out += part;
    isOver = true;
  })();
  while (!isOver && !await isReady(out)) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(!isOver, `the program ends before it is stopped: ${out}`);
  child.kill(signal);
  const { code } = await child.status;
  await reading;
  return { code, out };
}

function isThere(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`writeFolder() writes all files or none where ${signal} comes meanwhile, and the program then ends with ${exitCode}`, () =>
    inFolder(async (folder) => {
      const { code, out } = await interrupted(["-A", "tests/commands/_write_many.ts", folder, String(N_FILES)], {
        isReady: () => isThere(`${folder}/tables/0.csv`),
        signal,
      });
      assert.deepEqual([code, out], [exitCode, ""], "nothing is done after the files");
      const names = await filesBelow(folder);
      assert.equal(names.length, N_FILES);
      assert.ok(names.every((name) => name.endsWith(".csv")), "no unfinished file is left");
      assert.equal(await Deno.readTextFile(`${folder}/tables/${N_FILES - 1}.csv`), `number\n${N_FILES - 1}\n`);
    }));
}

Deno.test("reproduce leaves nothing where it is stopped while it computes", () =>
  inFolder(async (folder) => {
    const args = [
      "-P=launch",
      "lib/cli.ts",
      "reproduce",
      "--encoder",
      "lexical",
      "--evals",
      "mbpp",
      "--out",
      `${folder}/out`,
    ];
    const { code } = await interrupted(args, { isReady: (said) => Promise.resolve(said.startsWith("Outcomes:")) });
    assert.equal(code, 130);
    assert.deepEqual(await filesBelow(folder), []);
  }));

Deno.test("evaluate, which its launcher starts, leaves no results where it is stopped while it computes", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine.jsonl`, madeTable(480));
    const args = [
      "-P=launch",
      "lib/cli.ts",
      "evaluate",
      `${folder}/mine.jsonl`,
      "--encoder",
      "lexical",
      "--out",
      `${folder}/out`,
    ];
    const { code } = await interrupted(args, { isReady: (said) => Promise.resolve(said.startsWith("Outcomes:")) });
    assert.equal(code, 130);
    // Vectors that were whole are kept for the next run.
    assert.deepEqual((await filesBelow(folder)).filter((name) => !name.startsWith("out/cache/")), ["mine.jsonl"]);
    assert.deepEqual((await filesBelow(folder)).filter((name) => name.endsWith(".unfinished")), []);
  }));
