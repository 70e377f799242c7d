import { escapeHtml } from "../base/words.ts";
import { note } from "./html_page.ts";
import type { Table } from "../base/table.ts";

const FORMATS = { csv: "CSV", tex: "LaTeX" };

/** What a table of a run holds, by its name. */
const CONTENTS: Readonly<Record<string, string>> = {
  systems: "AIQ, gain over Zero and savings of each system, by both protocols",
  models: "mean cost and quality of each model and of the oracle on the test prompts",
  settings: "each setting of each system, with the share of prompts that goes to each model",
  ladders: "every setting that was tried on validation prompts, and which was chosen",
  predicted_costs: "how well the cost of a response is predicted from the prompt, model by model",
  outcome_means: "means over all prompts of an evaluation: what a file is known by",
  predictors: "how good predictions are before anything is decided by them",
  oracle_curve: "the oracle at every willingness to pay",
  groups: "routers on groups of prompts that they have seen in training, and have not",
  optimism: "what choosing settings on the test prompts adds",
  labels: "gain over Zero by labelled prompts and models a prompt, and the requests that repay the labels",
  trust: "how often intervals hold what they promise, on simulated sets whose true gain is known",
  ablation: "one factor at a time changed from the base",
  printed_vs_ours: "each printed number beside the one of this run",
  printed_aiq: "every printed AIQ recomputed from its points",
  printed_error_rates: "cascades by their judge's error rate, as printed",
  printed_break_even_judge: "the judge that makes a cascade as good as Zero",
  printed_claims: "the paper's claims as numbers",
  errata: "what is wrong or weak in the published work",
};

/** All tables of a run: each unfolds in the page, and stands beside it as a file with each of the endings. */
export function tablesBody(
  tables: ReadonlyMap<string, Table>,
  { endings }: { readonly endings: readonly (keyof typeof FORMATS)[] },
): string {
  const items = [...tables].map(([name, { columns, rows }]) => {
    const links = endings.map((ending) => `<a href="tables/${escapeHtml(name)}.${ending}">${FORMATS[ending]}</a>`).join(
      ", ",
    );
    const size = `${rows.length.toLocaleString("en-US")} × ${columns.length}`;
    return `<details data-table="${escapeHtml(name)}"><summary><b>${escapeHtml(name)}</b> ${size}: ${
      escapeHtml(CONTENTS[name] ?? "")
    }</summary>
<p>Beside this page: ${links}</p></details>`;
  });
  return note(
    "Every number of the run, with all its digits, rows × columns. A table unfolds here, and is a file beside this page.",
  ) +
    items.join("\n");
}
