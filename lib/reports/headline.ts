import { DEFAULT_RESAMPLES } from "../evaluation/compare_curves.ts";
import type { Evaluation } from "../evaluation/evaluate.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";
import { evalTitle } from "../experiments/evaluation_names.ts";
import { counted, escapeHtml, signed } from "../base/words.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";
import { isLearned } from "../experiments/evaluation_tables.ts";
import { withoutMeaning } from "../experiments/without_meaning.ts";
import { PROTOCOLS } from "../paper/run/summary.ts";

/** One number that a reader looks for first. */
export interface HeadlineNumber {
  /** What it is. */
  readonly name: string;
  /** The number, or a word. */
  readonly value: string;
  /** An explanation of it. */
  readonly detail: string;
}

/** The rate of errors of the cascade's judge in the headline. */
const JUDGE_ERROR = "Cascade, ε = 0.1";

const KINDS: Readonly<Record<OutcomeSource["kind"], { readonly value: string; readonly detail: string }>> = {
  simulated: { value: "simulated", detail: "calibrated on the paper's Table 1; not the released data" },
  released: { value: "recorded", detail: "the released RouterBench files" },
  file: { value: "recorded", detail: "a file of the user's own" },
};

/** How the columns of a readable table are to be read. */
export const READING =
  `AIQ, formula: area under the hull over the range from the cheapest to the dearest model's mean cost. AIQ, reference code: the rule \
behind the values printed in the RouterBench paper. Over Zero: difference of the formula's AIQ, with a 95 % interval from \
${
    DEFAULT_RESAMPLES.toLocaleString("en-US")
  } paired resamples of the test prompts. p, adjusted: chance that any of the systems compared shows \
so large a difference, in standard errors, where none differs from Zero (max-t over the same resamples). Cheaper: cost of the best single \
model ÷ least cost for 95 % of its quality.`;

/**
 * The main numbers of a run, from its first evaluation.
 *
 * The best learned router is the one that is best where settings are chosen, as a choice on the test prompts would flatter it.
 */
export function headlineOf(
  { evalName, evaluation, leftOut }: NamedEvaluation,
  kind: OutcomeSource["kind"],
): HeadlineNumber[] {
  const { systems, oracle, nPrompts, protocol, models } = evaluation;
  const zero = systems.find(({ family }) => family === "zero");
  const nothing = withoutMeaning(evaluation);
  const meant = (number: HeadlineNumber, isGain = false): HeadlineNumber =>
    nothing === null || (nothing.what === "gains" && !isGain) ? number : { ...number, value: "–", detail: nothing.why };
  return [
    { name: "Outcomes", ...KINDS[kind] },
    {
      name: "What was measured",
      value: counted(nPrompts.test, "test prompt"),
      detail: `${evalTitle(evalName)}; ${counted(models.length, "model")}`,
    },
    { name: "Protocol", value: PROTOCOLS[protocol].name, detail: PROTOCOLS[protocol].says },
    ...(zero === undefined ? [] : [meant({
      name: "Zero: the line to beat",
      value: zero.aiqFormula.toFixed(4),
      detail: "AIQ (formula) of mixes of models that look at no prompt",
    })]),
    meant(learnedNumber(evaluation, leftOut), true),
    ...cascadeNumber(evaluation).map((number) => meant(number, true)),
    meant({
      name: "Oracle",
      value: oracle.quality.toFixed(4),
      detail: `mean quality if the best model were known for each prompt, at ${
        oracle.costUsd.toPrecision(2)
      } USD a prompt`,
    }),
  ];
}

function learnedNumber({ systems }: Evaluation, leftOut: string | null): HeadlineNumber {
  const learned = systems.filter(isLearned);
  const name = "Best router over Zero";
  if (learned.length === 0) return { name, value: "–", detail: leftOut ?? "no learned router ran" };
  const best = learned.reduce((a, b) => b.aiqWhereChosen > a.aiqWhereChosen ? b : a);
  return {
    name,
    ...gain(best),
    detail: `${gain(best).detail}; ${best.name}, AIQ ${best.aiqFormula.toFixed(4)}, best where settings are chosen`,
  };
}

function cascadeNumber({ systems }: Evaluation): HeadlineNumber[] {
  const cascade = systems.find(({ name }) => name === JUDGE_ERROR);
  if (cascade === undefined) return [];
  const { value, detail } = gain(cascade);
  return [{
    name: "Cascade over Zero",
    value,
    detail: `${detail}; its judge knows the outcome and errs at a rate of 0.1`,
  }];
}

function gain({ againstZero }: Evaluation["systems"][number]): { readonly value: string; readonly detail: string } {
  if (againstZero === null) return { value: "–", detail: "not compared" };
  return {
    value: signed(againstZero.difference, 4),
    detail: `95 % interval [${againstZero.interval.map((end) => signed(end, 4)).join(", ")}]`,
  };
}

/** The numbers as cards in HTML. */
export function headlineHtml(numbers: readonly HeadlineNumber[]): string {
  const cards = numbers.map(({ name, value, detail }) =>
    `<div><dt>${escapeHtml(name)}</dt><dd class="value">${escapeHtml(value)}</dd><dd class="detail">${
      escapeHtml(detail)
    }</dd></div>`
  );
  return `<dl class="headline">${cards.join("")}</dl>\n`;
}
