import { type Embeddings, type Encoder, selectEmbeddings } from "../embeddings/embeddings.ts";
import { type RouterBounds, routerBounds } from "../evaluation/bounds.ts";
import { evaluateRouters, type Evaluation, type Protocol, type RouterRecipe } from "../evaluation/evaluate.ts";
import { type EvaluationData, paperSplitForEvaluation, restrictToEvals, splitForEvaluation } from "../evaluation/evaluation_data.ts";
import { knnRecipes } from "../evaluation/knn_recipes.ts";
import { evaluationPanel } from "../figures/evaluation_panel.ts";
import type { PlotlyFigure } from "../figures/plotly_figure.ts";
import { evalNamesOf, type OutcomeTable, rowsOfEvals, selectPrompts } from "../outcomes/outcome_table.ts";
import { PAPER_EVAL_TITLES } from "../outcomes/paper_figures.ts";
import { PAPER_EVAL_NAMES, PRICE_USD_PER_MILLION_TOKENS } from "../outcomes/paper_table.ts";
import { isSimulated, selectSimulated } from "../outcomes/simulate_outcomes.ts";
import { fitLinearRouter } from "../routers/linear.ts";
import { fitMlpRouter } from "../routers/mlp.ts";
import type { NamedEvaluation } from "./tables.ts";

/** What a run is told. */
export interface ReproduceOptions {
  /** One seed for splits, networks and resamples. */
  readonly seed: number;
  /** The protocol that is shown; evaluations are run by the other too, to show what the change does. */
  readonly protocol: Protocol;
  /** Evaluations, each every name that begins so; default the paper's that are there, else all. */
  readonly evalNames?: readonly string[];
  /** Called before each evaluation. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** What a run found. */
export interface Reproduction {
  /** Pooled first, then each evaluation. */
  readonly evaluations: readonly NamedEvaluation[];
  /** A panel for each, by the same names. */
  readonly figures: ReadonlyMap<string, PlotlyFigure>;
}

/** The evaluation of all prompts together. */
export const POOLED = "pooled";

/** With fewer prompts to learn from, learned routers are left out, as the paper does with MT-Bench's 80. */
const LEAST_TO_LEARN_FROM = 100;

/** The rates of the judge's errors that the run shows, of the paper's eight. */
const JUDGE_ERRORS: readonly number[] = [0, 0.01, 0.1, 0.2];

/** The systems that a panel draws: of the variants of one family the paper's best. */
const DRAWN: readonly string[] = ["Zero", "KNN, k = 40", "MLP, 100-100", "Linear", "Cascade, ε = 0.1"];

/** The weight of the ridge penalty: scikit-learn's default. */
const RIDGE_ALPHA = 1;

/** The routers of the paper, with its settings, and the linear one of later work. */
export function paperRouters(seed: number): RouterRecipe[] {
  return [
    ...knnRecipes([5, 10, 40]),
    { family: "mlp", fit: (train) => fitMlpRouter(train, { hiddenSizes: [100, 100], seed }) },
    { family: "linear", fit: (train) => fitLinearRouter(train, { alpha: RIDGE_ALPHA }) },
  ];
}

/** The evaluations of a run: those asked for, else the paper's that the table has, else all the table's. */
export function evaluationsOf(table: OutcomeTable, asked?: readonly string[]): string[] {
  if (asked !== undefined) return [...asked];
  const known = evalNamesOf(table);
  const ofPaper = PAPER_EVAL_NAMES.filter((name) => known.some((evalName) => evalName.startsWith(name)));
  return ofPaper.length > 0 ? ofPaper : known;
}

/**
 * Runs Zero, oracle, KNN, MLP, linear and cascades on outcomes, pooled and per evaluation, and draws a panel for each.
 *
 * @param outcomes the outcomes; only prompts of the chosen evaluations are used
 * @param embeddings their prompts' vectors
 * @throws RangeError for an evaluation that the table does not have
 */
export async function reproducePaper(outcomes: OutcomeTable, embeddings: Embeddings, options: ReproduceOptions): Promise<Reproduction> {
  const { seed, protocol, onProgress } = options;
  const evalNames = evaluationsOf(outcomes, options.evalNames);
  const data = splitForEvaluation(outcomes, embeddings, { seed });
  const groups = [
    ...(evalNames.length > 1 ? [{ evalName: POOLED, names: evalNames }] : []),
    ...evalNames.map((evalName) => ({ evalName, names: [evalName] })),
  ];
  const evaluations: NamedEvaluation[] = [], figures = new Map<string, PlotlyFigure>();
  for (const { evalName, names } of groups) {
    onProgress?.({ done: evaluations.length, total: groups.length });
    const both = { ours: restrictToEvals(data, names), paper: paperSplitOf(outcomes, embeddings, names) };
    const evaluation = await evaluateBy(protocol, both[protocol], seed);
    const other = protocol === "ours" ? "paper" : "ours";
    // The paper has nothing pooled to compare with, and a table of unknown models no list prices.
    const hasOther = evalName !== POOLED && (other === "ours" || hasListPrices(outcomes));
    const byOther = hasOther ? await evaluateBy(other, both[other], seed) : null;
    evaluations.push({ evalName, evaluation, byOther, leftOut: leftOutOf(protocol, both[protocol]) });
    const systems = evaluation.systems.map(({ name }) => name).filter((name) => DRAWN.includes(name));
    figures.set(evalName, evaluationPanel(evaluation, { title: evalTitle(evalName), systems, bounds: boundsOf(outcomes, both[protocol]) }));
  }
  onProgress?.({ done: groups.length, total: groups.length });
  return { evaluations, figures };
}

/** The prompts of some evaluations, cut as the paper cuts them. */
function paperSplitOf(outcomes: OutcomeTable, embeddings: Embeddings, names: readonly string[]): EvaluationData {
  const rows = rowsOfEvals(outcomes, names),
    { testRows, ...parts } = paperSplitForEvaluation(selectPrompts(outcomes, rows), selectEmbeddings(embeddings, rows));
  return { ...parts, testRows: testRows.map((row) => rows[row]) };
}

function hasListPrices({ models }: OutcomeTable): boolean {
  return models.every((model) => model in PRICE_USD_PER_MILLION_TOKENS);
}

function evaluateBy(protocol: Protocol, data: EvaluationData, seed: number): Promise<Evaluation> {
  const recipes = leftOutOf(protocol, data) === null ? paperRouters(seed) : [];
  return evaluateRouters(data, recipes, { protocol, judgeErrors: JUDGE_ERRORS, seed });
}

/** Why learned routers are left out, if they are. */
function leftOutOf(protocol: Protocol, { fit, train }: EvaluationData): string | null {
  const nLearned = (protocol === "ours" ? fit : train).outcomes.promptIds.length;
  return nLearned >= LEAST_TO_LEARN_FROM
    ? null
    : `learned routers left out: ${nLearned} prompts to learn from, ${LEAST_TO_LEARN_FROM} are needed`;
}

/** The curves no router can beat, where outcomes are simulated. */
function boundsOf(outcomes: OutcomeTable, { testRows }: EvaluationData): RouterBounds | undefined {
  return isSimulated(outcomes) ? routerBounds(selectSimulated(outcomes, testRows)) : undefined;
}

/** The vectors of a table's prompts. */
export function embedPrompts(outcomes: OutcomeTable, encoder: Encoder): Promise<Embeddings> {
  if (outcomes.prompts === null) {
    throw new TypeError(`Cannot embed the prompts as the table must have their texts: "${outcomes.source.name}" has none`);
  }
  return encoder.encode(outcomes.prompts);
}

/** An evaluation's name as the paper writes it. */
export function evalTitle(evalName: string): string {
  return evalName === POOLED ? "All evaluations" : PAPER_EVAL_TITLES[evalName] ?? evalName;
}
