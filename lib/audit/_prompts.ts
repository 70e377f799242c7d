import { counted, isOrAre } from "../base/words.ts";
import { type AuditFinding, finding, MOST_EXAMPLES, roughPercent, shortText } from "./finding.ts";
import { modelMeans, type OutcomeTable, selectPrompts } from "../outcomes/outcome_table.ts";
import { paperSplit } from "../outcomes/split_outcomes.ts";

/** From this share of the prompts on, texts that differ in white space or case alone turn a test into one of memory. */
const MANY_NEAR_DUPLICATES = 0.05;
const SOME = 0.01;

/** Missing and empty texts, duplicates, and what duplicates do to KNN. */
export function auditPrompts(table: OutcomeTable): AuditFinding[] {
  const { prompts, promptIds } = table;
  const n = promptIds.length;
  if (prompts === null) {
    return [finding("no-texts", {
      severity: "look",
      concerns: [n, n, "prompts"],
      summary:
        "The table has no texts: no router that reads prompts can be evaluated on it, and duplicates cannot be seen",
      remedy: "Join the prompts' texts to the file, in a column named prompt",
    })];
  }
  const rows = [...prompts.keys()];
  const findings: AuditFinding[] = [];
  const empty = rows.filter((row) => prompts[row].trim() === "");
  if (empty.length > 0) {
    findings.push(finding("empty-prompts", {
      severity: "look",
      concerns: [empty.length, n, "prompts"],
      summary: `${counted(empty.length, "prompt")} ${isOrAre(empty.length)} empty`,
      examples: empty.slice(0, MOST_EXAMPLES).map((row) => promptIds[row]),
      remedy: "Look whether the texts were lost on the way into the file",
    }));
  }
  const equal = groupsBy(rows, (row) => prompts[row]);
  const near = groupsBy(rows, (row) => plainText(prompts[row]));
  const nearOnly = near.filter((group) => new Set(group.map((row) => prompts[row])).size > 1);
  return [...findings, ...duplicates(table, equal), ...nearDuplicates(table, nearOnly), ...crossing(table)];
}

/** A text without what does not change its meaning: white space and case. */
export function plainText(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

/** Groups of at least two, the largest first. */
function groupsBy(rows: readonly number[], keyOf: (row: number) => string): number[][] {
  return [...Map.groupBy(rows, keyOf).values()].filter((group) => group.length > 1).sort((a, b) => b.length - a.length);
}

function duplicates({ prompts, promptIds }: OutcomeTable, groups: readonly number[][]): AuditFinding[] {
  const nSpare = groups.reduce((sum, group) => sum + group.length - 1, 0);
  const n = promptIds.length;
  if (nSpare === 0) return [];
  return [finding("duplicate-prompts", {
    severity: nSpare >= SOME * n ? "look" : "note",
    concerns: [nSpare, n, "prompts"],
    summary: `${counted(nSpare, "prompt")} (${roughPercent(nSpare / n)}) repeat${
      nSpare === 1 ? "s" : ""
    } the text of another under another id`,
    examples: groups.slice(0, MOST_EXAMPLES).map((group) =>
      `${group.length}× ${shortText(prompts![group[0]])}: ${idsOf(promptIds, group)}`
    ),
    remedy:
      "splitOutcomes keeps equal texts on one side; a split by ids does not. Leave the repetitions out, or see that they are meant",
  })];
}

function nearDuplicates({ prompts, promptIds }: OutcomeTable, groups: readonly number[][]): AuditFinding[] {
  const nSpare = groups.reduce((sum, group) => sum + new Set(group.map((row) => prompts![row])).size - 1, 0);
  const n = promptIds.length;
  if (nSpare === 0) return [];
  return [finding("near-duplicate-prompts", {
    severity: nSpare >= MANY_NEAR_DUPLICATES * n ? "wrong" : "look",
    concerns: [nSpare, n, "prompts"],
    summary: `${counted(nSpare, "prompt")} (${roughPercent(nSpare / n)}) ${
      nSpare === 1 ? "differs" : "differ"
    } from another in white space or capital letters only: a split takes them for different prompts, and may put them on both sides`,
    examples: groups.slice(0, MOST_EXAMPLES).map((group) =>
      `${shortText(prompts![group[0]])}: ${idsOf(promptIds, group)}`
    ),
    remedy: "Make the texts equal, so that the split keeps them together, or leave the repetitions out",
  })];
}

function idsOf(promptIds: readonly string[], rows: readonly number[]): string {
  return rows.slice(0, 4).map((row) => promptIds[row]).join(", ") + (rows.length > 4 ? ", …" : "");
}

/**
 * The paper's split lets duplicates cross. On a test prompt whose text is in the training part, KNN with k = 1 knows
 * the answer. This measures how much that raises its quality, beside the model that is best on the training part.
 */
function crossing(table: OutcomeTable): AuditFinding[] {
  const n = table.promptIds.length;
  if (n < 4) return [];
  const { trainRows, testRows } = paperSplit(table);
  const m = table.models.length;
  const prompts = table.prompts!;
  const twinOf = new Map(trainRows.map((row) => [plainText(prompts[row]), row]));
  const crossed = testRows.filter((row) => twinOf.has(plainText(prompts[row])));
  if (crossed.length === 0) return [];
  const best = indexOfBest(modelMeans(selectPrompts(table, trainRows)).quality);
  let told = 0;
  let single = 0;
  for (const row of crossed) {
    const twin = twinOf.get(plainText(prompts[row]))!;
    told += table.quality[row * m + indexOfBest(table.quality.subarray(twin * m, twin * m + m))];
    single += table.quality[row * m + best];
  }
  const gain = (told - single) / testRows.length;
  return [finding("crossing-duplicates", {
    severity: crossed.length >= SOME * testRows.length ? "look" : "note",
    concerns: [crossed.length, testRows.length, "prompts"],
    summary: `Under the paper's split by ids ${counted(crossed.length, "test prompt")} (${
      roughPercent(crossed.length / testRows.length)
    }) would stand in the training part too; KNN with k = 1, which is told the answer there, gets quality ${
      (told / crossed.length).toFixed(3)
    } on them, the best model ${(single / crossed.length).toFixed(3)}: ${gain < 0 ? "−" : "+"}${
      Math.abs(gain).toFixed(4)
    } over all test prompts`,
    examples: crossed.slice(0, MOST_EXAMPLES).map((row) =>
      `${table.promptIds[row]} is ${table.promptIds[twinOf.get(plainText(prompts[row]))!]}`
    ),
    remedy: "Use splitOutcomes (what evaluate and reproduce do), not paperSplit",
  })];
}

function indexOfBest(values: ArrayLike<number>): number {
  let best = 0;
  for (let j = 1; j < values.length; j++) if (values[j] > values[best]) best = j;
  return best;
}
