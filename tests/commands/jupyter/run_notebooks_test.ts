import assert from "node:assert/strict";
import type { NotebookFile } from "../../../lib/commands/jupyter/notebook_file.ts";
import { checkOutputs } from "../../../lib/commands/jupyter/run_notebooks.ts";

const FIGURE = { "application/vnd.plotly.v1+json": {}, "image/svg+xml": "<svg/>", "text/plain": "Figure" };

/** A notebook of one code cell that was run. */
function ran(source: string, ...outputs: readonly unknown[]): NotebookFile {
  return { cells: [{ cell_type: "code", source, outputs }] } as unknown as NotebookFile;
}

function shown(data: Record<string, unknown>): Record<string, unknown> {
  return { output_type: "display_data", data };
}

Deno.test("checkOutputs() counts the figures that are there in all formats", () => {
  assert.equal(
    checkOutputs("a.ipynb", ran("await show(f);\nawait show(t);", shown(FIGURE), shown({ "text/html": "<table>" }))),
    1,
  );
});

const FAULTS: readonly (readonly [string, NotebookFile, RegExp])[] = [
  [
    "a cell that throws",
    ran("f()", { output_type: "error", ename: "TypeError", evalue: "no f" }),
    /code cell 1 throws TypeError: no f$/,
  ],
  ["an output that was lost", ran("await show(f);"), /code cell 1 shows 0 of 1 outputs$/],
  [
    "a figure without its SVG",
    ran("await show(f);", shown({ ...FIGURE, "image/svg+xml": undefined })),
    /code cell 1 shows a figure without image\/svg\+xml$/,
  ],
  [
    "a notebook without a figure",
    ran("1 + 1"),
    /^Cannot accept "a.ipynb" as a notebook must show a figure: it shows none$/,
  ],
];
for (const [what, notebook, message] of FAULTS) {
  Deno.test(`checkOutputs() refuses ${what}`, () => {
    // JSON, as a notebook file is: what is undefined is not there.
    assert.throws(() => checkOutputs("a.ipynb", JSON.parse(JSON.stringify(notebook))), { message });
  });
}
