import { standInSentences } from "../figures/stand_ins.ts";
import { isAbsolute, join, relative, resolve } from "node:path";
import { escapeHtml } from "../base/words.ts";
import type { Table } from "../base/table.ts";
import type { Evaluation } from "../evaluation/evaluate.ts";
import { DEFAULT_RESAMPLES } from "../evaluation/compare_curves.ts";
import { note } from "./html_page.ts";

/** A notebook that explains something. */
interface Notebook {
  readonly file: string;
  readonly title: string;
}

const PLANE: Notebook = { file: "02_cost_quality_plane.ipynb", title: "The cost–quality plane" };
const PREDICTION: Notebook = { file: "03_predictive_routers.ipynb", title: "Predictive routers" };
const CASCADES: Notebook = { file: "04_cascades.ipynb", title: "Cascades" };
const REAL: Notebook = { file: "06_is_it_real.ipynb", title: "Is it real?" };

/** What the signs and words of a page mean, and where each is explained. */
const SYMBOLS: readonly (readonly [symbol: string, meaning: string, notebook: Notebook])[] = [
  ["Zero", "The line to beat: mixes of two models by lottery, which look at no prompt.", PLANE],
  [
    "Oracle",
    "For each prompt the cheapest of the models that answer it best, known afterwards. No router reaches it.",
    PLANE,
  ],
  [
    "AIQ, formula",
    "Area under a system's non-decreasing hull, over the range from the cheapest to the dearest model's mean cost: its mean quality there.",
    PLANE,
  ],
  [
    "AIQ, ref. code",
    "The rule behind the values that the paper prints. It cannot be compared with the formula's.",
    PLANE,
  ],
  [
    "over Zero [95 %]",
    `Difference of the formula's AIQ, with a 95 % interval from ${
      DEFAULT_RESAMPLES.toLocaleString("en-US")
    } paired resamples of the test prompts. Where it holds 0 the system cannot be told from Zero.`,
    REAL,
  ],
  [
    "p, adjusted",
    "Chance that any of the systems compared shows so large a difference, in standard errors, where none differs from Zero (max-t over the same resamples).",
    REAL,
  ],
  ["best quality", "Mean quality of the system's best setting, whatever it costs.", PLANE],
  [
    "cheaper at 95 %",
    "Cost of the best single model ÷ least cost at which the system has 95 % of its quality.",
    PLANE,
  ],
  [
    "λ",
    "Willingness to pay: USD for one unit of quality. A router takes the model with the greatest λ · quality − cost.",
    PREDICTION,
  ],
  [
    "k, α",
    "Number of neighbours of KNN; penalty of the linear router. “Chosen” ones are the best on validation prompts.",
    PREDICTION,
  ],
  ["ε", "Rate at which a cascade's judge errs. The judge knows the outcome, which nobody has in use.", CASCADES],
  ["σ", "Noise of the reward by which rerank keeps one of several answers; it pays for all of them.", CASCADES],
];

/** The table of symbols; `notebooks` is the folder of the notebooks as seen from the page, `null` where it has none. */
export function symbolsBody(notebooks: string | null): string {
  const link = ({ file, title }: Notebook): string =>
    notebooks === null
      ? escapeHtml(`${file.slice(0, 2)}, ${title}`)
      : `<a href="${escapeHtml(`${notebooks}/${file}`)}">${escapeHtml(`${file.slice(0, 2)}, ${title}`)}</a>`;
  const rows = SYMBOLS.map(([symbol, meaning, notebook]) =>
    `<tr><th scope="row">${escapeHtml(symbol)}</th><td>${escapeHtml(meaning)}</td><td>${link(notebook)}</td></tr>`
  );
  return note("The notebooks are in the program's folder; deno task lab opens them.") +
    `<div class="wide"><table class="texts"><thead><tr><th scope="col">symbol</th><th scope="col">what it means</th>` +
    `<th scope="col">notebook</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

/** The folder of the notebooks as seen from a page in `out`; `null` where that lies outside the program's folder. */
export function notebooksFrom(out: string, root: string): string | null {
  const folder = resolve(out);
  if (relative(root, folder).startsWith("..") || isAbsolute(relative(root, folder))) return null;
  return relative(folder, join(root, "notebooks")).replaceAll("\\", "/");
}

/** Why a cell of a summary may be empty, by the beginning of its column's heading. */
const EMPTY: readonly (readonly [column: string, why: string])[] = [
  ["over Zero by", "no router of that name by the other protocol, or Zero itself"],
  ["over Zero", "Zero itself"],
  ["p, adjusted", "Zero itself"],
  ["AIQ, ref. code", "not defined where every call is paid"],
  ["cheaper", "never reaches that quality"],
];

/** A note that explains the empty cells of a summary; empty where there are none. */
export function emptyCellsNote({ columns, rows }: Table): string {
  const reasons = columns.flatMap((column, at) => {
    const why = EMPTY.find(([beginning]) => column.startsWith(beginning));
    return why !== undefined && rows.some((row) => row[at] === null) ? [`${column}: ${why[1]}`] : [];
  });
  return reasons.length === 0 ? "" : note(`“–”: ${reasons.join("; ")}.`);
}

/** The caption of an evaluation's figure. */
export function panelCaption(
  title: string,
  { nPrompts, models }: Pick<Evaluation, "nPrompts" | "models">,
  { drawn, beside = [] }: {
    /** Names of the systems whose hulls are drawn. */
    readonly drawn: readonly string[];
    /** What else is drawn or must be known, a sentence each. */
    readonly beside?: readonly string[];
  },
): string {
  const what = `${title}: mean cost and quality of a prompt over ${
    nPrompts.test.toLocaleString("en-US")
  } test prompts.`;
  const points = `Points are the ${models.length} models, each used for all prompts; the star is the oracle.`;
  const lines = `Lines are the non-decreasing hulls of ${
    drawn.join("; ")
  }, with the AIQ by the formula in brackets: the higher and the further left, the better.`;
  return [what, points, lines, ...standInSentences(models.map(({ model }) => model)), ...beside].join(" ");
}
