import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const LIB = fileURLToPath(new URL("../lib", import.meta.url));

/** The rooms of lib/ in the order in which data goes through them: a file imports only from its own room and those above it. */
const ROOMS: readonly string[] = [
  "base",
  "plane",
  "outcomes",
  "files",
  "embeddings",
  "compute",
  "routers",
  "evaluation",
  "audit",
  "figures",
  "experiments",
  "axes",
  "paper",
  "warehouse",
  "serve",
  "reports",
  "commands",
];
/** Pairs of rooms that know nothing of each other although one stands above the other. */
const STRANGERS: Readonly<Record<string, readonly string[]>> = {
  plane: ["outcomes"],
  embeddings: ["files"],
  compute: ["outcomes", "files", "embeddings", "plane"],
};
/** These do no input or output. */
const PURE: readonly string[] = ["plane", "outcomes", "routers", "evaluation"];
const LONGEST_FILE = 250;

interface SourceFile {
  /** Path from lib/. */
  readonly name: string;
  readonly text: string;
  /** What it imports from lib/, as paths from lib/; imports of types count. */
  readonly imports: readonly string[];
}

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* sources(path);
    else if (/\.(ts|js|css)$/.test(entry.name)) yield path;
  }
}

function sourceFile(path: string): SourceFile {
  const text = Deno.readTextFileSync(path);
  const targets = [...withoutComments(text).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)].map(([, target]) =>
    target
  );
  const imports = targets.map((target) => relative(LIB, join(dirname(path), target)));
  return { name: relative(LIB, path), text, imports: imports.filter((name) => !name.startsWith("..")) };
}

function roomOf(name: string): string {
  return name.split("/")[0];
}

/** A circle of imports that goes through the file, or null. */
function circleFrom(start: string, files: ReadonlyMap<string, SourceFile>): string[] | null {
  const seen = new Set<string>();
  const walk = (name: string, way: readonly string[]): string[] | null => {
    for (const next of files.get(name)?.imports ?? []) {
      if (next === start) return [...way, name, start];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...way, name]);
      if (found !== null) return found;
    }
    return null;
  };
  return walk(start, []);
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
}

const FILES = (await Array.fromAsync(sources(LIB))).map(sourceFile);
const CODE = FILES.filter(({ name }) => name.endsWith(".ts"));
/** Files at the top of lib/ see every room: the public faces and the command line. */
const INSIDE = CODE.filter(({ name }) => name.includes("/"));

Deno.test("every file of lib is in a room, or is a face or the command line", () => {
  for (const { name } of FILES) {
    assert.ok(name.includes("/") ? ROOMS.includes(roomOf(name)) : ["mod.ts", "cli.ts"].includes(name), `lib/${name}`);
  }
});

Deno.test("imports point up the list of rooms", () => {
  const wrong = INSIDE.flatMap(({ name, imports }) =>
    imports.filter((target) => {
      const room = roomOf(name);
      const from = roomOf(target);
      return ROOMS.indexOf(from) < 0 || ROOMS.indexOf(from) > ROOMS.indexOf(room) || STRANGERS[room]?.includes(from);
    }).map((target) => `lib/${name} imports lib/${target}`)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("no files of lib import each other in a circle", () => {
  const files = new Map(CODE.map((file) => [file.name, file]));
  const circles = CODE.map(({ name }) => circleFrom(name, files)).filter((circle) => circle !== null);
  assert.deepEqual(circles.map((circle) => circle.join(" → ")), []);
});

Deno.test("a file whose name begins with _ is imported from its own folder only", () => {
  const wrong = CODE.flatMap(({ name, imports }) =>
    imports.filter((target) => /\/_[^/]*$/.test(target) && dirname(target) !== dirname(name))
      .map((target) => `lib/${name} imports lib/${target}`)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("no file of lib imports itself by the public name", () => {
  for (const { name, text } of CODE) assert.doesNotMatch(withoutComments(text), /from "routerbench/, name);
});

Deno.test("the plane, outcomes, routers and evaluation are pure", () => {
  for (const { name, text } of INSIDE.filter(({ name }) => PURE.includes(roomOf(name)))) {
    assert.doesNotMatch(
      withoutComments(text),
      /Deno\.|Math\.random|Date\.now|new Date|performance\.|fetch\(/,
      `lib/${name}`,
    );
  }
});

Deno.test("files of lib stay short enough to be read in one sitting", () => {
  const long = FILES.map(({ name, text }) => ({ name, nLines: text.split("\n").length }))
    .filter(({ name, nLines }) => nLines > LONGEST_FILE && !name.endsWith(".css"));
  assert.deepEqual(long, []);
});

Deno.test("each room says at its head what it is for, in the words of README's table", async () => {
  const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
  const rows = new Map([...readme.matchAll(/^\| `(\w+)\/`\s*\| (.*?)\s*\|$/gm)].map(([, room, text]) => [room, text]));
  const files = new Map(FILES.map(({ name, text }) => [name, text]));
  for (const room of ROOMS) {
    const row = rows.get(room);
    assert.ok(row !== undefined, `README's table has no ${room}/`);
    // The head stands in the room's face, or in the file to look at first.
    const head = files.get(`${room}/mod.ts`) ?? files.get(`${room}/${row.match(/`([\w/]+\.ts)`/)?.[1]}`);
    const line = head?.match(/^\/\*\*\s+(?:\* )?(.+?)(?:[:.]| @module)/)?.[1];
    assert.ok(head?.match(/^\/\*\*[^/]*@module/) && line !== undefined, `lib/${room} has no head`);
    assert.ok(
      row.toLowerCase().startsWith(line.toLowerCase()),
      `${room}: "${line}" is not how README begins: "${row}"`,
    );
  }
});

Deno.test("README's table names files of lib that are there", async () => {
  const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
  const names = FILES.map(({ name }) => name);
  for (const [, room, row] of readme.matchAll(/^\| `(\w+)\/`\s*\| (.*?)\s*\|$/gm)) {
    for (const [, file] of row.matchAll(/`([\w/]+\.ts)`/g)) {
      assert.ok(names.some((name) => name.startsWith(`${room}/`) && name.endsWith(`/${file}`)), `${room}: ${file}`);
    }
  }
});
