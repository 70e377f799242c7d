import { normalCdf } from "../base/statistics.ts";
import { compareCurves, type CurveComparison } from "../evaluation/compare_curves.ts";
import type { Evaluation, MeasuredSystem } from "../evaluation/evaluate.ts";
import { isLearned } from "../experiments/evaluation_tables.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";
import { withoutMeaning } from "../experiments/without_meaning.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";
import { shortModelName } from "../outcomes/paper_table.ts";

/** What has to be known beside the evaluations. */
export interface ConclusionContext {
  /** Where the outcomes are from. */
  readonly kind: OutcomeSource["kind"];
  /** How many findings of an audit make a comparison wrong. */
  readonly nWrong: number;
}

/** Resamples of the one comparison that is made here: its ends are printed with two digits. */
const N_RESAMPLES = 2000;
/** The share of the best single model's quality at which a saving is told. */
const KEPT_SHARE = 0.95;
/** Of a gain this share is "most", and less than that "little". */
const MOST = 0.5;
const LITTLE = 0.1;
/** The router that knows nothing but which evaluation a prompt is from. */
const GROUP = "Group";

/**
 * What a reader may conclude from a run, in at most three sentences: whether the best learned router beats Zero on all
 * prompts together, how much of that is knowing which evaluation a prompt is from, and what it saves. Where nothing may
 * be concluded they say so, and why.
 *
 * The best router is the one that is best where settings are chosen: to pick it by its test prompts would flatter it.
 */
export function conclusionOf(evaluations: readonly NamedEvaluation[], context: ConclusionContext): string[] {
  const [{ evaluation, leftOut }, ...single] = evaluations;
  const { protocol } = evaluation;
  if (context.nWrong > 0) {
    return [
      `No conclusion is allowed before the table is mended: ${context.nWrong} of the audit's findings ${
        context.nWrong === 1 ? "makes" : "make"
      } any comparison wrong.`,
    ];
  }
  const nothing = withoutMeaning(evaluation);
  if (nothing !== null) return [`No conclusion is allowed: ${nothing.why}.`];
  const best = bestLearned(evaluation);
  if (best === null) {
    return [`No learned router was measured: ${leftOut ?? "none was asked for"}.`, ...saved(evaluation)];
  }
  const { againstZero } = best;
  if (protocol === "paper") {
    return [
      `By the paper's protocol no conclusion about gains is allowed, as settings are chosen on the prompts on which they are measured: ${best.name} seems to gain ${
        withInterval(againstZero!)
      } over Zero.`,
    ];
  }
  const isGain = againstZero!.interval[0] > 0;
  return [
    gainSentence(best, evaluation, context),
    ...(isGain ? shareSentences(best, evaluation, single) : []),
    ...saved(evaluation, isGain ? best : undefined),
  ];
}

/** The learned router that is best where settings are chosen; of equals the last, which is "Best router". */
export function bestLearned({ systems }: Evaluation): MeasuredSystem | null {
  const learned = systems.filter((system) => isLearned(system) && system.againstZero !== null);
  return learned.length === 0 ? null : learned.reduce((a, b) => b.aiqWhereChosen >= a.aiqWhereChosen ? b : a);
}

function gainSentence(
  { name, againstZero }: MeasuredSystem,
  { nPrompts }: Evaluation,
  { kind }: ConclusionContext,
): string {
  const found = againstZero!;
  const [low, high] = found.interval;
  const where = `these ${nPrompts.test.toLocaleString("en-US")} ${
    kind === "simulated" ? "simulated prompts" : "prompts"
  }`;
  const zero = "Zero, the lottery between models that looks at no prompt,";
  if (low > 0) return `On ${where} ${name} beats ${zero} by ${withInterval(found)} of AIQ.`;
  if (high < 0) return `On ${where} ${name} falls below ${zero} by ${withInterval(negative(found))} of AIQ.`;
  return `On ${where} no conclusion is allowed on whether a router beats ${zero.slice(0, -1)}: ${name} gains ${
    withInterval(found)
  } of AIQ, an interval that holds 0; only a gain of ${digits(found.smallestVisible)} or more would mostly have shown.`;
}

/** How much of a gain is knowing which evaluation a prompt is from. */
function shareSentences(best: MeasuredSystem, evaluation: Evaluation, single: readonly NamedEvaluation[]): string[] {
  const group = evaluation.systems.find(({ name }) => name === GROUP);
  const within = withinText(best, single);
  if (group === undefined || group.againstZero === null) return within === "" ? [] : [`${within}.`];
  const { costRangeUsd, seed } = evaluation;
  const rest = compareCurves(best.sample, group.sample, { costRangeUsd, nResamples: N_RESAMPLES, seed });
  const known = group.againstZero;
  const tail = within === "" ? "" : `; ${within[0].toLowerCase()}${within.slice(1)}`;
  const only = `knowing which evaluation a prompt is from, which alone (${GROUP}) gains ${withInterval(known)}`;
  if (rest.interval[0] > 0) {
    const share = known.difference / best.againstZero!.difference;
    return [`${share >= MOST ? "Most" : share < LITTLE ? "Little" : "A part"} of it is ${only}${tail}.`];
  }
  return [`That it is more than ${only}, is not shown${tail}.`];
}

/** On how many evaluations by themselves the router beats Zero, corrected for their number. */
function withinText({ name }: MeasuredSystem, single: readonly NamedEvaluation[]): string {
  const found = single.flatMap(({ evaluation }) => evaluation.systems.filter((system) => system.name === name));
  const nShown = shownByHolm(found.flatMap(({ againstZero }) => againstZero === null ? [] : [againstZero]));
  if (found.length === 0) return "";
  const corrected = found.length === 1 ? "" : ` (corrected for ${found.length} comparisons by Holm)`;
  if (nShown === 0) return `Within a single evaluation no gain is shown${corrected}`;
  return `Within ${nShown} of ${found.length} evaluations taken by themselves a gain is shown too${corrected}`;
}

/**
 * The number of differences above 0 that are shown at the 5 % level, all of them together, from their standard errors.
 *
 * **Source**: Holm 1979, *A Simple Sequentially Rejective Multiple Test Procedure*.
 */
function shownByHolm(differences: readonly CurveComparison[]): number {
  const tested = differences.map(({ difference, standardError }) => ({
    isGain: difference > 0,
    // A difference that never varies is of a router that is Zero there.
    p: standardError > 0 ? 2 * normalCdf(-Math.abs(difference) / standardError) : 1,
  })).sort((a, b) => a.p - b.p);
  const firstOpen = tested.findIndex(({ p }, at) => p > 0.05 / (tested.length - at));
  return tested.slice(0, firstOpen < 0 ? tested.length : firstOpen).filter(({ isGain }) => isGain).length;
}

/** What the router, or else Zero, saves where a share of the best single model's quality is kept. */
function saved({ systems, models }: Evaluation, router?: MeasuredSystem): string[] {
  const times = (system: MeasuredSystem | undefined): number | null =>
    system?.savings.find(({ qualityShare }) => qualityShare === KEPT_SHARE)?.timesCheaper ?? null;
  const best = models.toSorted((a, b) => b.quality - a.quality || a.costUsd - b.costUsd)[0];
  const ofZero = times(systems.find(({ family }) => family === "zero"));
  const own = times(router);
  const share = `${100 * KEPT_SHARE} % of the quality of ${shortModelName(best.model)}, the best single model,`;
  if (own !== null) {
    const beside = ofZero === null ? "Zero never reaches it" : `Zero: ${shareOfCost(ofZero)}`;
    return [`For ${share} it needs ${shareOfCost(own)} of that model's cost (${beside}).`];
  }
  return ofZero === null ? [] : [`For ${share} Zero needs ${shareOfCost(ofZero)} of that model's cost.`];
}

/** A cost as a share of another. */
function shareOfCost(timesCheaper: number): string {
  return `${(100 / timesCheaper).toFixed(timesCheaper > 20 ? 1 : 0)} %`;
}

function negative(
  { difference, interval: [low, high] }: CurveComparison,
): Pick<CurveComparison, "difference" | "interval"> {
  return { difference: -difference, interval: [-high, -low] };
}

/** A number of AIQ with its interval, such as ".035 [.018, .052]". */
function withInterval({ difference, interval }: Pick<CurveComparison, "difference" | "interval">): string {
  const decimals = Math.abs(difference) < 0.01 ? 4 : 3;
  return `${digits(difference, decimals)} [${interval.map((end) => digits(end, decimals)).join(", ")}]`;
}

function digits(value: number, decimals = Math.abs(value) < 0.01 ? 4 : 3): string {
  return value.toFixed(decimals).replace(/^-(0\.0+)$/, "$1").replace(/^(-?)0\./, "$1.").replace("-", "−");
}
