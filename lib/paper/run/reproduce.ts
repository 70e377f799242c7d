import type { StageProgress } from "../../base/progress.ts";
import { type Embeddings, type Encoder, selectEmbeddings } from "../../embeddings/embeddings.ts";
import { type RouterBounds, routerBounds } from "../../evaluation/bounds.ts";
import type { Protocol } from "../../evaluation/evaluate.ts";
import {
  type EvaluationData,
  paperSplitForEvaluation,
  restrictToEvals,
  splitForEvaluation,
} from "../../evaluation/evaluation_data.ts";
import { evaluationPanel } from "../../figures/evaluation_panel.ts";
import type { FigureDrawing } from "../../figures/drawing/draw_figures.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import { type OutcomeTable, rowsOfEvals, selectPrompts } from "../../outcomes/outcome_table.ts";
import { PRICE_USD_PER_MILLION_TOKENS } from "../../outcomes/paper_table.ts";
import { isSimulated, selectSimulated } from "../../outcomes/simulate_outcomes.ts";
import { evalTitle, evaluationsOf, POOLED, PRINTED_ORDER, withPooled } from "../../experiments/evaluation_names.ts";
import type { ProtocolGroups } from "./group_table.ts";
import { type MeasuredEvaluation, measureEvaluation, type OptimismRow } from "./measure_evaluation.ts";
import { measureGroups } from "./_measure_groups.ts";
import { DRAWN, DRAWN_RERANKS } from "../../experiments/paper_routers.ts";
import type { NamedPredictor } from "./predictor_table.ts";
import type { NamedEvaluation, NamedOracleCurve } from "../../experiments/named_evaluation.ts";

/** Options of {@linkcode reproducePaper}. */
export interface ReproduceOptions {
  /** One seed for splits, networks and resamples. */
  readonly seed: number;
  /** The protocol that is shown; evaluations are also run by the other one, for comparison. */
  readonly protocol: Protocol;
  /** Evaluations, each every name that begins so; default the paper's that are there, else all. */
  readonly evalNames?: readonly string[];
  /**
   * Also what takes long: the reference code's networks where the paper's protocol is not the one shown, the MLP out of
   * domain, and each subject and task of the table as a group. Default false.
   */
  readonly whole?: boolean;
  /** Draws each figure as soon as it is there, while the run goes on; default none is drawn. */
  readonly drawing?: Pick<FigureDrawing, "add"> | null;
  /** Called before each evaluation and group. */
  readonly onProgress?: (progress: StageProgress) => void;
}

/** The results of a run. */
export interface Reproduction {
  /** Pooled first, then each evaluation. */
  readonly evaluations: readonly NamedEvaluation[];
  /** The predictors behind the learned routers, in the same order, by both protocols. */
  readonly predictors: readonly NamedPredictor[];
  /** The oracle at every willingness to pay, in the same order. */
  readonly oracleCurves: readonly NamedOracleCurve[];
  /** The optimism of choosing settings on the test prompts, in the same order. */
  readonly optimism: readonly OptimismRow[];
  /** Evaluations, and with `whole` tasks, as groups that routers have seen or not. */
  readonly groups: readonly ProtocolGroups[];
  /** A panel for each evaluation, by its name, in the same order. */
  readonly figures: ReadonlyMap<string, PlotlyFigure>;
}

/**
 * Runs Zero, oracle, KNN, MLP, linear, cascades and overgenerate-and-rerank on outcomes, pooled and per evaluation, in
 * and out of domain, and gives a panel for each evaluation.
 *
 * @param outcomes the outcomes; only prompts of the chosen evaluations are used, but for tasks as groups
 * @param embeddings their prompts' vectors
 * @throws RangeError for an evaluation that the table does not have
 */
export async function reproducePaper(
  outcomes: OutcomeTable,
  embeddings: Embeddings,
  options: ReproduceOptions,
): Promise<Reproduction> {
  const { seed, protocol, whole = false, drawing, onProgress } = options;
  const evalNames = evaluationsOf(outcomes, options.evalNames);
  const named = withPooled(evalNames);
  const other = protocol === "ours" ? "paper" : "ours";
  // The paper's protocol decides by list prices, which unknown models do not have.
  const hasOther = other === "ours" || hasListPrices(outcomes);
  const data = splitForEvaluation(outcomes, embeddings, { seed });
  const ownNetworks = whole || protocol === "paper";
  const evaluations: NamedEvaluation[] = [];
  const measured: { evalName: string; found: MeasuredEvaluation }[] = [];
  const figures = new Map<string, PlotlyFigure>();
  // Work grows with the prompts: all of them together take as long as the evaluations after them.
  const sizes = named.map(({ names }) => rowsOfEvals(outcomes, names).length);
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  const tell = (): void =>
    onProgress?.({ stage: "Evaluating routers", done: sum(sizes.slice(0, evaluations.length)), total: sum(sizes) });
  for (const { evalName, names } of named) {
    tell();
    const both = { ours: restrictToEvals(data, names), paper: paperSplitOf(outcomes, embeddings, names) };
    const found = await measureEvaluation(both[protocol], { evalName, protocol, seed, ownNetworks });
    measured.push({ evalName, found });
    const figure = panelOf(found, { evalName, bounds: boundsOf(outcomes, both[protocol]) });
    figures.set(evalName, figure);
    drawing?.add(evalName, figure);
    // The paper prints no numbers of all evaluations together.
    const byOther = hasOther && evalName !== POOLED
      ? await measureEvaluation(both[other], { evalName, protocol: other, seed, ownNetworks })
      : null;
    if (byOther !== null) measured.push({ evalName, found: byOther });
    evaluations.push({
      evalName,
      evaluation: found.evaluation,
      byOther: byOther?.evaluation ?? null,
      leftOut: found.leftOut,
      ...(found.costs === undefined ? {} : { costs: found.costs }),
    });
  }
  tell();
  const groups = await measureGroups(outcomes, embeddings, {
    ...{ evalNames, seed, whole, protocols: hasOther ? [protocol, other] : [protocol] },
    onProgress: (progress) => onProgress?.({ stage: "Evaluating groups", ...progress }),
  });
  return {
    evaluations,
    predictors: measured.flatMap(({ found }) => found.predictors),
    oracleCurves: measured.map(({ evalName, found: { evaluation, oracleCurve } }) => ({
      evalName,
      evaluation,
      curve: oracleCurve,
    })),
    optimism: measured.flatMap(({ found }) => found.optimism),
    groups,
    figures,
  };
}

function panelOf(
  { evaluation, oracleCurve }: MeasuredEvaluation,
  { evalName, bounds }: { readonly evalName: string; readonly bounds?: RouterBounds },
): PlotlyFigure {
  const systems = evaluation.systems.filter(({ comparedAs }) => DRAWN.includes(comparedAs)).map(({ name }) => name);
  return evaluationPanel(evaluation, {
    title: evalTitle(evalName),
    systems,
    reranks: DRAWN_RERANKS,
    oracleCurve,
    bounds,
  });
}

/** The prompts of some evaluations, cut as for the printed numbers. */
function paperSplitOf(outcomes: OutcomeTable, embeddings: Embeddings, names: readonly string[]): EvaluationData {
  const rows = rowsOfEvals(outcomes, names);
  const { testRows, ...parts } = paperSplitForEvaluation(
    selectPrompts(outcomes, rows),
    selectEmbeddings(embeddings, rows),
    { order: PRINTED_ORDER },
  );
  return { ...parts, testRows: testRows.map((row) => rows[row]) };
}

function hasListPrices({ models }: OutcomeTable): boolean {
  return models.every((model) => Object.hasOwn(PRICE_USD_PER_MILLION_TOKENS, model));
}

/** The curves that no router can beat, which are known where outcomes are simulated. */
function boundsOf(outcomes: OutcomeTable, { testRows }: EvaluationData): RouterBounds | undefined {
  return isSimulated(outcomes) ? routerBounds(selectSimulated(outcomes, testRows)) : undefined;
}

/** The vectors of a table's prompts. */
export function embedPrompts(outcomes: OutcomeTable, encoder: Encoder): Promise<Embeddings> {
  if (outcomes.prompts === null) {
    throw new TypeError(
      `Cannot embed the prompts as the table must have their texts: "${outcomes.source.name}" has none`,
    );
  }
  return encoder.encode(outcomes.prompts);
}
