import assert from "node:assert/strict";
import { costQualityPanel } from "../../lib/figures/cost_quality_panel.ts";
import { Buffer } from "node:buffer";
import * as fontkit from "fontkit";
import { exportFigure, renderFigure } from "../../lib/figures/export.ts";
import { mmluPanel } from "../paper/figures/_paper_panels.ts";

const PANEL = costQualityPanel(mmluPanel());

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function filesOf(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("exportFigure() writes a PDF of one page whose bytes repeat", () =>
  inFolder(async (folder) => {
    await exportFigure(PANEL, `${folder}/a.pdf`);
    await exportFigure(PANEL, `${folder}/b.pdf`);
    const a = await Deno.readFile(`${folder}/a.pdf`);
    const b = await Deno.readFile(`${folder}/b.pdf`);
    const text = new TextDecoder("latin1").decode(a);
    assert.deepEqual(a, b);
    assert.ok(text.startsWith("%PDF-"));
    for (const part of ["/MediaBox [0 0 241 200]", "+SourceSans3-Regular"]) assert.ok(text.includes(part), part);
    const dates = [...text.matchAll(/\(D:(\d+)[^)]*\)/g)].map(([, date]) => date);
    assert.deepEqual(dates, ["19700101000000", "19700101000000"], "created and modified at the fixed moment");
    assert.deepEqual(filesOf(folder), ["a.pdf", "b.pdf"]);
  }));

Deno.test("exportFigure() writes a PNG of the printed size with its resolution", () =>
  inFolder(async (folder) => {
    for (
      const [name, options, width, height, perMetre] of [["a", {}, 1004, 833, 11811], [
        "b",
        { dpi: 72 },
        241,
        200,
        2835,
      ]] as const
    ) {
      await exportFigure(PANEL, `${folder}/${name}.png`, options);
      const bytes = await Deno.readFile(`${folder}/${name}.png`);
      const view = new DataView(bytes.buffer);
      assert.deepEqual([...bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
      assert.deepEqual([view.getUint32(16), view.getUint32(20)], [width, height]);
      assert.equal(new TextDecoder().decode(bytes.subarray(37, 41)), "pHYs");
      assert.deepEqual([view.getUint32(41), view.getUint32(45), view.getUint8(49)], [perMetre, perMetre, 1]);
    }
  }));

Deno.test("exportFigure() writes SVG and JSON, and replaces a file of that name", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/figure.SVG`, "old");
    await exportFigure(PANEL, `${folder}/figure.SVG`);
    assert.match(await Deno.readTextFile(`${folder}/figure.SVG`), /^<svg [^]*<\/svg>$/);
    await exportFigure(PANEL, `${folder}/figure.json`);
    assert.deepEqual(JSON.parse(await Deno.readTextFile(`${folder}/figure.json`)), PANEL);
  }));

Deno.test("exportFigure() says which extensions and options there are", async () => {
  await assert.rejects(
    exportFigure(PANEL, "figure.eps"),
    new TypeError(
      'Cannot save "figure.eps" as the extension must be one of .svg, .pdf, .png, .json: it is ".eps"; rename the file',
    ),
  );
  await assert.rejects(
    exportFigure(PANEL, "figure"),
    /TypeError: .* must be one of .svg, .pdf, .png, .json: it has none; rename the file/,
  );
  await assert.rejects(
    exportFigure(PANEL, "a.png", { dpi: 0 }),
    /RangeError: Cannot save "a.png" as dpi must be a number above 0: it is 0; pass one such as 300/,
  );
  await assert.rejects(
    exportFigure(PANEL, "a.png", { scale: 2 } as unknown as { dpi: number }),
    /TypeError: Cannot save "a.png" as options must be among dpi: "scale" is not/,
  );
  await assert.rejects(
    exportFigure({} as typeof PANEL, "a.svg"),
    /TypeError: Cannot save "a.svg" as a figure must have data and layout: it is object; /,
  );
});

Deno.test("exportFigure() leaves nothing behind when it cannot write", () =>
  inFolder(async (folder) => {
    const missing = await exportFigure(PANEL, `${folder}/missing/a.json`).then(() => null, (error) => error);
    assert.equal(
      missing.message,
      `Cannot save "${folder}/missing/a.json" as its folder must exist: "${folder}/missing" was not found; create it first`,
    );
    assert.ok(missing.cause instanceof Deno.errors.NotFound);
    await Deno.mkdir(`${folder}/a.json`);
    await Deno.writeTextFile(`${folder}/a.json/full`, "");
    await assert.rejects(
      exportFigure(PANEL, `${folder}/a.json`),
      /Error: Cannot save ".*a.json" as the file must be writable: .*; choose another place/,
    );
    assert.deepEqual(filesOf(folder), ["a.json"], "the temporary file is gone");
  }));

Deno.test("an exported SVG holds the glyphs that it shows, and no others", async () => {
  const { svg } = await renderFigure(PANEL);
  const faces = [
    ...svg.matchAll(
      /@font-face\{[^}]*?font-weight:(\d+);font-style:(\w+);unicode-range:([^;]*);src:url\(data:font\/ttf;base64,([^)]*)\)/g,
    ),
  ];
  assert.deepEqual(faces.map(([, weight, style]) => `${weight} ${style}`).sort(), [
    "400 italic",
    "400 normal",
    "700 normal",
  ]);
  for (const [, weight, style, range, base64] of faces) {
    const font = (fontkit as unknown as {
      create(bytes: Uint8Array): { hasGlyphForCodePoint(code: number): boolean; numGlyphs: number };
    })
      .create(Buffer.from(base64, "base64"));
    const codes = range.split(",").map((code) => parseInt(code.slice(2), 16)).filter((code) => code !== 0x200b);
    for (const code of codes) {
      assert.ok(font.hasGlyphForCodePoint(code), `${weight} ${style} ${String.fromCodePoint(code)}`);
    }
    assert.ok(font.numGlyphs < codes.length + 20, `${font.numGlyphs} glyphs`);
    if (weight === "700") assert.equal(String.fromCodePoint(...codes), "LMU");
  }
  assert.ok(svg.length < 200_000, `${svg.length} characters`);
  assert.equal((await renderFigure(PANEL)).svg, svg, "the same bytes each time");
});
