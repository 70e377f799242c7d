import { PAPER_EVAL_TITLES } from "../../outcomes/paper_table.ts";
import { PAPER_PANELS, paperOracleShares, paperPanel, type PaperPoint } from "../printed/panels.ts";
import {
  PAPER_EVAL_NAMES,
  PAPER_MODEL_ROWS,
  PAPER_ORACLE_ROW,
  paperTestPrompts,
  PRICE_USD_PER_MILLION_TOKENS,
} from "../../outcomes/paper_table.ts";
import { type ErratumRow, one, three } from "./_erratum.ts";

/** Quality of a guess on evaluations with a fixed number of choices: four, or two on Winogrande. */
const CHANCE: Readonly<Record<string, number>> = {
  "mmlu": 0.25,
  "hellaswag": 0.25,
  "arc-challenge": 0.25,
  "winogrande": 0.5,
};
/** The prompt and answer that Llama 2 can read, tokens (Touvron et al. 2023, arXiv:2307.09288). */
const LLAMA_2_CONTEXT_TOKENS = 4096;

/** Errata of outcomes, costs and judges: what the numbers say of the data. */
export function outcomeErrata(): ErratumRow[] {
  return [
    smallSample(),
    prices(),
    costRatio(),
    judgeIsOracle(),
    belowChance(),
    newerIsWorse(),
    gradedInQuarters(),
    constantRouters(),
    oracleOfCoinFlips(),
  ];
}

function rowOf(paperName: string): (typeof PAPER_MODEL_ROWS)[number] {
  return one(PAPER_MODEL_ROWS, (row) => row.paperName === paperName);
}

function standardError(quality: number, n: number): number {
  return Math.sqrt(quality * (1 - quality) / n);
}

function smallSample(): ErratumRow {
  const { printedAiq } = paperPanel(4, "mbpp"),
    n = paperTestPrompts("mbpp"),
    error = standardError(rowOf("GPT-4").quality.mbpp, n);
  const difference = Math.max(printedAiq.knn!, printedAiq.mlp!) - printedAiq.zero!;
  return {
    id: "small-sample",
    point: 2,
    title: "No interval is given, and test splits are small",
    where: "Figure 4, MBPP",
    printed: `Zero ${three(printedAiq.zero!)}, KNN ${three(printedAiq.knn!)}, MLP ${three(printedAiq.mlp!)}`,
    computed: `on ${n} prompts the standard error of one model's mean quality is ${
      three(error)
    } (GPT-4); the better router differs from Zero by ${three(Math.abs(difference))}`,
    evidence: { nPrompts: n, standardError: error, difference },
  };
}

function prices(): ErratumRow {
  const evalName = "hellaswag", row = rowOf("Llama 70B"), price = PRICE_USD_PER_MILLION_TOKENS[row.model].prompt / 1e6;
  const tokens = row.totalCostUsd[evalName] / paperTestPrompts(evalName) / price;
  return {
    id: "prices-ten-times-off",
    point: 4,
    title: "The reference code divides prices per million tokens by ten million",
    where: "Price table of the reference code; Table 1, HellaSwag, Llama 70B",
    printed: `${row.totalCostUsd[evalName]} USD for ${paperTestPrompts(evalName)} prompts`,
    computed: `at the list price ${Math.round(tokens)} tokens a prompt, at the code's ${
      Math.round(10 * tokens)
    }, where the model reads ${LLAMA_2_CONTEXT_TOKENS}`,
    evidence: { tokensAtListPrice: tokens, tokensAtCodesPrice: 10 * tokens, contextTokens: LLAMA_2_CONTEXT_TOKENS },
  };
}

/** What the decision takes for a cost against what was paid. */
function costRatio(): ErratumRow {
  const [dear, cheap] = [rowOf("GPT-4"), rowOf("Mistral 7B")];
  const [dearPrice, cheapPrice] = [dear, cheap].map(({ model }) => PRICE_USD_PER_MILLION_TOKENS[model]).map((price) =>
    price.prompt + price.completion
  );
  const paid = PAPER_EVAL_NAMES.map((evalName) => dear.totalCostUsd[evalName] / cheap.totalCostUsd[evalName]);
  return {
    id: "cost-ignores-length",
    point: 4,
    title: "Predictive routers decide by one price a model, whatever the lengths of prompts and answers",
    where: "Table 1, GPT-4 and Mistral 7B",
    printed: "total costs on seven evaluations",
    computed: `GPT-4 ÷ Mistral 7B: ${(dearPrice / cheapPrice).toFixed(0)} in every decision, ${
      Math.min(...paid).toFixed(0)
    } to ${Math.max(...paid).toFixed(0)} paid`,
    evidence: { decided: dearPrice / cheapPrice, leastPaid: Math.min(...paid), mostPaid: Math.max(...paid) },
  };
}

function judgeIsOracle(): ErratumRow {
  const gaps = PAPER_PANELS.filter(({ figure }) => figure === 5 || figure === 8).map(({ evalName, systems }) => {
    const best = Math.max(...one(systems, ({ errorRate }) => errorRate === 0).points.map(({ quality }) => quality));
    return { evalName, best, gap: best - PAPER_ORACLE_ROW.quality[evalName] };
  });
  const widest = gaps.reduce((a, b) => Math.abs(b.gap) > Math.abs(a.gap) ? b : a),
    mmlu = one(gaps, ({ evalName }) => evalName === "mmlu");
  return {
    id: "judge-is-the-oracle",
    point: 4,
    title: "The cascade's judge knows the outcome: without errors it reaches the oracle",
    where: "Figures 5 and 8, error rate 0; Table 1, Oracle",
    printed: `MMLU: Oracle ${three(PAPER_ORACLE_ROW.quality.mmlu)}`,
    computed: `MMLU: cascade ${three(mmlu.best)}; on ${gaps.length} evaluations at most ${
      three(Math.abs(widest.gap))
    } from the oracle (${PAPER_EVAL_TITLES[widest.evalName]})`,
    evidence: { mmlu: mmlu.best, widestGap: widest.gap, nEvaluations: gaps.length },
  };
}

function belowChance(): ErratumRow {
  const below = Object.entries(CHANCE).flatMap(([evalName, chance]) =>
    PAPER_MODEL_ROWS.map(({ paperName, quality }) => {
      return {
        evalName,
        paperName,
        quality: quality[evalName],
        z: (quality[evalName] - chance) / standardError(chance, paperTestPrompts(evalName)),
      };
    })
  );
  const worse = below.filter(({ z }) => z < 0),
    unclear = below.filter(({ z }) => Math.abs(z) < 2),
    lowest = worse.reduce((a, b) => b.z < a.z ? b : a);
  return {
    id: "below-chance",
    point: 5,
    title: "Models answer worse than a guess, or no better",
    where: "Table 1, evaluations with given choices",
    printed: worse.map(({ evalName, paperName, quality }) =>
      `${paperName} on ${PAPER_EVAL_TITLES[evalName]} ${three(quality)}`
    ).join(", "),
    computed: `chance is ${CHANCE[lowest.evalName]}: ${
      (-lowest.z).toFixed(1)
    } standard errors below it; within two of chance: ${
      unclear.map(({ paperName, evalName }) => `${paperName} on ${PAPER_EVAL_TITLES[evalName]}`).join(", ")
    }`,
    evidence: { nBelow: worse.length, lowestZ: lowest.z, nWithinTwoErrors: unclear.length },
  };
}

function newerIsWorse(): ErratumRow {
  const [older, newer] = [rowOf("Claude V1"), rowOf("Claude V2")];
  const changes = PAPER_EVAL_NAMES.map((evalName) => ({
    evalName,
    change: newer.quality[evalName] - older.quality[evalName],
  }));
  const [first, second] = changes.toSorted((a, b) => a.change - b.change);
  return {
    id: "refusals-scored-zero",
    point: 5,
    title: "Claude V2 falls far below Claude V1 on two evaluations",
    where: "Table 1",
    printed: [first, second].map(({ evalName }) =>
      `${PAPER_EVAL_TITLES[evalName]} ${three(older.quality[evalName])} and ${three(newer.quality[evalName])}`
    ).join("; "),
    computed: `${
      [first, second].map(({ evalName, change }) => `${PAPER_EVAL_TITLES[evalName]} −${three(-change)}`).join(", ")
    }, on ${
      changes.filter(({ change }) => change > 0).length
    } of ${changes.length} evaluations better; in the released 5-shot file its answers that begin “I do…” are scored 0`,
    evidence: { largestFall: first.change, secondFall: second.change },
  };
}

function gradedInQuarters(): ErratumRow {
  const evalName = "grade-school-math",
    none = paperOracleShares(evalName).no_model_correct,
    quality = PAPER_ORACLE_ROW.quality[evalName];
  return {
    id: "gsm8k-in-quarters",
    point: 5,
    title: "GSM8K is not graded right or wrong",
    where: "Table 1, Oracle, and Figure 3, GSM8K",
    printed: `Oracle ${three(quality)}; no model correct on ${none.toFixed(2)}`,
    computed: `were answers right or wrong, the oracle would be ${
      three(1 - none)
    }: the best answer to a prompt is worth ${three(quality)} on average`,
    evidence: { oracle: quality, oracleIfRightOrWrong: 1 - none },
  };
}

/** Routers that send every prompt to one model at each setting. */
function constantRouters(): ErratumRow {
  const isSame = (a: PaperPoint, b: PaperPoint): boolean =>
    Math.abs(a.costUsd - b.costUsd) < 2e-4 && Math.abs(a.quality - b.quality) < 2e-4;
  const routers = PAPER_PANELS.filter(({ figure }) => figure === 4).flatMap(({ evalName, models, systems }) =>
    systems.filter(({ router }) => router !== "zero").map(({ router, points }) => ({
      name: `${router.toUpperCase()} on ${PAPER_EVAL_TITLES[evalName]}`,
      isConstant: points.every((point) => models.some((model) => isSame(point, model))),
    }))
  );
  const constant = routers.filter(({ isConstant }) => isConstant);
  return {
    id: "constant-routers",
    point: 6,
    title: "Learned routers that give every prompt to one model",
    where: "Figure 4",
    printed: `${routers.length} sweeps of 26 settings`,
    computed: `in ${constant.length} every point is a single model's: ${constant.map(({ name }) => name).join(", ")}`,
    evidence: { nRouters: routers.length, nConstant: constant.length },
  };
}

function oracleOfCoinFlips(): ErratumRow {
  const flips = 1 - 0.5 ** PAPER_MODEL_ROWS.length, quality = PAPER_ORACLE_ROW.quality.winogrande;
  return {
    id: "oracle-is-luck",
    point: 7,
    title: "The oracle is the best of eleven draws",
    where: "Table 1, Winogrande, Oracle",
    printed: three(quality),
    computed: `eleven coin flips for a question with two answers have an oracle of ${
      flips.toFixed(4)
    }; the best model has ${three(Math.max(...PAPER_MODEL_ROWS.map((row) => row.quality.winogrande)))}`,
    evidence: { coinFlips: flips, oracle: quality },
  };
}
