import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const LIB = fileURLToPath(new URL("../lib", import.meta.url));

/** What a folder may import from, itself aside. Data goes down this list, imports point up it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  ".": [],
  outcomes: ["."],
  embeddings: [".", "outcomes"],
  compute: ["."],
  plane: ["."],
  routers: [".", "outcomes", "embeddings", "compute", "plane"],
  evaluation: [".", "outcomes", "embeddings", "plane", "routers"],
  figures: [".", "outcomes", "plane", "routers", "evaluation"],
  reproduce: [".", "outcomes", "embeddings", "plane", "routers", "evaluation", "figures"],
  jupyter: ["."],
};
/** These see everything: the public face and the commands. */
const ENTRIES: readonly string[] = ["mod.ts", "cli.ts"];
/** These do no input or output. */
const PURE: readonly string[] = ["plane", "routers", "evaluation"];

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* sources(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

const FILES = (await Array.fromAsync(sources(LIB))).map((path) => ({ path, name: relative(LIB, path), text: Deno.readTextFileSync(path) }));

Deno.test("imports point up the list of folders", () => {
  for (const { path, name, text } of FILES.filter(({ name }) => !ENTRIES.includes(name))) {
    const folder = dirname(name).split("/")[0];
    for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
      const imported = relative(LIB, join(dirname(path), target)), importedFolder = dirname(imported).split("/")[0];
      if (imported.startsWith("..")) continue;
      const allowed = folder === importedFolder || MAY_IMPORT[folder]?.includes(importedFolder);
      assert.ok(allowed, `lib/${name} imports lib/${imported}`);
    }
  }
});

Deno.test("no file of lib imports itself by the public name", () => {
  for (const { name, text } of FILES) {
    const code = text.replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
    assert.doesNotMatch(code, /from "routerbench"/, name);
  }
});

Deno.test("routers, evaluation and the plane are pure", () => {
  for (const { name, text } of FILES.filter(({ name }) => PURE.includes(dirname(name)))) {
    assert.doesNotMatch(text.replaceAll(/\/\*\*[\s\S]*?\*\//g, ""), /Deno\.|Math\.random|Date\.now|new Date|performance\.|fetch\(/, name);
  }
});

Deno.test("files of lib stay short enough to be read in one sitting", () => {
  for (const { name, text } of FILES) assert.ok(text.split("\n").length <= 260, `lib/${name} has ${text.split("\n").length} lines`);
});
