import { standardErrorOfShare } from "../../base/statistics.ts";
import type { OwnNumber } from "./_own_numbers.ts";
import { type PaperNumber, readingOfCost } from "../printed/numbers.ts";

/** A number of the paper with what a run gives for it. */
export interface Judged {
  readonly number: PaperNumber;
  readonly own: OwnNumber | null;
  readonly isSimulated: boolean;
  /** Test prompts whose id stands in two rows of the file, which are one here. */
  readonly nDoubled: number;
  /** Whether the panel has a better vertex of the same drawn hull at the same cost. */
  readonly isBelowTwin: boolean;
}

/** Uncertainty of a plotted point's quality. */
const READING_QUALITY = 1.2e-4;
/** Figures whose costs are of an older list of prices than Table 1's and the released files'. */
const OLDER_PRICES: readonly string[] = ["Figure 4", "Figure 9"];
/** The oracles of Figures 4 and 9 are read too high by so much; Winogrande's stands at 1.0022. */
const ORACLE_MARKER = 2.5e-3;
/** A doubled id's first row holds the prompt twice; how that changes the oracle's cost depends on its picks. */
const DOUBLED_COST_SHARE = 2e-3;
const DOUBLED_ORACLE_COST_SHARE = 0.1;
const STANDARD_ERRORS = 3;
/** `equal`, `explained: …`, `calibrated` or `open…`. Only a reason known of a number explains it, not being near. */
export function differenceVerdict(judged: Judged): string {
  const { number, own, isSimulated } = judged;
  if (own === null) {
    if (number.evalName === "rag") return "open: the data of Figure 6 are not released";
    return number.router.includes(">")
      ? "open: the error rate of this cascade cannot be read"
      : "open: these outcomes have nothing to compare with";
  }
  if (isSimulated) return "calibrated";
  const tolerance = toleranceOf(number) + 1e-9;
  const { printed } = number;
  const [low, high] = own.range;
  if (printed >= low - tolerance && printed <= high + tolerance) return "equal";
  return reasonOf(judged, own) ?? nearOrOpen(number, own);
}

function reasonOf({ number, nDoubled, isBelowTwin }: Judged, own: OwnNumber): string | null {
  const { figure, evalName, router, quantity, printed } = number;
  const difference = own.value - printed;
  if (figure === "Table 1" && difference > 0 && difference < 1e-3) {
    return "explained: cut to three decimals, not rounded";
  }
  if (figure === "Figure 9" && evalName === "mtbench") {
    return "explained: Figure 9 averages three evaluations under this name";
  }
  if (isBelowTwin) return "explained: the drawn hull has a better vertex at the same cost";
  if (router.startsWith("Cascade")) return ofCascade(own, { difference, nDoubled, tolerance: toleranceOf(number) });
  const isDoubled = nDoubled > 0 && !isLearned(router);
  const share = nDoubled / own.nTest;
  if (
    isDoubled && !isCost(number) && quantity !== "oracle_share" && difference >= 0 &&
    difference <= share + toleranceOf(number)
  ) {
    return `explained: in the paper ${nDoubled} prompts are wrong whose score stands in the second row of their id`;
  }
  if (isDoubled && quantity === "oracle_share" && Math.abs(difference) <= share + toleranceOf(number)) {
    return `explained: in the paper ${nDoubled} ids are counted by their first rows, of which few models have a score`;
  }
  if (isDoubled && isCost(number)) {
    const expected = own.value * (1 + share);
    const spread = router === "oracle" ? DOUBLED_ORACLE_COST_SHARE : DOUBLED_COST_SHARE;
    if (Math.abs(expected - printed) <= spread * printed + toleranceOf(number)) {
      return `explained: in the paper ${nDoubled} prompts are paid at the cost of their id's first row, which holds them twice`;
    }
  }
  if (OLDER_PRICES.includes(figure) && isCost(number)) {
    return `explained: ${figure} uses an older list of prices than Table 1 and the released outcomes`;
  }
  if (
    OLDER_PRICES.includes(figure) && router === "oracle" && quantity === "plotted_quality" &&
    Math.abs(difference) <= ORACLE_MARKER
  ) {
    return "explained: the oracle's marker is read too high, Winogrande's at 1.0022";
  }
  return null;
}

/**
 * The paper's hull is the best of one noisy run for each budget; how far such runs lie above and scatter is measured.
 */
function ofCascade(
  own: OwnNumber,
  { difference, nDoubled, tolerance }: {
    readonly difference: number;
    readonly nDoubled: number;
    readonly tolerance: number;
  },
): string | null {
  const runs = own.runsAbove?.() ?? null;
  const scatter = runs === null ? standardErrorOfShare(own.value, own.nTest) : runs.standardDeviation;
  const isNear = Math.abs(difference + (runs?.meanAbove ?? 0)) <=
    STANDARD_ERRORS * scatter + nDoubled / own.nTest + tolerance;
  if (!isNear) return null;
  const reasons = [
    ...(runs === null ? [] : [
      `is one simulated run for each budget: 40 such runs, hulled, lie ${
        decimals(runs.meanAbove)
      } above the expectation that is computed here, with a standard deviation of ${decimals(runs.standardDeviation)}`,
    ]),
    ...(nDoubled > 0 ? [`counts both rows of ${nDoubled} doubled ids`] : []),
  ];
  return reasons.length === 0 ? null : `explained: the paper's ${reasons.join(", and ")}`;
}

function decimals(value: number): string {
  return value.toFixed(4).replace(/^(-?)0\./, "$1.");
}

function nearOrOpen(number: PaperNumber, own: OwnNumber): string {
  const isNear = !isCost(number) &&
    Math.abs(own.value - number.printed) <= STANDARD_ERRORS * standardErrorOfShare(own.value, own.nTest);
  const words = [
    ...(isNear ? ["within three standard errors"] : []),
    ...(isLearned(number.router) ? ["the paper's vectors and draws are others"] : []),
    ...(isLearned(number.router) && number.figure === "Figure 9"
      ? ["here learned from the evaluations that are there"]
      : []),
  ];
  return words.length === 0 ? "open" : `open: ${words.join("; ")}`;
}

function isLearned(router: string): boolean {
  return router === "KNN" || router === "MLP";
}

function isCost({ quantity }: Pick<PaperNumber, "quantity">): boolean {
  return quantity === "total_cost_usd" || quantity === "plotted_total_cost_usd";
}

function toleranceOf({ quantity, printed }: PaperNumber): number {
  switch (quantity) {
    case "oracle_share":
      return 0.005;
    case "total_cost_usd":
      return printed < 10 ? 0.0005 : 0.005;
    case "plotted_total_cost_usd":
      return readingOfCost(printed);
    case "plotted_quality":
    case "plotted_quality_at_cost":
      return READING_QUALITY;
    default:
      return 0.0005;
  }
}
