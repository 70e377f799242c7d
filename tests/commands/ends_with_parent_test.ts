import assert from "node:assert/strict";
import { inFolder } from "../files/_files.ts";
import { filesBelow, madeTable, ROOT } from "./_run_task.ts";

/** Processes whose parent is this one. */
async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid=,ppid="] }).output();
  const rows = new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  return rows.filter(([, parent]) => parent === pid).map(([child]) => child);
}

async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)] }).output();
  const state = new TextDecoder().decode(stdout).trim();
  return state !== "" && !state.startsWith("Z");
}

async function waitUntil(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!await holds()) {
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Started {
  readonly task: Deno.ChildProcess;
  /** All processes of the task but the first, the command itself last. */
  readonly below: readonly number[];
}

/** Starts `evaluate` and waits until the command itself computes. */
async function started(args: readonly string[], nBelow: number): Promise<Started> {
  const task = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    stdout: "piped",
    stderr: "null",
    env: { NO_COLOR: "1" },
  }).spawn();
  const reader = task.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  assert.match(value ?? "", /^Outcomes: /);
  void reader.cancel();
  const below: number[] = [];
  for (let pid = task.pid; below.length < nBelow;) {
    [pid] = await childrenOf(pid);
    below.push(pid);
  }
  return { task, below };
}

function evaluateArgs(folder: string): string[] {
  return ["evaluate", `${folder}/mine.jsonl`, "--encoder", "lexical", "--out", `${folder}/out`];
}

/** Files of the run; vectors that were whole are kept for the next one. */
async function resultsIn(folder: string): Promise<string[]> {
  return (await filesBelow(folder)).filter((name) => !name.startsWith("out/cache/"));
}

Deno.test("a launcher that is killed takes its command with it, which writes no results", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine.jsonl`, madeTable(2000));
    const { task, below: [command] } = await started(
      ["run", "-q", "--no-prompt", "-P=launch", "lib/cli.ts", ...evaluateArgs(folder)],
      1,
    );
    task.kill("SIGKILL");
    await task.status;
    await waitUntil("the command ends", async () => !await isRunning(command));
    assert.deepEqual(await resultsIn(folder), ["mine.jsonl"]);
  }));

Deno.test("a task that is killed takes its launcher and its command with it, which write no results", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine.jsonl`, madeTable(2000));
    const { task, below } = await started(["task", "-q", ...evaluateArgs(folder)], 2);
    task.kill("SIGKILL");
    await task.status;
    for (const pid of below) await waitUntil(`process ${pid} ends`, async () => !await isRunning(pid));
    assert.deepEqual(await resultsIn(folder), ["mine.jsonl"]);
  }));

for (const [signal, exitCode] of [["SIGHUP", 129], ["SIGTERM", 143], ["SIGINT", 130]] as const) {
  Deno.test(`a launcher forwards ${signal} to its command and ends with ${exitCode}`, () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/mine.jsonl`, madeTable(2000));
      const { task, below: [command] } = await started(
        ["run", "-q", "--no-prompt", "-P=launch", "lib/cli.ts", ...evaluateArgs(folder)],
        1,
      );
      task.kill(signal);
      assert.equal((await task.status).code, exitCode);
      assert.ok(!await isRunning(command), "the command has ended");
      assert.deepEqual(await resultsIn(folder), ["mine.jsonl"]);
    }));
}
