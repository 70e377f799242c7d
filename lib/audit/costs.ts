import { quantileOfSorted } from "../base/quantile.ts";
import { counted, isOrAre } from "../base/words.ts";
import { type AuditFinding, finding, MOST_EXAMPLES, roughPercent } from "./finding.ts";
import type { PriceList } from "../outcomes/price_list.ts";
import { modelMeans, type OutcomeTable } from "../outcomes/outcome_table.ts";

const SOME = 0.01;
/** An outlying cost is ten times off the median of its model and evaluation, and eight deviations of the logs. */
const FAR_FACTOR = 10;
const FAR_DEVIATIONS = 8;
/** Median absolute deviation to standard deviation, for a normal law. */
const MAD_TO_SD = 1.4826;
const LEAST_PROMPTS = 20;
/** A response that costs more than this on average is more likely a sum, or in another currency. */
const DEAR_USD = 1;
/** English has about four characters a token; as languages differ, only a gross contradiction is reported. */
const CHARACTERS_PER_TOKEN = 4;
const TOO_CHEAP = 0.4;
const TOO_DEAR = 100;

/** Zero and outlying costs, costs in another unit, costs that contradict prices. */
export function auditCosts(table: OutcomeTable, priceList: PriceList): AuditFinding[] {
  const { models, promptIds: { length: n }, costUsd } = table;
  const nFree = new Array<number>(models.length).fill(0);
  costUsd.forEach((cost, at) => cost === 0 && nFree[at % models.length]++);
  return [
    ...noChoice(modelMeans(table).costUsd),
    ...freeOutcomes({ models, n, nFree }),
    ...outliers(table),
    ...unit(table),
    ...againstPrices(table, priceList),
  ];
}

/** Models whose mean costs, `[m]`, are equal. */
export function noChoice(means: ArrayLike<number>): AuditFinding[] {
  const m = means.length;
  const all = Array.from(means);
  if (all.every((mean) => mean === 0) || Math.min(...all) < Math.max(...all)) return [];
  return [finding("no-choice", {
    severity: "wrong",
    concerns: [m, m, "models"],
    summary: m === 1
      ? "There is one model: nothing to choose between"
      : `All ${m} models cost the same on average, ${
        means[0].toPrecision(3)
      } USD: there is nothing to trade quality against`,
    remedy: m === 1 ? "Add the outcomes of a second model" : "Look whether one price was written to all",
  })];
}

/** Outcomes without cost; `nFree` counts them model by model on n prompts. */
export function freeOutcomes(
  { models, n, nFree: counts }: {
    readonly models: readonly string[];
    readonly n: number;
    readonly nFree: readonly number[];
  },
): AuditFinding[] {
  const m = models.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  const isAll = total === n * m;
  const isMixed = counts.some((count) => count >= SOME * n && count < n);
  return [finding("zero-cost", {
    severity: isAll || isMixed ? "wrong" : "look",
    concerns: [total, n * m, "outcomes"],
    summary: isAll
      ? "No outcome costs anything: there is nothing to trade quality against"
      : `${counted(total, "outcome")} (${roughPercent(total / (n * m))}) ${isOrAre(total)} without cost${
        isMixed ? ": a model that is free on some prompts and not on others has lost costs" : ""
      }`,
    examples: [...counts.keys()].filter((j) => counts[j] > 0).sort((a, b) => counts[b] - counts[a]).slice(
      0,
      MOST_EXAMPLES,
    ).map((j) => `${models[j]}: ${counts[j]} of ${n}`),
    remedy:
      'Where a cost is not known, leave the cell empty and load with missing: "drop"; give a model of your own the price of its hardware',
  })];
}

function outliers(table: OutcomeTable): AuditFinding[] {
  const { models, promptIds, evalNames, costUsd } = table;
  const m = models.length;
  const found: { text: string; factor: number }[] = [];
  let rules = false;
  for (const [evalName, rows] of Map.groupBy(promptIds.keys(), (i) => evalNames[i])) {
    if (rows.length < LEAST_PROMPTS) continue;
    for (let j = 0; j < m; j++) {
      const costs = rows.map((i) => costUsd[i * m + j]);
      const logs = Float64Array.from(costs.filter((cost) => cost > 0), Math.log).sort();
      if (logs.length < LEAST_PROMPTS) continue;
      const median = quantileOfSorted(logs, 0.5);
      const spread = MAD_TO_SD * quantileOfSorted(logs.map((log) => Math.abs(log - median)).sort(), 0.5);
      const far = Math.max(Math.log(FAR_FACTOR), FAR_DEVIATIONS * spread);
      const isFar = (cost: number): boolean => cost > 0 && Math.abs(Math.log(cost) - median) > far;
      rows.forEach((i, at) => {
        if (!isFar(costs[at])) return;
        const factor = costs[at] / Math.exp(median);
        const times = factor > 1 ? `${factor.toFixed(0)}×` : `1/${(1 / factor).toFixed(0)} of`;
        found.push({
          text: `${models[j]} on ${promptIds[i]}: ${costs[at].toPrecision(3)} USD, ${times} its median on ${evalName}`,
          factor,
        });
      });
      const sum = (values: readonly number[]): number => values.reduce((total, cost) => total + cost, 0);
      if (sum(costs.filter((cost) => isFar(cost))) > sum(costs) / 2) rules = true;
    }
  }
  if (found.length === 0) return [];
  return [finding("outlying-cost", {
    severity: rules ? "wrong" : "look",
    concerns: [found.length, costUsd.length, "outcomes"],
    summary: `${counted(found.length, "outcome")} ${
      found.length === 1 ? "costs" : "cost"
    } at least ten times more or less than is usual for the model and evaluation${
      rules ? ", and make up more than half of a model's whole cost" : ""
    }`,
    examples: found.sort((a, b) => Math.abs(Math.log(b.factor)) - Math.abs(Math.log(a.factor))).slice(
      0,
      MOST_EXAMPLES,
    )
      .map(({ text }) => text),
    remedy: "Look whether retries were added up, a response ran to its limit, or a unit differs",
  })];
}

function unit(table: OutcomeTable): AuditFinding[] {
  const means = modelMeans(table).costUsd;
  const dear = [...means.keys()].filter((j) => means[j] > DEAR_USD);
  if (dear.length * 2 <= means.length) return [];
  return [finding("cost-unit", {
    severity: "look",
    concerns: [dear.length, means.length, "models"],
    summary: `${counted(dear.length, "model")} ${
      dear.length === 1 ? "costs" : "cost"
    } more than ${DEAR_USD} USD a response on average`,
    examples: dear.sort((a, b) => means[b] - means[a]).slice(0, MOST_EXAMPLES).map((j) =>
      `${table.models[j]}: ${means[j].toPrecision(3)} USD`
    ),
    remedy: "Look whether the costs are sums, prices of a million tokens, or not in USD",
  })];
}

function againstPrices({ models, promptIds, prompts, costUsd }: OutcomeTable, priceList: PriceList): AuditFinding[] {
  if (prompts === null) return [];
  const m = models.length;
  const found: string[] = [];
  let nLooked = 0;
  models.forEach((model, j) => {
    const price = Object.hasOwn(priceList, model) ? priceList[model].prompt : 0;
    const ratios = Float64Array.from(
      promptIds.flatMap((_, i) =>
        prompts[i].length > 0 ? [costUsd[i * m + j] / (prompts[i].length / CHARACTERS_PER_TOKEN * price / 1e6)] : []
      ),
    ).sort();
    if (price === 0 || ratios.length < LEAST_PROMPTS) return;
    nLooked++;
    const ratio = quantileOfSorted(ratios, 0.5);
    if (ratio < TOO_CHEAP || ratio > TOO_DEAR) {
      found.push(
        `${model}: half of the responses cost ${ratio < TOO_CHEAP ? "less" : "more"} than ${
          ratio.toPrecision(2)
        } times what reading the prompt costs at ${price} USD a million tokens`,
      );
    }
  });
  if (found.length === 0) return [];
  return [finding("cost-against-price", {
    severity: "look",
    concerns: [found.length, nLooked, "models"],
    summary: `${counted(found.length, "model")} ${
      found.length === 1 ? "costs" : "cost"
    } what the list price and the prompts' lengths cannot explain`,
    remedy: "Look at the unit and the price list; load with token counts and priceList to check each outcome",
    examples: found.slice(0, MOST_EXAMPLES),
  })];
}
