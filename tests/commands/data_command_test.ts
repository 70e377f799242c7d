import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readOptions } from "../../lib/commands/command_options.ts";
import { RELEASED_FILES, type ReleasedFile } from "../../lib/files/released/released_files.ts";
import { DATA, runData } from "../../lib/commands/data_command.ts";
import { inFolder } from "../files/_files.ts";
import { runTask } from "./_run_task.ts";

const CONTENT = new TextEncoder().encode("stands in for a released file ".repeat(1000));
const FILES: readonly ReleasedFile[] = [{
  ...RELEASED_FILES[0],
  bytes: CONTENT.length,
  mostBytes: CONTENT.length,
  sha256: createHash("sha256").update(CONTENT).digest("hex"),
}];

/** Runs the command on made-up files; returns what it said. */
async function data(folder: string, ...args: string[]): Promise<string> {
  return await dataOf(FILES, folder, ...args);
}

async function dataOf(files: readonly ReleasedFile[], folder: string, ...args: string[]): Promise<string> {
  const said: string[] = [];
  await runData(readOptions(args, DATA), folder, (text) => said.push(text), files);
  return said.join("\n");
}

Deno.test("data asks the hub for a SHA-256 that it alone knows, and fetches no file that is there and right", () =>
  inFolder(async (folder) => {
    const asked: string[] = [];
    const headers = { "x-linked-etag": `"${FILES[0].sha256}"` };
    await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, ({ method }) => {
      asked.push(method);
      return method === "HEAD" ? new Response(null, { status: 302, headers }) : new Response(CONTENT);
    });
    const files = [{ ...FILES[0], sha256: null, bytes: null, url: `http://127.0.0.1:${server.addr.port}/x` }];
    assert.match(await dataOf(files, folder), /^Fetched .*: 30,000 bytes/);
    assert.match(await dataOf(files, folder), /is there already, whole and right/);
    await Deno.writeFile(`${folder}/routerbench_0shot.pkl`, CONTENT.subarray(1));
    assert.match(await dataOf(files, folder), /^Fetched .*: 30,000 bytes/);
    assert.deepEqual(asked, ["HEAD", "GET", "HEAD", "HEAD", "GET"]);
  }));

Deno.test("data fetches from another server, then finds the file there and right", () =>
  inFolder(async (folder) => {
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      () => new Response(CONTENT),
    );
    const url = `http://127.0.0.1:${server.addr.port}/x`;
    assert.match(
      await data(`${folder}/raw`, "--from", url),
      /^Fetched .*routerbench_0shot\.pkl: 30,000 bytes, SHA-256 [0-9a-f]{64}\.$/,
    );
    assert.deepEqual(await Deno.readFile(`${folder}/raw/routerbench_0shot.pkl`), CONTENT);
    assert.match(
      await data(`${folder}/raw`, "--from", "http://127.0.0.1:1/nothing-listens"),
      /is there already, whole and right/,
    );
    assert.equal(await data(`${folder}/raw`, "--verify"), "routerbench_0shot.pkl: whole and right");
    await Deno.writeFile(`${folder}/raw/routerbench_0shot.pkl`, CONTENT.map((byte, i) => i === 7 ? byte ^ 1 : byte));
    await assert.rejects(
      data(`${folder}/raw`, "--verify"),
      /^Error: Cannot trust ".*routerbench_0shot\.pkl" as each must be the released file/,
    );
    assert.match(
      await data(`${folder}/raw`, "--from", url),
      /is not the released file: it is fetched again\.\nFetched /,
    );
  }));

Deno.test("data takes a copy on this machine, if it is the released file", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/copy.pkl`, CONTENT);
    assert.match(
      await data(`${folder}/raw`, "--from", `${folder}/copy.pkl`),
      /^Took copy\.pkl as .*raw\/routerbench_0shot\.pkl/,
    );
    await Deno.remove(`${folder}/raw/routerbench_0shot.pkl`);
    await Deno.writeFile(`${folder}/copy.pkl`, CONTENT.map((byte) => byte ^ 1));
    await assert.rejects(
      data(`${folder}/raw`, "--from", `${folder}/copy.pkl`),
      /the SHA-256 of routerbench_0shot\.pkl must be [0-9a-f]{64}: it is [0-9a-f]{64}; get the released file/,
    );
    await assert.rejects(data(`${folder}/raw`, "--from", `${folder}/no.pkl`), /there is no such file; check the path/);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(`${folder}/raw`)), []);
    assert.equal(
      await data(`${folder}/raw`, "--verify"),
      "routerbench_0shot.pkl: not there (deno task data routerbench-0shot)",
    );
  }));

Deno.test("the task refuses unknown names", async () => {
  const { code, err } = await runTask("data", "routerbench-1shot");
  assert.equal(code, 1);
  assert.match(
    err,
    /^Cannot fetch outcomes as they must be one of routerbench-0shot, .*: "routerbench-1shot" is not; did you mean "routerbench-0shot"\?\n$/,
  );
});

Deno.test("data tells how to put a file there by hand where the server does not have it, and leaves nothing", () =>
  inFolder(async (folder) => {
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      () => new Response(null, { status: 404 }),
    );
    await assert.rejects(
      dataOf(RELEASED_FILES, folder, "routerbench-5shot", "--from", `http://127.0.0.1:${server.addr.port}/x`),
      /the server answered 404.*; fetch it by other means and put it to ".*routerbench_5shot\.pkl" by hand, or pass --from FILE$/,
    );
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));
