import assert from "node:assert/strict";
import { emptyCellsNote, notebooksFrom, panelCaption, symbolsBody } from "../../lib/reports/reading.ts";

Deno.test("notebooksFrom() finds the notebooks from a folder of the program, and names none from elsewhere", () => {
  assert.equal(notebooksFrom("/program/results/mine", "/program"), "../../notebooks");
  assert.equal(notebooksFrom("/program/results", "/program"), "../notebooks");
  for (const out of ["/elsewhere/results", "/program-2/results", "/"]) {
    assert.equal(notebooksFrom(out, "/program"), null, out);
  }
});

Deno.test("symbolsBody() links the notebook of each sign, or names it", () => {
  assert.match(
    symbolsBody("../notebooks"),
    /<th scope="row">λ<\/th><td>Willingness.*<a href="\.\.\/notebooks\/03_predictive/,
  );
  const named = symbolsBody(null);
  assert.doesNotMatch(named, /<a /);
  assert.match(named, /<td>06, Is it real\?<\/td>/);
});

Deno.test("emptyCellsNote() explains the columns that have empty cells, and says nothing of others", () => {
  const columns = ["", "AIQ, formula", "over Zero [95 %]", "cheaper at 95 %", "over Zero by our protocol"];
  const note = emptyCellsNote({
    columns,
    rows: [["Zero", "0.8", null, "2×", null], ["KNN", "0.9", "+0.1", "3×", null]],
  });
  assert.match(
    note,
    /“–”: over Zero \[95 %\]: Zero itself; over Zero by our protocol: no router of that name by the other/,
  );
  assert.doesNotMatch(note, /cheaper/);
  assert.equal(emptyCellsNote({ columns, rows: [["KNN", "0.9", "+0.1", "3×", "+0.1"]] }), "");
});

Deno.test("panelCaption() says what points and lines are, and over how many prompts", () => {
  const models = Array.from({ length: 3 }, () => ({ model: "m", quality: 1, costUsd: 1 }));
  const evaluation = { nPrompts: { learned: 1, chosen: 1, test: 1104 }, models };
  const caption = panelCaption("MMLU", evaluation, { drawn: ["Zero", "KNN, k = 40"], beside: ["Dashed: the oracle."] });
  assert.match(
    caption,
    /^MMLU: .* over 1,104 test prompts\. Points are the 3 models, .* hulls of Zero; KNN, k = 40, .* Dashed: the oracle\.$/,
  );
});

Deno.test("a caption names the models whose names a figure cannot write, in any script", () => {
  const models = ["gpt-4", "名前 モデル", "модель", "نموذج"].map((model) => ({ model, costUsd: 1, quality: 1 }));
  const caption = panelCaption("All", { nPrompts: { fit: 1, validation: 1, test: 1 }, models } as never, { drawn: [] });
  assert.match(caption, /In figures “model 2” is 名前 モデル; (“model 3” is модель; )?“model 4” is نموذج\./);
  const plain = panelCaption("All", { nPrompts: { test: 1 }, models: models.slice(0, 1) } as never, { drawn: [] });
  assert.doesNotMatch(plain, /In figures/);
});
