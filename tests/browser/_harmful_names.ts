import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { madeTable } from "../commands/_run_task.ts";
import { say, task, withPage } from "./_with_page.ts";
import type { Browser, Page } from "playwright-core";

/** Names as a file from elsewhere may hold them: HTML, scripts, links of SVG, LaTeX, formulas of spreadsheets, MathJax, an object's text. */
const MODELS: Readonly<Record<string, string>> = {
  small: `<img src=x onerror="alert('model')">`,
  middle: `=cmd|' /C calc'!A0 $\\alpha_{1}$ \\input{/etc/passwd} 50% #&_^~`,
  large: `</script><script>alert("model")</script><svg><a xlink:href="javascript:alert('link')">x</a></svg>`,
};
const EVALUATIONS: Readonly<Record<string, string>> = {
  words: `"><svg onload=alert('evaluation')>`,
  sums: "[object Object] $x^2$ {{constructor}}",
};
const PROMPT = `<script>alert("prompt")</script> $\\frac{1}{2}$ =1+1 `;

/** A table whose every name is harmful; for the LaTeX of a run, whose files are named after evaluations, only those of models. */
function harmfulTable(n: number, { evaluations }: { readonly evaluations: boolean }): string {
  const lines = madeTable(n).trimEnd().split("\n").map((line) => {
    const row = JSON.parse(line);
    const task = evaluations ? EVALUATIONS[row.task] : row.task;
    return JSON.stringify({ ...row, task, model: MODELS[row.model], question: PROMPT + row.question });
  });
  return lines.join("\n") + "\n";
}

/** Harmful names in every place: nothing runs, nothing is fetched, every name is there as it was written; LaTeX compiles. */
export async function namesAreHarmless(browser: Browser, folder: string): Promise<void> {
  const table = join(folder, "<b>harmful & 'mine'.jsonl");
  await Deno.writeTextFile(table, harmfulTable(360, { evaluations: true }));
  const options = ["--encoder", "lexical", "--routers", "linear,cascade", "--keep", "60%", "--verbose"];
  await task(["evaluate", table, ...options, "--out", join(folder, "harmful")]);
  await task(["audit", table, "--out", join(folder, "harmful")], [0, 3]);
  const report = join(folder, "harmful", "report.html");
  for (const dark of [false, true]) {
    await withPage(browser, report, { dark }, async (page) => {
      for (const figure of await page.locator("figure[data-figure]").all()) {
        await figure.scrollIntoViewIfNeeded();
        await figure.locator(".live .main-svg").first().waitFor({ state: "attached" });
      }
      for (const details of await page.locator("details").all()) {
        await details.evaluate((each) => each.toggleAttribute("open", true));
      }
      await page.locator("details[data-table] tbody tr").first().waitFor();
      await nothingCame(page);
      const text = await page.locator("body").innerText();
      for (const name of [...Object.values(MODELS), ...Object.values(EVALUATIONS)]) {
        assert.ok(text.includes(name), `"${name}" stands in the page as it is`);
      }
      const titles = await page.locator(".live .gtitle").allTextContents();
      assert.ok(titles.includes(EVALUATIONS.sums), `a figure's title is text: ${titles}`);
    });
  }
  await withPage(browser, join(folder, "harmful", "audit.html"), {}, nothingCame);
  const figures = join(folder, "harmful", "figures");
  for await (const { name } of Deno.readDir(figures)) {
    if (name.endsWith(".svg")) await withPage(browser, join(figures, name), {}, nothingCame);
  }
  const csv = parse(await Deno.readTextFile(join(folder, "harmful", "tables", "models.csv"))) as string[][];
  assert.ok(csv.some(([, , model]) => model === MODELS.middle), "without --csv-guard a cell is as it was written");
  say("Harmful names: nothing ran, nothing was fetched, all stand as they are written.");
  await latexCompiles(folder);
}

/** No element, handler or link came out of a name, and no formula was set. */
async function nothingCame(page: Page): Promise<void> {
  const found = await page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((element) => {
      const attributes = [...element.attributes].filter(({ name, value }) =>
        name.startsWith("on") || /^\s*javascript:/i.test(value)
      );
      const isOdd = ["img", "iframe", "object", "embed", "mjx-container"].includes(element.localName) ||
        element.classList.contains("MathJax");
      return isOdd || attributes.length > 0 ? [element.outerHTML.slice(0, 200)] : [];
    })
  );
  assert.deepEqual(found, [], "a name became an element");
}

/** The LaTeX of a run over models of such names; said where there is no LaTeX here. */
async function latexCompiles(folder: string): Promise<void> {
  const table = join(folder, "models.jsonl");
  await Deno.writeTextFile(table, harmfulTable(360, { evaluations: false }));
  const out = join(folder, "latex");
  await task(["reproduce", "--data", table, "--encoder", "lexical", "--evals", "words", "--out", out]);
  const document = String.raw`\documentclass{article}\usepackage[utf8]{inputenc}\usepackage{booktabs,graphicx}
\newcommand{\resultsfolder}{.}\begin{document}\input{\resultsfolder/figures}\end{document}`;
  await Deno.writeTextFile(join(out, "all.tex"), document);
  const command = new Deno.Command("pdflatex", {
    args: ["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "all.tex"],
    cwd: out,
    stdout: "piped",
    stderr: "null",
  });
  const ran = await command.output().catch(() => null);
  if (ran === null) return say("LaTeX was not tried: pdflatex is not installed.");
  const log = new TextDecoder().decode(ran.stdout);
  assert.ok(ran.success, log.slice(-1500));
  assert.doesNotMatch(log, /etc\/passwd/, "a name names no file");
  say("Harmful names: the LaTeX of a run compiles.");
}
