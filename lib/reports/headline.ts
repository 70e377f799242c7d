import type { Evaluation } from "../evaluation/evaluate.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";
import { evalTitle } from "../experiments/evaluation_names.ts";
import { counted, escapeHtml, signed } from "../base/words.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";
import { withoutMeaning } from "../experiments/without_meaning.ts";
import { PROTOCOLS } from "../paper/run/summary.ts";
import { bestLearned } from "./conclusion.ts";

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
  warehouse: { value: "recorded", detail: "a table in a warehouse, of which only sums were read" },
};

/**
 * The main numbers of a run, from its first evaluation.
 *
 * The best learned router is the one that is best where settings are chosen, as a choice on the test prompts would
 * flatter it.
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

function learnedNumber(evaluation: Evaluation, leftOut: string | null): HeadlineNumber {
  const name = "Best router over Zero";
  const best = bestLearned(evaluation);
  if (best === null) return { name, value: "–", detail: leftOut ?? "no learned router ran" };
  const { value, detail } = gain(best);
  return {
    ...{ name, value },
    detail: `${detail}; ${best.name}, AIQ ${best.aiqFormula.toFixed(4)}, best where settings are chosen`,
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

/** What may be concluded, and the numbers as cards. */
export function headlineHtml(conclusion: readonly string[], numbers: readonly HeadlineNumber[]): string {
  const sentences = conclusion.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join("");
  const cards = numbers.map(({ name, value, detail }) =>
    `<div><dt>${escapeHtml(name)}</dt><dd class="value">${escapeHtml(value)}</dd><dd class="detail">${
      escapeHtml(detail)
    }</dd></div>`
  );
  return `<div class="conclusion">${sentences}</div>\n<dl class="headline">${cards.join("")}</dl>\n`;
}
