import type { OwnNumber } from "./_own_numbers.ts";
import type { PublishedNumber } from "./_published_numbers.ts";

/** A number of the paper with what a run gives for it. */
export interface Judged {
  readonly number: PublishedNumber;
  readonly own: OwnNumber | null;
  readonly isSimulated: boolean;
}

/** Half a unit of the last printed digit, or what reading a plotted point leaves open. */
const READING_QUALITY = 1.2e-4, READING_COST_SHARE = 2e-3;
/** Figures whose costs are of an older list of prices than Table 1's and the released files'. */
const OLDER_PRICES: readonly string[] = ["Figure 4", "Figure 9"];
/** What another choice of test prompts may change in a mean cost, as a share of it. */
const COST_SPREAD = 0.1;
const STANDARD_ERRORS = 3;

/** `equal`, `explained: …`, `calibrated` or `open…`. */
export function differenceVerdict({ number, own, isSimulated }: Judged): string {
  const { figure, evalName, quantity, printed } = number;
  if (own === null) {
    if (evalName === "rag") return "open: the data of Figure 6 are not released";
    return number.router.includes(">")
      ? "open: the error rate of this cascade cannot be read"
      : "open: these outcomes have nothing to compare with";
  }
  if (isSimulated) return "calibrated";
  const difference = Math.abs(own.value - printed), isCost = quantity === "total_cost_usd" || quantity === "plotted_total_cost_usd";
  if (difference <= toleranceOf(number) + 1e-9) return "equal";
  if (figure === "Figure 9" && evalName === "mtbench") return "explained: Figure 9 averages three evaluations under this name";
  const spread = isCost ? COST_SPREAD * printed : STANDARD_ERRORS * standardError(own);
  if (difference <= spread) {
    const within = isCost ? "a tenth" : "three standard errors";
    return `explained: other test prompts than the paper's, whose seed is not known; within ${within}`;
  }
  if (OLDER_PRICES.includes(figure) && isCost) {
    return `explained: ${figure} uses an older list of prices than Table 1 and the released outcomes`;
  }
  return "open";
}

function toleranceOf({ quantity, printed }: PublishedNumber): number {
  switch (quantity) {
    case "oracle_share":
      return 0.005;
    case "total_cost_usd":
      return printed < 10 ? 0.0005 : 0.005;
    case "plotted_total_cost_usd":
      return READING_COST_SHARE * printed;
    case "plotted_quality":
    case "plotted_quality_at_cost":
      return READING_QUALITY;
    default:
      return 0.0005;
  }
}

/** Of a mean of qualities of 0 and 1. */
function standardError({ value, nTest }: OwnNumber): number {
  return Math.sqrt(Math.max(0, value * (1 - value)) / nTest);
}
