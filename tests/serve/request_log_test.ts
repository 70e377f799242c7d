import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { RequestLog } from "../../lib/serve/request_log.ts";
import { inFolder } from "../files/_files.ts";

interface Line {
  readonly i: number;
  readonly time?: number;
}

async function linesOf(folder: string): Promise<Line[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(`${folder}/${name}`)));
  return texts.join("").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Runs a program that writes a log into a folder. */
function writer(program: string, folder: string, limit = ""): Deno.Command {
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  const lib = new URL("../../lib/serve/request_log.ts", import.meta.url).href;
  const source = `import { RequestLog } from "${lib}";
    const log = await RequestLog.open({ folder: ${JSON.stringify(folder)}, everyMilliseconds: 50 });
    ${program}`;
  const run = `${limit} exec "$0" run -q --no-prompt --allow-read --allow-write --config "$1" "$2"`;
  const file = `${folder}.ts`;
  Deno.writeTextFileSync(file, source);
  return new Deno.Command("sh", { args: ["-c", run, Deno.execPath(), config, file], stdout: "piped", stderr: "piped" });
}

Deno.test("RequestLog begins a new file where one is full, and each line stands once and in order", () =>
  inFolder(async (folder) => {
    const log = await RequestLog.open({ folder, fileBytes: 50, everyMilliseconds: 60_000 });
    for (const i of numbers(0, 30)) {
      log.write({ i });
      // Names hold the millisecond at which a file was begun.
      if (i % 3 === 2) await log.flush().then(() => new Promise((resolve) => setTimeout(resolve, 2)));
    }
    await log.close();
    assert.ok(log.files.length >= 5, String(log.files.length));
    assert.deepEqual((await linesOf(folder)).map(({ i }) => i), numbers(0, 30));
    for (const file of log.files) assert.ok((await Deno.stat(file)).size <= 50 + 3 * 10);
  }));

Deno.test("RequestLog keeps lines while the folder takes nothing, says so once, and counts what memory cannot hold", () =>
  inFolder(async (above) => {
    const folder = `${above}/log`;
    const errors: unknown[] = [];
    const log = await RequestLog.open({ folder, everyMilliseconds: 60_000, onError: (error) => errors.push(error) });
    await Deno.remove(folder);
    for (const i of numbers(0, 100_003)) log.write({ i });
    await log.flush();
    await log.flush();
    assert.equal(errors.length, 1);
    assert.deepEqual(log.counts, { written: 0, waiting: 100_000, lost: 3 });
    await Deno.mkdir(folder);
    await log.close();
    assert.deepEqual(log.counts, { written: 100_000, waiting: 0, lost: 3 });
    assert.equal((await linesOf(folder)).length, 100_000);
  }));

Deno.test({
  name: "RequestLog on a full disk takes back half a batch and writes it whole elsewhere: no line twice, none in half",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (above) => {
      const folder = `${above}/log`;
      // A file may have 8 blocks of 512 bytes or 1 KiB; a write beyond them fails like one on a full disk.
      const program = `for (let i = 0; i < 300; i++) {
          log.write({ i, text: "x".repeat(50) });
          if (i % 20 === 19) { await log.flush(); await new Promise((resolve) => setTimeout(resolve, 2)); }
        }
        for (let again = 0; again < 20; again++) { await log.flush(); await new Promise((resolve) => setTimeout(resolve, 2)); }
        await log.close();
        console.log(JSON.stringify(log.counts), log.files.length);`;
      const { code, stdout, stderr } = await writer(program, folder, "trap '' XFSZ; ulimit -f 8;").output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      const [counts, nFiles] = new TextDecoder().decode(stdout).trim().split(" ");
      assert.equal(counts, '{"written":300,"waiting":0,"lost":0}');
      assert.ok(Number(nFiles) > 1, "the limit was reached");
      assert.deepEqual((await linesOf(folder)).map(({ i }) => i), numbers(0, 300));
    }),
});

Deno.test({
  name: "RequestLog under kill -9 loses the lines since the last batch and no others",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (above) => {
      const folder = `${above}/log`;
      const program = `for (let i = 0;; i++) {
          log.write({ i, time: Date.now() });
          await new Promise((resolve) => setTimeout(resolve, 1));
        }`;
      const child = writer(program, folder).spawn();
      const isBegun = async (): Promise<boolean> => {
        return await Array.fromAsync(Deno.readDir(folder)).then(({ length }) => length > 0, () => false);
      };
      for (let i = 0; i < 400 && !await isBegun(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill("SIGKILL");
      const killed = Date.now();
      await child.status;
      await child.stdout.cancel();
      await child.stderr.cancel();
      const lines = await linesOf(folder);
      assert.deepEqual(lines.map(({ i }) => i), numbers(0, lines.length), "from the first one without a gap");
      // A batch every 50 ms; the rest is what a busy machine may take to write it.
      assert.ok(killed - lines.at(-1)!.time! < 1500, `${killed - lines.at(-1)!.time!} ms`);
    }),
});
