import type { Evaluation } from "../evaluation/evaluate.ts";
import { QUALITY_SHARES } from "../evaluation/savings.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";
import { shortModelName } from "../outcomes/paper_table.ts";
import { evaluationPanel, type EvaluationPanelOptions } from "./evaluation_panel.ts";
import type { ManuscriptResults } from "./export_all.ts";
import type { TableRows } from "./show.ts";

/** Options of {@linkcode manuscriptResults}. */
export interface ManuscriptResultsOptions extends EvaluationPanelOptions {
  /** Where the outcomes came from: `outcomes.source`. */
  readonly outcomes: OutcomeSource;
  /** Begins the names of the files; `evaluation` if not given. */
  readonly name?: string;
}

/** The names of sources in captions. */
const KINDS: Readonly<Record<OutcomeSource["kind"], string>> = {
  released: "the released outcomes",
  file: "recorded outcomes",
  warehouse: "outcomes in a warehouse",
  simulated: "simulated outcomes",
};

/**
 * The panel and the tables of an evaluation with captions, for {@linkcode exportAll}.
 *
 * Results of several evaluations are put together by spreading their figures, tables and captions into one.
 *
 * @throws RangeError as {@linkcode evaluationPanel}
 * @example
 * ```ts
 * import { cascade, evaluate, simulateOutcomes } from "routerbench";
 * import { manuscriptResults } from "routerbench/figures";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const routers = [cascade({ judgeError: 0.1 })];
 * const evaluation = await evaluate(outcomes, routers, { seed: 1, encoder: "lexical", nResamples: 100 });
 * const { tables, captions } = manuscriptResults(evaluation, { title: "All evaluations", outcomes: outcomes.source });
 * assert.deepEqual(Object.keys(tables!), ["evaluation_systems", "evaluation_models"]);
 * assert.match(captions!.evaluation, /settings chosen on \d+ validation prompts/);
 * ```
 */
export function manuscriptResults(evaluation: Evaluation, options: ManuscriptResultsOptions): ManuscriptResults {
  const { outcomes, name = "evaluation", ...panel } = options;
  const { tables, captions } = manuscriptTables(evaluation, { title: panel.title, outcomes, name });
  const band = panel.band === undefined ? "" : " Bands: 95 % at each cost, bootstrap over prompts.";
  return {
    figures: { [name]: evaluationPanel(evaluation, panel) },
    tables,
    captions: { ...captions, [name]: captions[name] + band },
  };
}

/** The tables of an evaluation with their captions and its panel's: what is shown, AIQ rule, outcomes, protocol. */
export function manuscriptTables(
  evaluation: Evaluation,
  { title, outcomes, name }: { readonly title: string; readonly outcomes: OutcomeSource; readonly name: string },
): Required<Pick<ManuscriptResults, "tables" | "captions">> {
  const [systems, models] = [`${name}_systems`, `${name}_models`];
  const measured = measuredOn(evaluation, outcomes);
  const what = title === "" ? "" : `${title}. `;
  const range = "between the cheapest and the dearest model’s mean cost";
  return {
    tables: { [systems]: systemRows(evaluation), [models]: modelRows(evaluation) },
    captions: {
      [name]:
        `${what}Lines: non-decreasing hulls of the systems; in brackets AIQ by the paper’s formula, ${range}; dots: single models; ` +
        `star: oracle. ${measured}`,
      [systems]:
        `${what}AIQ by the paper’s formula, ${range}, and by the reference code’s rule; over Zero: difference of AIQ (formula) with ` +
        `its 95 % interval (paired bootstrap over prompts); ×: times cheaper than the best single model at shares of its quality. ${measured}`,
      [models]: `${what}Single models and the oracle: means per prompt. ${measured}`,
    },
  };
}

/** Outcomes, protocol and split in two sentences. */
function measuredOn(
  { protocol, nPrompts: { learned, chosen, test } }: Evaluation,
  { kind, name }: OutcomeSource,
): string {
  const settings = protocol === "ours"
    ? `settings chosen on ${chosen} validation prompts, measured on ${test} test prompts`
    : `the paper’s, settings chosen and measured on the same ${test} test prompts`;
  return `Measured on ${KINDS[kind]} (${name}). Protocol: routers learned from ${learned} prompts; ${settings}.`;
}

function systemRows({ systems }: Evaluation): TableRows {
  return systems.map(({ name, aiqFormula, aiqReferenceCode, againstZero, hull, savings }) => ({
    "System": name,
    "AIQ": aiqFormula,
    "AIQ (code)": aiqReferenceCode,
    "Over Zero": againstZero?.difference ?? null,
    "95 % interval": againstZero?.interval ?? null,
    "Best quality": hull[hull.length - 1].quality,
    ...Object.fromEntries(QUALITY_SHARES.map((share, i) => [`× at ${100 * share} %`, savings[i].timesCheaper])),
  }));
}

function modelRows({ models, oracle }: Evaluation): TableRows {
  return [...models.map(({ model, ...point }) => ({ model: shortModelName(model), ...point })), {
    model: "Oracle",
    ...oracle,
  }].map(
    ({ model, quality, costUsd }) => ({ "Model": model, "Mean quality": quality, "Mean cost (USD)": costUsd }),
  );
}
