import { quantileOfSorted } from "../base/quantile.ts";
import { counted, isOrAre, listed } from "../base/words.ts";
import { namedTwins, type NearTwins, nearTwins } from "../files/near_twins.ts";
import type { LoadCounts } from "../files/table_of_cells.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { type AuditFinding, finding, MOST_EXAMPLES } from "./finding.ts";

/** A model whose best grade is this share of another's best, or less, may be graded on a scale ten times shorter. */
const ANOTHER_SCALE = 0.101;
/** On a scale a hundred times shorter, 0 to 1 beside 0 to 100, no bad model is that bad. */
const SURELY_ANOTHER_SCALE = 0.0101;
/** Models with fewer prompts are not judged. */
const LEAST_PROMPTS = 20;
/** Few responses take longer, in seconds; in milliseconds most do. */
const SLOW_SECONDS = 120;
/** No response takes a day. */
const LONGEST_SECONDS = 86_400;
/** Between seconds and milliseconds lies a factor of 1,000; models differ by less. */
const ANOTHER_UNIT = 300;

/** Numbers that are on different scales, or all the same, and names that look like one. */
export function auditScales(table: OutcomeTable, counts: LoadCounts | null): AuditFinding[] {
  const { quality, models, promptIds: { length: n } } = table;
  const m = models.length;
  const best = models.map((_, j) => {
    let most = 0;
    for (let at = j; at < quality.length; at += m) most = Math.max(most, quality[at]);
    return most;
  });
  const same = quality.some((value) => value !== quality[0]) ? [] : sameQuality(quality[0], { n, m });
  return [...same, ...mixedScales({ models, n, best }), ...latencyUnit(table), ...twinNames(table, counts)];
}

/** One quality of all m models on all n prompts. */
export function sameQuality(quality: number, { n, m }: { readonly n: number; readonly m: number }): AuditFinding[] {
  const whose = m === 1 ? "The model is" : m === 2 ? "Both models are" : `All ${m} models are`;
  const how = quality === 0 ? "wrong" : quality === 1 ? "right" : `given ${quality}`;
  return [finding("equal-quality", {
    severity: "wrong",
    concerns: [n, n, "prompts"],
    summary: `${whose} ${how} on ${
      n === 1 ? "the only prompt" : `all ${counted(n, "prompt")}`
    }: no router can be better`,
    remedy: "Look at how the answers were graded; add prompts on which models differ",
  })];
}

/** Models whose best grades on n prompts, `best`, may be on different scales. */
export function mixedScales(
  { models, n, best }: { readonly models: readonly string[]; readonly n: number; readonly best: readonly number[] },
): AuditFinding[] {
  const m = models.length;
  if (n < LEAST_PROMPTS) return [];
  const most = Math.max(...best);
  const small = [...best.keys()].filter((j) => best[j] > 0 && best[j] <= ANOTHER_SCALE * most);
  if (small.length === 0) return [];
  return [finding("mixed-scales", {
    severity: small.some((j) => best[j] <= SURELY_ANOTHER_SCALE * most) ? "wrong" : "look",
    concerns: [small.length, m, "models"],
    summary: `${counted(small.length, "model")} ${
      isOrAre(small.length)
    } never given more than a tenth of what another is given: they may be graded on a shorter scale`,
    examples: small.slice(0, MOST_EXAMPLES).map((j) =>
      `${models[j]}: at most ${best[j].toPrecision(3)}; the greatest of all is ${most.toPrecision(3)}`
    ),
    remedy: "Bring the grades to one scale before loading: 0 to 1 and 0 to 100 differ by a factor of 100",
  })];
}

function latencyUnit({ latencySeconds, models, promptIds }: OutcomeTable): AuditFinding[] {
  if (latencySeconds === null) return [];
  const m = models.length;
  if (promptIds.length < LEAST_PROMPTS && !latencySeconds.some((seconds) => seconds > LONGEST_SECONDS)) return [];
  const ofModel = (j: number): Float64Array => Float64Array.from(promptIds, (_, i) => latencySeconds[i * m + j]);
  const medians = models.map((_, j) => quantileOfSorted(ofModel(j).sort(), 0.5));
  const least = Math.min(...medians.filter((median) => median > 0));
  const slow = [...medians.keys()].filter((j) => medians[j] > SLOW_SECONDS || medians[j] > ANOTHER_UNIT * least);
  if (slow.length === 0) return [];
  return [finding("latency-unit", {
    severity: slow.length < m || least > LONGEST_SECONDS ? "wrong" : "look",
    concerns: [slow.length, m, "models"],
    summary: slow.length < m
      ? `Half of the responses of ${listed(slow.map((j) => models[j]), 3)} take more than ${
        Math.min(...slow.map((j) => medians[j])).toPrecision(3)
      } s, those of the fastest model ${least.toPrecision(3)} s: some latencies may be milliseconds`
      : `Half of all responses take more than ${Math.min(...medians).toPrecision(3)} s: the latencies look like ${
        least > LONGEST_SECONDS ? "micro- or nanoseconds" : "milliseconds"
      }`,
    examples: slow.slice(0, MOST_EXAMPLES).map((j) =>
      `${models[j]}: half take more than ${medians[j].toPrecision(3)} s`
    ),
    remedy:
      'Name the column by its unit, "latency_ms", "latency_us" or "latency_ns"; its numbers are then brought to seconds',
  })];
}

/** Names that may be one name. */
export function twinNames(
  { models, promptIds }: Pick<OutcomeTable, "models" | "promptIds">,
  counts: LoadCounts | null,
): AuditFinding[] {
  const ofModels = nearTwins(models, "models");
  // The loader saw prompts that were left out since: "001" and "1" may each lack the other's model.
  const all = counts?.nearTwins ?? [...ofModels, ...nearTwins(promptIds, "ids")];
  if (all.length === 0) return [];
  const shown = (pair: NearTwins): string => namedTwins([pair]);
  return [finding("near-twins", {
    severity: ofModels.length > 0 ? "wrong" : "look",
    concerns: ofModels.length > 0
      ? [ofModels.length, models.length, "models"]
      : [all.length, promptIds.length, "prompts"],
    summary: `${counted(all.length, "pair")} of names ${
      isOrAre(all.length)
    } alike but for white space, capital letters or zeros: each pair may be one thing`,
    examples: all.slice(0, MOST_EXAMPLES).map(shown),
    remedy: "Write each name in one way in all rows, or see that the pair is meant",
  })];
}
