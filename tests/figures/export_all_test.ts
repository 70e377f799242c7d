import assert from "node:assert/strict";
import { exportAll } from "../../lib/figures/export_all.ts";
import { figuresTex } from "../../lib/figures/tables/manuscript_latex.ts";
import { costQualityPanel } from "../../lib/figures/cost_quality_panel.ts";
import { mmluPanel } from "../paper/figures/_paper_panels.ts";

const RESULTS = {
  figures: { mmlu: costQualityPanel(mmluPanel()), mmlu_page: costQualityPanel({ ...mmluPanel(), width: "page" }) },
  tables: {
    aiq: [{ System: "Zero", AIQ: 0.7634 }, { System: "Cascade, ε = 0.1, 50 %", AIQ: -0.9 }],
    "long-list": Array.from({ length: 41 }, (_, i) => ({ prompt: i })),
    wide: [Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`column_${i}`, i / 7]))],
  },
  captions: { mmlu: "KNN, k < 41 > 39, λ → ∞ & “quotes”", aiq: "AIQ_formula" },
};

/** A document of two columns of 3.3 inch, as most conferences have. */
const DOCUMENT = String.raw`\documentclass[twocolumn]{article}
\usepackage[letterpaper,textwidth=6.9in,textheight=9in,columnsep=0.3in]{geometry}
\usepackage{booktabs,graphicx}
\begin{document}
Figure~\ref{fig:mmlu}, Table~\ref{tab:aiq}.
\input{figures}
\end{document}
`;

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout } = await new Deno.Command(program, { args: [...args], cwd, stderr: "null" }).output();
  const text = new TextDecoder("latin1").decode(stdout);
  assert.ok(success, text.slice(-2000));
  return text;
}

function isThere(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test("exportAll() writes each figure and table in three formats, the same bytes each time", () =>
  inFolder(async (folder) => {
    const written = await exportAll(RESULTS, `${folder}/a`);
    assert.equal(written.length, 2 * 3 + 3 * 3 + 1);
    await exportAll(RESULTS, `${folder}/b`);
    for (const path of written) {
      assert.deepEqual(await Deno.readFile(`${folder}/a/${path}`), await Deno.readFile(`${folder}/b/${path}`), path);
    }
    const tex = await Deno.readTextFile(`${folder}/a/figures.tex`);
    assert.match(
      tex,
      /\\begin\{figure\}[^]*figures\/mmlu\.pdf[^]*\\caption\{KNN, k \$<\$ 41 \$>\$ 39, \$\\lambda\$ \$\\to\$ \$\\infty\$ \\& ``quotes''\}/,
    );
    assert.match(
      tex,
      /\\begin\{figure\*\}[^]*figures\/mmlu_page\.pdf[^]*\\caption\{MMLU\}[^]*\\label\{fig:mmlu_page\}/,
    );
    assert.match(tex, /\\begin\{table\}[^]*\\caption\{AIQ\\_formula\}[^]*\\input\{\\resultsfolder\/tables\/aiq\}/);
    assert.match(tex, /^% Too large for a float, with 41 rows: \\input\{\\resultsfolder\/tables\/long-list\}$/m);
    assert.match(tex, /\\begin\{table\*\}[^]*tables\/wide/);
  }));

Deno.test({
  name: "exportAll() gives LaTeX that compiles, where pdflatex and pdftotext are there",
  ignore: !isThere("pdflatex") || !isThere("pdftotext"),
  fn: () =>
    inFolder(async (folder) => {
      await exportAll(RESULTS, folder);
      await Deno.writeTextFile(`${folder}/paper.tex`, DOCUMENT);
      const arguments_ = ["-interaction=nonstopmode", "-halt-on-error", "paper.tex"];
      await run("pdflatex", arguments_, folder);
      const log = await run("pdflatex", arguments_, folder);
      assert.doesNotMatch(log, /Overfull|undefined|LaTeX Warning/);
      const text = await run("pdftotext", ["-layout", "paper.pdf", "-"], folder);
      for (const part of ["Mean cost per prompt (USD, log scale)", "WizardLM 13B", "GPT-4", "Figure 1:", "0.763"]) {
        assert.ok(text.includes(part), part);
      }
    }),
});

Deno.test("figuresTex() of nothing is a comment", () => {
  assert.doesNotMatch(figuresTex([], []), /\\begin/);
});

Deno.test("exportAll() refuses names that LaTeX does not take, before it writes", () =>
  inFolder(async (folder) => {
    await assert.rejects(
      exportAll({ tables: { "50 %": [] } }, `${folder}/new`),
      new TypeError(
        'Cannot save results as names must be letters, digits, ".", "_" and "-" and none that Windows reserves: "50 %" is not; rename it',
      ),
    );
    await assert.rejects(
      exportAll({ tables: { a: 3 as never } }, `${folder}/new`),
      /TypeError: Cannot save a table as it must be a table/,
    );
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));
