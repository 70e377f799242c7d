import { signed } from "../../base/words.ts";
import { nonDecreasingHull } from "../../plane/non_decreasing_hull.ts";
import { aiq } from "../../evaluation/aiq.ts";
import { QUALITY_SHARES, savings } from "../../evaluation/savings.ts";
import { PAPER_PANELS, type PaperPanel, paperSystemName } from "./panels.ts";
import {
  PAPER_EVAL_NAMES,
  PAPER_MODEL_ROWS,
  paperModelPoints,
  PRICE_USD_PER_MILLION_TOKENS,
} from "../../outcomes/paper_table.ts";
import { panelWidths, plottedAiq } from "./aiq.ts";
import { printedBreakEvenRows, printedErrorRateRows } from "./_cascades.ts";

/** How many times cheaper than the best model another one is that has a share of its quality, from Table 1. */
export interface PrintedSavingRow {
  /** One of Table 1's evaluations. */
  readonly evalName: string;
  /** Share x of the best model's quality. */
  readonly qualityShare: number;
  /** The model with the greatest quality (of equals the cheapest). */
  readonly bestModel: string;
  /** The model of the least total cost with quality ≥ x · the best one's. */
  readonly cheapestModel: string;
  /** Total cost of the best model ÷ that of the cheapest. */
  readonly timesCheaper: number;
  /** Price of a million prompt tokens, best ÷ cheapest by cost. */
  readonly timesCheaperPromptPrice: number;
  /** Price of a million completion tokens, best ÷ cheapest by cost. */
  readonly timesCheaperCompletionPrice: number;
  /** Total cost of the best model ÷ that of the Zero router's mix with the same quality. */
  readonly timesCheaperByMixing: number;
}

/** A predictive router's AIQ over Zero's in Figure 4. */
export interface PrintedNearZeroRow {
  /** The panel's evaluation. */
  readonly evalName: string;
  /** `KNN` or `MLP`. */
  readonly router: string;
  /** The printed difference. */
  readonly printed: number;
  /** By the reference code's rule, of the hulls as they are drawn. */
  readonly referenceCode: number;
  /** By the paper's formula. */
  readonly formula: number;
}

/** Why the Zero router of one evaluation has two printed AIQs. */
export interface PrintedZeroRow {
  /** The evaluation. */
  readonly evalName: string;
  /** Printed in Figure 4. */
  readonly printedInFigure4: number;
  /** Printed in Figure 5 or 8. */
  readonly printedWithCascades: number;
  /** Change by newer prices: the cascade panel's points at Figure 4's X, minus Figure 4's own value. */
  readonly changeByPrices: number;
  /** Change by the other systems in the panel, through X. */
  readonly changeByMaxCost: number;
}

/** A claim of the paper as a number. */
export interface ClaimRow {
  /** The claim. */
  readonly claim: string;
  /** The evaluation. */
  readonly evalName: string;
  /** What the number is. */
  readonly measure: string;
  /** The number; `null` where there is none. */
  readonly value: number | null;
  /** Its meaning in words. */
  readonly finding: string;
}

/** The share of the best model's quality by which the first claim is judged. */
const CLAIM_SHARE = 0.95;

/**
 * The cheapest model within x of the best one, from Table 1's costs and the list prices, for every evaluation and x of
 * .9, .95, .99, 1.
 *
 * @example
 * ```ts
 * import { printedSavingRows } from "./printed.ts";
 * import assert from "node:assert/strict";
 *
 * const [at90] = printedSavingRows().filter(({ evalName }) => evalName === "grade-school-math");
 * const { bestModel, cheapestModel, timesCheaper } = at90;
 * assert.deepEqual([bestModel, cheapestModel, timesCheaper.toFixed(1)], ["Claude V2", "GPT-3.5", "11.5"]);
 * ```
 */
export function printedSavingRows(): PrintedSavingRow[] {
  return PAPER_EVAL_NAMES.flatMap((evalName) => {
    const models = paperModelPoints(evalName);
    const best = models.toSorted((a, b) => b.quality - a.quality || a.costUsd - b.costUsd)[0];
    const byMixing = savings(models, models, models);
    return QUALITY_SHARES.map((qualityShare, i): PrintedSavingRow => {
      const enough = models.filter(({ quality }) => quality >= qualityShare * best.quality - 1e-12);
      const cheapest = enough.toSorted((a, b) => a.costUsd - b.costUsd)[0];
      const prices = [best, cheapest].map(({ name }) =>
        PRICE_USD_PER_MILLION_TOKENS[PAPER_MODEL_ROWS.find((row) => row.paperName === name)!.model]
      );
      return {
        evalName,
        qualityShare,
        bestModel: best.name,
        cheapestModel: cheapest.name,
        timesCheaper: best.costUsd / cheapest.costUsd,
        timesCheaperPromptPrice: prices[0].prompt / prices[1].prompt,
        timesCheaperCompletionPrice: prices[0].completion / prices[1].completion,
        timesCheaperByMixing: byMixing[i].timesCheaper!,
      };
    });
  });
}

/** AIQ of KNN and MLP over Zero's in Figure 4, as printed and by both rules. */
export function printedNearZeroRows(): PrintedNearZeroRow[] {
  return PAPER_PANELS.filter(({ figure }) => figure === 4).flatMap((panel) => {
    const widths = panelWidths(panel);
    const [zero, ...others] = panel.systems;
    const ofZero = plottedAiq(zero, widths);
    return others.map((system): PrintedNearZeroRow => {
      const { referenceCode, formula } = plottedAiq(system, widths);
      return {
        evalName: panel.evalName,
        router: paperSystemName(system),
        printed: panel.printedAiq[system.router]! - panel.printedAiq.zero!,
        referenceCode: referenceCode - ofZero.referenceCode,
        formula: formula - ofZero.formula,
      };
    });
  });
}

/** Zero's two printed AIQs where Figure 4 and a cascade panel show an evaluation, and what makes them differ. */
export function printedZeroRows(): PrintedZeroRow[] {
  return PAPER_PANELS.filter(({ figure }) => figure === 5 || figure === 8).flatMap((withCascades) => {
    const figure4 = PAPER_PANELS.find(({ figure, evalName }) => figure === 4 && evalName === withCascades.evalName);
    if (figure4 === undefined) return [];
    const zeroOf = ({ models }: PaperPanel, maxCostUsd: number): number =>
      aiq(nonDecreasingHull(models), { rule: "reference-code", maxCostUsd });
    const [x4, x5] = [figure4, withCascades].map((panel) => panelWidths(panel).maxCostUsd);
    // The same X, read from two figures, may lie slightly left of the last vertex.
    const atX4 = zeroOf(withCascades, Math.max(x4, ...withCascades.systems[0].drawnHull.map(({ costUsd }) => costUsd)));
    return [{
      evalName: withCascades.evalName,
      printedInFigure4: figure4.printedAiq.zero!,
      printedWithCascades: withCascades.printedAiq.zero!,
      changeByPrices: atX4 - zeroOf(figure4, x4),
      changeByMaxCost: zeroOf(withCascades, x5) - atX4,
    }];
  });
}

/**
 * The paper's three claims as numbers, one row for each evaluation that has them.
 *
 * **Differs from** the paper, which reads the first off a list of prices and the others off the figures.
 */
export function printedClaimRows(): ClaimRow[] {
  const cheaper = printedSavingRows().filter(({ qualityShare }) => qualityShare === CLAIM_SHARE).map((
    row,
  ): ClaimRow => ({
    claim: "2–5× cheaper",
    evalName: row.evalName,
    measure: `cost of the best model ÷ that of the cheapest with ${100 * CLAIM_SHARE} % of its quality`,
    value: row.timesCheaper,
    finding: cheaperFinding(row),
  }));
  const errors = printedErrorRateRows();
  const cascades = printedBreakEvenRows().map(({ figure, evalName, formula }): ClaimRow => {
    const changes = [0.1, 0.2].map((rate) =>
      errors.find((row) => row.figure === figure && row.evalName === evalName && row.errorRate === rate)!
    );
    return {
      claim: "cascades deteriorate above an error of .1 to .2",
      evalName,
      measure: "error rate at which the formula's AIQ falls to Zero's",
      value: formula,
      finding: `${
        changes.map(({ errorRate, changeByErrors }) => `AIQ ${signed(changeByErrors, 4)} at ${errorRate}`).join(", ")
      }; ${
        formula === null
          ? "no break-even"
          : formula < 0.1
          ? "below Zero before .1"
          : formula > 0.2
          ? "above Zero up to .2"
          : "below Zero by .2"
      }`,
    };
  });
  const near = Map.groupBy(printedNearZeroRows(), ({ evalName }) => evalName);
  const nearZero = [...near].map(([evalName, rows]): ClaimRow => ({
    claim: "KNN and MLP are near Zero",
    evalName,
    measure: "greatest difference of the formula's AIQ from Zero's",
    value: Math.max(...rows.map(({ formula }) => Math.abs(formula))),
    finding: rows.map(({ router, formula, referenceCode }) =>
      `${router} ${signed(formula, 4)}, reference code ${signed(referenceCode, 4)}`
    ).join(
      "; ",
    ),
  }));
  return [...cheaper, ...cascades, ...nearZero];
}

function cheaperFinding(
  { bestModel, cheapestModel, timesCheaper, timesCheaperPromptPrice, timesCheaperCompletionPrice }: PrintedSavingRow,
): string {
  if (bestModel === cheapestModel) return `no: no cheaper model comes near ${bestModel}`;
  const size = timesCheaper < 2 ? "no: less than 2×" : timesCheaper <= 5 ? "yes" : "more than 5×";
  const prices = `prices ${timesCheaperPromptPrice.toFixed(1)}× (prompt), ${
    timesCheaperCompletionPrice.toFixed(1)
  }× (completion)`;
  return `${size}: ${cheapestModel} for ${bestModel}; ${prices}`;
}
