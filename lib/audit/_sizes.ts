import { LEAST_SAMPLE, VISIBLE_STANDARD_ERRORS } from "../base/statistics.ts";
import { counted, isOrAre } from "../base/words.ts";
import { type AuditFinding, finding, MOST_EXAMPLES } from "./finding.ts";
import { modelMeans, type OutcomeTable, selectPrompts } from "../outcomes/outcome_table.ts";

/** Share of the prompts on which routers are measured: the paper's. */
const TEST_SHARE = 0.3;
/** A difference of routers that is worth seeing. */
const WORTH_SEEING = 0.05;

/**
 * Evaluations too small to compare routers on: the smallest difference in quality that their test part would show, by
 * the paired difference of their two best models, the closest to two good routers that a table knows.
 */
export function auditSizes(table: OutcomeTable): AuditFinding[] {
  const evals = [...Map.groupBy(table.promptIds.keys(), (i) => table.evalNames[i])];
  const small = evals.map(([evalName, rows]) => ({ evalName, ...visibleDifference(selectPrompts(table, rows)) }))
    .filter(({ nTest, visible }) => nTest < LEAST_SAMPLE || visible > WORTH_SEEING)
    .sort((a, b) => a.nTest - b.nTest);
  const { nTest, visible } = visibleDifference(table);
  const isHopeless = nTest < LEAST_SAMPLE;
  if (small.length === 0 && !isHopeless) return [];
  return [finding("small-evaluation", {
    severity: isHopeless ? "wrong" : "look",
    concerns: [small.length, evals.length, "evaluations"],
    summary: isHopeless
      ? `The whole table leaves ${counted(nTest, "test prompt")}: no difference between routers can be seen on them`
      : `${counted(small.length, "evaluation")} of ${evals.length} ${
        isOrAre(small.length)
      } too small to show a difference of ${WORTH_SEEING} in quality between two good routers; all prompts together show ${
        visible.toFixed(3)
      }`,
    examples: small.slice(0, MOST_EXAMPLES).map(({ evalName, nTest, visible }) =>
      `${evalName}: ${counted(nTest, "test prompt")}, smallest visible difference ${
        Number.isFinite(visible) ? visible.toFixed(3) : "none"
      }`
    ),
    remedy: "Pool evaluations, read the intervals, and do not rank routers on one of these alone",
  })];
}

function visibleDifference(table: OutcomeTable): { readonly nTest: number; readonly visible: number } {
  const n = table.promptIds.length;
  const m = table.models.length;
  const nTest = n - Math.floor((1 - TEST_SHARE) * n);
  const means = modelMeans(table).quality;
  const [first, second] = [...means.keys()].sort((a, b) => means[b] - means[a]);
  if (n < 2 || second === undefined) return { nTest, visible: Infinity };
  let squares = 0;
  for (let i = 0; i < n; i++) {
    squares += (table.quality[i * m + first] - table.quality[i * m + second] - means[first] + means[second]) ** 2;
  }
  return { nTest, visible: VISIBLE_STANDARD_ERRORS * Math.sqrt(squares / (n - 1) / nTest) };
}
