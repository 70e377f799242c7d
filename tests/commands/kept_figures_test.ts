import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { keepFigures, type KeptFigure, keptFigures } from "../../lib/commands/kept_figures.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

Deno.test("keptFigures() gives what was kept whole, and the figures without drawings where it is not or the folder takes none", async () => {
  const cache = await Deno.makeTempDir();
  try {
    const drawn = { svg: "<svg>λ</svg>\n", pdf: Uint8Array.of(0, 255, 7), png: Uint8Array.of(137, 80) };
    const figure = { data: [{ x: [1], y: [2] }], layout: {} };
    const published: KeptFigure[] = [{ name: "one", caption: "First.", figure, drawn: null }];
    await Deno.writeTextFile(join(cache, "paper_figures-of-older-code.json"), "");
    await keepFigures(published, new Map([["one", drawn]]), { root: ROOT, cache });
    assert.deepEqual(await keptFigures(ROOT, cache), [{ ...published[0], drawn }]);
    const [{ name }, ...others] = await Array.fromAsync(Deno.readDir(cache));
    assert.deepEqual(others, []);

    const text = await Deno.readTextFile(join(cache, name));
    await Deno.writeTextFile(join(cache, name), text.replace("First", "Other"));
    const anew = await keptFigures(ROOT, cache);
    assert.ok(anew.length > 20 && anew.every(({ drawn }) => drawn === null));
    await keepFigures(published, new Map([["one", drawn]]), { root: ROOT, cache: join(cache, name) });
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});
