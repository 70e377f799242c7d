import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { download, type DownloadOptions, hubSha256 } from "../../../lib/files/released/download.ts";
import { inFolder } from "../_files.ts";

const SIZE = 300_000;
const CONTENT = Uint8Array.from({ length: SIZE }, (_, i) => (i * 2654435761) >>> 24);
const OTHER = CONTENT.map((byte) => byte ^ 1);
const sha256 = createHash("sha256").update(CONTENT).digest("hex");
const OPTIONS: DownloadOptions = { sha256, bytes: SIZE, mostBytes: SIZE, waitSeconds: 0.001, stallSeconds: 0.2 };

/** An answer to the n-th request, n from 0. */
type Answer = (request: Request, n: number) => Response | Promise<Response>;

/** What a proper server answers: the whole, or the range asked for if the validator holds. */
function proper(request: Request, content = CONTENT, etag = '"v1"'): Response {
  const range = request.headers.get("range");
  const condition = request.headers.get("if-range");
  if (range === null || (condition !== null && condition !== etag)) return new Response(content, { headers: { etag } });
  const start = Number(range.match(/^bytes=(\d+)-$/)![1]);
  if (start >= content.length) {
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${content.length}` } });
  }
  return new Response(content.slice(start), {
    status: 206,
    headers: { etag, "content-range": `bytes ${start}-${content.length - 1}/${content.length}` },
  });
}

/** A body that brings the first bytes of a response and then breaks, hangs or goes on for ever. */
function body(first: Uint8Array, then: "breaks" | "hangs" | "never ends"): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    async pull(controller): Promise<void> {
      if (!sent) {
        controller.enqueue(first);
        sent = true;
        await new Promise((resolve) => setTimeout(resolve, 20));
      } else if (then === "breaks") controller.error(new Error("broken on purpose"));
      else if (then === "never ends") controller.enqueue(first);
      else await new Promise(() => {});
    },
  });
}

/** Runs a server that answers as told and gives the body its address, a path, and the ranges that were asked for. */
async function withServer(
  answer: Answer,
  run: (url: string, path: string, ranges: (string | null)[]) => Promise<void>,
): Promise<void> {
  const ranges: (string | null)[] = [];
  const stop = new AbortController();
  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen: () => {},
    onError: () => new Response(null, { status: 500 }),
    signal: stop.signal,
  }, (request) => {
    ranges.push(request.headers.get("range"));
    return answer(request, ranges.length - 1);
  });
  try {
    await inFolder((folder) => run(`http://127.0.0.1:${server.addr.port}/file.pkl`, `${folder}/raw/file.pkl`, ranges));
  } finally {
    stop.abort();
    await server.finished;
  }
}

const exists = (path: string): Promise<boolean> => Deno.stat(path).then(() => true, () => false);

async function assertWhole(path: string): Promise<void> {
  assert.deepEqual(await Deno.readFile(path), CONTENT);
  assert.deepEqual(
    (await Array.fromAsync(Deno.readDir(path.slice(0, path.lastIndexOf("/"))))).map(({ name }) => name),
    ["file.pkl"],
  );
}

Deno.test("download() fetches a file, tells progress, and leaves nothing beside it", () =>
  withServer((request) => proper(request), async (url, path, requests) => {
    const done: number[] = [];
    const result = await download(url, path, { ...OPTIONS, onProgress: (progress) => done.push(progress.done) });
    await assertWhole(path);
    assert.deepEqual([result, requests.length, done.at(-1)], [{ bytes: SIZE, resumedFrom: 0 }, 1, SIZE]);
  }));

/** Servers that fail at first; the download goes on, with the ranges asked for. */
const RECOVERS: [string, Answer, (string | null)[]][] = [
  [
    "truncates",
    (request, n) =>
      n === 0
        ? new Response(body(CONTENT.slice(0, 100_000), "breaks"), { headers: { etag: '"v1"' } })
        : proper(request),
    [null, "bytes=100000-"],
  ],
  [
    "ends early",
    (request, n) => n === 0 ? new Response(CONTENT.slice(0, 5000), { headers: { etag: '"v1"' } }) : proper(request),
    [
      null,
      "bytes=5000-",
    ],
  ],
  [
    "stalls",
    (request, n) =>
      n === 0 ? new Response(body(CONTENT.slice(0, 70_000), "hangs"), { headers: { etag: '"v1"' } }) : proper(request),
    [null, "bytes=70000-"],
  ],
  [
    "answers 500 and 503",
    (request, n) => n < 2 ? new Response(null, { status: n === 0 ? 500 : 503 }) : proper(request),
    [
      null,
      null,
      null,
    ],
  ],
  [
    "changes the content between two ranges, and says so",
    (request, n) =>
      n === 0 ? new Response(body(OTHER.slice(0, 100_000), "breaks"), { headers: { etag: '"v0"' } }) : proper(request),
    [null, "bytes=100000-"],
  ],
  [
    "changes the content between two ranges, without saying so",
    (request, n) =>
      n === 0 ? new Response(body(OTHER.slice(0, 100_000), "breaks"), { headers: { etag: '"v1"' } }) : proper(request),
    [null, "bytes=100000-", null],
  ],
  [
    "sends a part of another version",
    (request, n) =>
      n === 0
        ? new Response(body(CONTENT.slice(0, 9000), "breaks"), { headers: { etag: '"v1"' } })
        : n === 1
        ? new Response(OTHER.slice(9000), {
          status: 206,
          headers: { etag: '"v2"', "content-range": `bytes 9000-${SIZE - 1}/${SIZE}` },
        })
        : proper(request),
    [null, "bytes=9000-", null],
  ],
  [
    "sends another part than was asked for",
    (request, n) =>
      n === 0 ? new Response(body(CONTENT.slice(0, 9000), "breaks")) : n === 1
        ? new Response(CONTENT.slice(8000), {
          status: 206,
          headers: { "content-range": `bytes 8000-${SIZE - 1}/${SIZE}` },
        })
        : proper(request),
    [null, "bytes=9000-", null],
  ],
  [
    "knows no ranges",
    (_, n) => n === 0 ? new Response(body(CONTENT.slice(0, 9000), "breaks")) : new Response(CONTENT),
    [null, "bytes=9000-"],
  ],
  [
    "answers 416 to a good range",
    (request, n) =>
      n === 0
        ? new Response(body(CONTENT.slice(0, 9000), "breaks"))
        : n === 1
        ? new Response(null, { status: 416 })
        : proper(request),
    [null, "bytes=9000-", null],
  ],
];
for (const [name, answer, ranges] of RECOVERS) {
  Deno.test(`download() recovers where the server ${name}`, () =>
    withServer(answer, async (url, path, asked) => {
      await download(url, path, OPTIONS);
      await assertWhole(path);
      assert.deepEqual(asked, ranges);
    }));
}

/** Servers that never give the file: what is said, and how often they are asked. */
const REFUSES: [string, Answer, RegExp, number][] = [
  [
    "answers 403",
    () => new Response("no", { status: 403, statusText: "Forbidden" }),
    /the server answered 403 Forbidden; fetch it by other means and put it to ".*file\.pkl" by hand, or pass --from FILE$/,
    1,
  ],
  ["answers 404", () => new Response(null, { status: 404 }), /the server answered 404/, 1],
  [
    "answers 500 for ever",
    () => new Response(null, { status: 500 }),
    /the server answered 500 Internal Server Error, 4 times; what has come is kept and continued next time/,
    4,
  ],
  ["answers 416 for ever", () => new Response(null, { status: 416 }), /no such part of the file \(416\)/, 1],
  [
    "never ends its body",
    () => new Response(body(CONTENT, "never ends")),
    /more came than the 300000 bytes that the file may have/,
    1,
  ],
  ["sends another file", () => new Response(OTHER), /what came has another SHA-256 than /, 1],
  [
    "stalls from the start",
    () => new Response(body(new Uint8Array(0), "hangs")),
    /nothing came for 0\.2 s, 4 times/,
    4,
  ],
];
for (const [name, answer, message, nRequests] of REFUSES) {
  Deno.test(`download() gives up where the server ${name}, and leaves no file`, () =>
    withServer(answer, async (url, path, requests) => {
      await assert.rejects(download(url, path, OPTIONS), (error: Error) => {
        assert.match(error.message, /^Cannot fetch "http:[^\n]*$/);
        assert.match(error.message, message);
        return true;
      });
      assert.equal(await exists(path), false);
      assert.equal(requests.length, nRequests);
    }));
}

Deno.test("download() checks by SHA-256 alone where the size is not known, and takes at most what it may", () =>
  withServer((request) => proper(request), async (url, path) => {
    await download(url, path, { ...OPTIONS, bytes: null, mostBytes: SIZE + 7 });
    await assertWhole(path);
    await assert.rejects(
      download(url, `${path}2`, { ...OPTIONS, bytes: null, mostBytes: SIZE - 1 }),
      /more came than the 299999 bytes/,
    );
  }));

Deno.test("download() continues after kill -9, with the final name free until the file is whole", () => {
  let slow = true;
  const trickle = (request: Request): Response => {
    if (!slow) return proper(request);
    let at = 0;
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller): Promise<void> {
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (at >= SIZE) return controller.close();
        controller.enqueue(CONTENT.slice(at, at += 2000));
      },
    });
    return new Response(stream, { headers: { etag: '"v1"' } });
  };
  return withServer(trickle, async (url, path, requests) => {
    const script = fileURLToPath(new URL("_download_once.ts", import.meta.url));
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-A", script, url, path, sha256, String(SIZE)],
      stdout: "null",
      stderr: "null",
    }).spawn();
    const sizeSoFar = (): Promise<number> => Deno.stat(`${path}.partial`).then(({ size }) => size, () => 0);
    while (await sizeSoFar() < 40_000) {
      assert.equal(await exists(path), false);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // while it runs, no other may write the same file
    await assert.rejects(
      download(url, path, OPTIONS),
      /only one process may write ".*file\.pkl\.partial": another does/,
    );
    child.kill("SIGKILL");
    await child.status;
    assert.equal(await exists(path), false);
    slow = false;
    const { resumedFrom } = await download(url, path, OPTIONS);
    await assertWhole(path);
    assert.ok(resumedFrom >= 40_000 && resumedFrom < SIZE, String(resumedFrom));
    assert.equal(requests.at(-1), `bytes=${resumedFrom}-`);
  });
});

Deno.test("download() takes no part that was left by another address", () =>
  withServer((request) => proper(request), async (url, path, requests) => {
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")));
    await Deno.writeFile(`${path}.partial`, OTHER.slice(0, 1000));
    await Deno.writeTextFile(`${path}.partial.json`, JSON.stringify({ url: "http://elsewhere/file.pkl", etag: null }));
    await download(url, path, OPTIONS);
    await assertWhole(path);
    assert.equal(requests[0], null);
  }));

Deno.test("hubSha256() reads what the hub states of a large file", () =>
  withServer(
    (_, n) =>
      n === 0
        ? new Response(null, { status: 302, headers: { location: "/x", "x-linked-etag": `"${sha256}"` } })
        : new Response(null),
    async (url) => {
      assert.equal(await hubSha256(url), sha256);
      await assert.rejects(hubSha256(url), /as the hub must state it: it answered 200 without/);
    },
  ));

Deno.test("hubSha256() gives up on a hub that falls silent", () =>
  withServer(
    () => new Promise<Response>((resolve) => setTimeout(() => resolve(new Response(null)), 1000)),
    async (url) => {
      await assert.rejects(hubSha256(url, 0.1), /Cannot ask ".*" for its SHA-256 as the hub must answer: .*timeout/);
    },
  ));
