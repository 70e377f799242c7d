import type { Evaluation, Protocol } from "../evaluation/evaluate.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";
import { evalTitle } from "../experiments/evaluation_names.ts";
import { escapeHtml, signed } from "../base/words.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";
import { isLearned } from "../experiments/evaluation_tables.ts";

/** One number that a reader looks for first. */
export interface HeadlineNumber {
  /** What it is. */
  readonly name: string;
  /** The number, or a word. */
  readonly value: string;
  /** What has to be known to read it. */
  readonly detail: string;
}

/** The rate of errors of the cascade's judge in the headline. */
const JUDGE_ERROR = "Cascade, ε = 0.1";

const KINDS: Readonly<Record<OutcomeSource["kind"], { readonly value: string; readonly detail: string }>> = {
  simulated: { value: "simulated", detail: "calibrated on the paper's Table 1; not the released data" },
  released: { value: "recorded", detail: "the released RouterBench files" },
  file: { value: "recorded", detail: "a file of the user's own" },
};

const PROTOCOLS: Readonly<Record<Protocol, { readonly value: string; readonly detail: string }>> = {
  ours: {
    value: "ours",
    detail: "settings of every system, Zero included, chosen on validation prompts, measured on test prompts",
  },
  paper: {
    value: "the paper's",
    detail: "settings chosen and measured on the same test prompts, which flatters every system",
  },
};

/**
 * What a run found in one glance, from its first evaluation.
 *
 * The best learned router is the one that is best where settings are chosen: to pick it by its test prompts would flatter it.
 */
export function headlineOf(
  { evalName, evaluation, leftOut }: NamedEvaluation,
  kind: OutcomeSource["kind"],
): HeadlineNumber[] {
  const { systems, oracle, nPrompts, protocol, models } = evaluation,
    zero = systems.find(({ family }) => family === "zero");
  return [
    { name: "Outcomes", ...KINDS[kind] },
    {
      name: "What was measured",
      value: `${nPrompts.test.toLocaleString("en-US")} test prompts`,
      detail: `${evalTitle(evalName)}; ${models.length} models`,
    },
    { name: "Protocol", ...PROTOCOLS[protocol] },
    ...(zero === undefined ? [] : [{
      name: "Zero: the line to beat",
      value: zero.aiqFormula.toFixed(4),
      detail: "AIQ (formula) of mixes of models that look at no prompt",
    }]),
    learnedNumber(evaluation, leftOut),
    ...cascadeNumber(evaluation),
    {
      name: "Oracle",
      value: oracle.quality.toFixed(4),
      detail: `mean quality if the best model were known for each prompt, at ${
        oracle.costUsd.toPrecision(2)
      } USD a prompt`,
    },
  ];
}

function learnedNumber({ systems }: Evaluation, leftOut: string | null): HeadlineNumber {
  const learned = systems.filter(isLearned), name = "Best router over Zero";
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

/** The numbers as cards. */
export function headlineHtml(numbers: readonly HeadlineNumber[]): string {
  const cards = numbers.map(({ name, value, detail }) =>
    `<div><dt>${escapeHtml(name)}</dt><dd class="value">${escapeHtml(value)}</dd><dd class="detail">${
      escapeHtml(detail)
    }</dd></div>`
  );
  return `<dl class="headline">${cards.join("")}</dl>\n`;
}
