import assert from "node:assert/strict";
import { readOptions } from "../../lib/commands/command_options.ts";
import { SERVE } from "../../lib/commands/serve_command.ts";
import { inFolder } from "../files/_files.ts";
import { completion, startUpstream, until } from "../serve/_live.ts";
import { savedRouter } from "../serve/_saved.ts";
import { ROOT, runTask } from "./_run_task.ts";

/** A server as a user starts it. */
interface Served {
  readonly url: string;
  readonly child: Deno.ChildProcess;
  /** What it has said so far. */
  readonly said: () => string;
  readonly end: () => Promise<{ readonly code: number; readonly said: string }>;
}

async function serve(...args: string[]): Promise<Served> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-P=launch", "lib/cli.ts", "serve", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", TEST_SERVE_KEY: "upstream-secret" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let said = "";
  const reading = Promise.all([child.stdout, child.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)) {
      said += text;
    }
  }));
  for (let i = 0; i < 600 && !said.includes("Clients need"); i++) await new Promise((done) => setTimeout(done, 50));
  const url = /on (http:\S+)\/v1/.exec(said)?.[1];
  assert.ok(url !== undefined, said);
  const end = async (): Promise<{ readonly code: number; readonly said: string }> => {
    child.kill("SIGTERM");
    const { code } = await child.status;
    await reading;
    return { code, said };
  };
  return { url, child, said: () => said, end };
}

function configText(url: string, more: Record<string, unknown> = {}): string {
  const fields = {
    base_url: url,
    key_env: "TEST_SERVE_KEY",
    price_usd_per_million_tokens: { prompt: 1, completion: 2 },
  };
  const models = Object.fromEntries(["small", "middle", "large"].map((name) => [name, { ...fields, ...more }]));
  return JSON.stringify({ models });
}

function ask(url: string, model = "router"): Promise<Response> {
  const body = { model, messages: [{ role: "user", content: "Question 1 proves a lemma deeply" }] };
  return fetch(`${url}/v1/chat/completions`, { method: "POST", body: JSON.stringify(body) });
}

async function linesOf(folder: string): Promise<Record<string, unknown>[]> {
  const files = await Array.fromAsync(Deno.readDir(folder));
  const texts = await Promise.all(files.map(({ name }) => Deno.readTextFile(`${folder}/${name}`)));
  return texts.join("").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

Deno.test("serve as a user starts it: answers, SIGHUP, a bad configuration, and SIGTERM under load", () =>
  inFolder(async (folder) => {
    const { routerFile } = await savedRouter(folder);
    const upstream = startUpstream(async ({ body }) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return completion("Hi", { model: body.model });
    });
    const config = `${folder}/models.json`;
    await Deno.writeTextFile(config, configText(upstream.url));
    const args = [routerFile, "--config", config, "--port", "0", "--log", `${folder}/log`];
    const { url, child, said, end } = await serve(
      ...[...args, "--shadow", routerFile, "--share", "50%", "--default-model", "large", "--seed", "3"],
    );
    const first = await ask(url);
    assert.equal(first.status, 200);
    await first.body?.cancel();
    assert.equal(upstream.asked[0].headers.get("authorization"), "Bearer upstream-secret");

    await Deno.writeTextFile(config, configText(upstream.url, { upstream_model: "renamed" }));
    child.kill("SIGHUP");
    await until(() => said().includes("anew: requests"));
    await (await ask(url)).body?.cancel();
    assert.equal(upstream.asked[1].body.model, "renamed");
    const bad: [string, RegExp][] = [
      ["{", /must be JSON.*The old configuration stays/],
      [configText("http://127.0.0.2:1/v1"), /it also names 127\.0\.0\.2:1; start the server again\. The old/],
      [configText(upstream.url, { key_env: "OTHER_KEY" }), /it also names OTHER_KEY; start the server again/],
      ['{"models":{"small":{"base_url":"http://a/v1"}}}', /must be an object: it is missing.*The old/],
    ];
    for (const [text, message] of bad) {
      const before = said().length;
      await Deno.writeTextFile(config, text);
      child.kill("SIGHUP");
      await until(() => said().slice(before).includes("stays"));
      assert.match(said().slice(before), message);
      assert.equal(said().slice(before).trimEnd().split("\n").length, 1, "one line");
    }
    await (await ask(url)).body?.cancel();
    assert.equal(upstream.asked[2].body.model, "renamed", "the old configuration stays");

    const inFlight = Array.from({ length: 20 }, () => ask(url));
    await until(() => upstream.asked.length === 23);
    const { code, said: all } = await end();
    const answers = await Promise.all(inFlight);
    assert.deepEqual(answers.map(({ status }) => status), Array(20).fill(200));
    await Promise.all(answers.map((answer) => answer.json()));
    assert.equal(code, 0, all);
    assert.match(all, /Ended; 23 lines were logged, 0 lost/);
    assert.doesNotMatch(all, /secret/);
    const lines = await linesOf(`${folder}/log`);
    assert.equal(lines.length, 23);
    for (const line of lines) {
      assert.equal((line.shadow as { chosen: string }).chosen, line.preferred, "the shadow is the same router");
      assert.equal(line.chosen, line.arm === "router" ? line.preferred : "large");
    }
    assert.deepEqual(new Set(lines.map(({ arm }) => arm)), new Set(["router", "default"]));
    await upstream.stop();
  }));

Deno.test("serve says what is wrong before it listens", () =>
  inFolder(async (folder) => {
    const { routerFile } = await savedRouter(folder);
    const config = `${folder}/models.json`;
    const nowhere = { root: "", raw: "", weights: "", cache: "" };
    const refused = (...args: string[]): Promise<string> =>
      Promise.resolve()
        .then(() => SERVE.run(readOptions([routerFile, "--config", config, ...args], SERVE), nowhere, () => {}))
        .then(() => "nothing", ({ message }) => message);
    await Deno.writeTextFile(
      config,
      configText("http://127.0.0.1:1/v1", { key_env: null }).replace('"middle"', '"medium"'),
    );
    assert.match(
      await refused(),
      /the router chooses "?middle"?, which the file lacks; the file has "?medium"?, which/,
    );
    await Deno.writeTextFile(config, configText("http://127.0.0.1:1/v1"));
    assert.match(await refused(), /the key of "small" must be in the environment: TEST_SERVE_KEY is not set/);
    assert.match(await refused("--host", "0.0.0.0"), /clients must bring a key where others can reach the server/);
    assert.match(await refused("--share", "10%"), /--share and --default-model belong together/);
    assert.match(await refused("--share", "110%", "--default-model", "large"), /--share must be between 0 and 1/);
    assert.match(await refused("--setting", "99"), /its setting must be among recommended, 80: it is "99"/);
    assert.match(await refused("--log-prompts", "some"), /must be text or hash or none: it is "some"/);
    await Deno.writeTextFile(config, '{"models": {}, "modls": 1}');
    assert.match(await refused(), /"modls" is not|modls/);
  }));

Deno.test("serve --example prints a configuration that it reads", async () => {
  const { code, out, err } = await runTask("serve", "--example");
  assert.equal(code, 0, err);
  assert.deepEqual(Object.keys(JSON.parse(out).models), ["small", "large"]);
});
