import assert from "node:assert/strict";
import * as root from "routerbench";
import * as axes from "routerbench/axes";
import * as experiments from "routerbench/experiments";
import * as figures from "routerbench/figures";
import * as paper from "routerbench/paper";
import * as serve from "routerbench/serve";
import * as warehouse from "routerbench/warehouse";

const MOST_VALUES = 60;

Deno.test("the face stays small, and no value has two homes", () => {
  const names = [root, figures, experiments, axes, paper, serve, warehouse].map((face) => Object.keys(face));
  assert.ok(names[0].length <= MOST_VALUES, `"routerbench" exports ${names[0].length} values`);
  const all = names.flat();
  assert.deepEqual(all.filter((name, at) => all.indexOf(name) !== at), []);
});

Deno.test("the faces of deno.json are these seven, at equal paths for import and export", async () => {
  const text = await Deno.readTextFile(new URL("../deno.json", import.meta.url));
  for (
    const [name, path] of [["", ""], ["/figures", "figures/"], ["/experiments", "experiments/"], ["/axes", "axes/"], [
      "/paper",
      "paper/",
    ], [
      "/serve",
      "serve/",
    ], [
      "/warehouse",
      "warehouse/",
    ]]
  ) {
    assert.ok(text.includes(`"routerbench${name}": "./lib/${path}mod.ts"`), `import of routerbench${name}`);
    assert.ok(text.includes(`".${name}": "./lib/${path}mod.ts"`), `export of .${name}`);
  }
});
