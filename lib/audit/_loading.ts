import { counted, isOrAre } from "../base/words.ts";
import { type AuditFinding, finding, MOST_EXAMPLES, roughPercent } from "./finding.ts";
import type { LoadCounts } from "../files/table_of_cells.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";

const SOME = 0.01;
const HALF = 0.5;

/** What happened on the way into the table: holes, merged rows, differing texts, costs against tokens × price. */
export function auditLoading({ models }: OutcomeTable, counts: LoadCounts | null): AuditFinding[] {
  if (counts === null) return [];
  const { nPrompts, nLeftOut, nRows, nMergedRows, nAveraged, nWithSeveralTexts, nCostContradictions, holesByModel } =
    counts;
  const findings: AuditFinding[] = [];
  if (nLeftOut > 0) {
    const share = nLeftOut / nPrompts;
    findings.push(finding("missing-outcomes", {
      severity: share >= HALF ? "wrong" : share >= SOME ? "look" : "note",
      concerns: [nLeftOut, nPrompts, "prompts"],
      summary: `${counted(nLeftOut, "prompt")} (${roughPercent(share)}) ${
        isOrAre(nLeftOut)
      } left out because a model has no quality or cost there${
        share >= HALF ? ": what remains is not what was asked" : ""
      }`,
      examples: [...holesByModel].sort(([, a], [, b]) => b - a).slice(0, MOST_EXAMPLES).map(([model, count]) =>
        `${model}: ${count} missing`
      ),
      remedy:
        "Fill the holes, or leave out the model that has most of them; prompts that fail are seldom like the others",
    }));
  }
  if (nMergedRows > 0) {
    findings.push(finding("merged-rows", {
      severity: "note",
      concerns: [nMergedRows, nRows, "rows"],
      summary: `${counted(nMergedRows, "row")} ${isOrAre(nMergedRows)} merged into another of the same prompt${
        nAveraged > 0 ? `, ${nAveraged} by averaging` : ""
      }`,
      remedy: "Nothing to do where the rows complement or repeat each other",
    }));
  }
  if (nWithSeveralTexts > 0) {
    findings.push(finding("different-texts", {
      severity: "look",
      concerns: [nWithSeveralTexts, nPrompts, "prompts"],
      summary: `${counted(nWithSeveralTexts, "prompt")} (${roughPercent(nWithSeveralTexts / nPrompts)}) ${
        nWithSeveralTexts === 1 ? "has" : "have"
      } different texts in different rows; one is kept`,
      remedy: "Look whether models were asked in different words, or ids are not unique",
    }));
  }
  if (nCostContradictions > 0) {
    const nOutcomes = nPrompts * models.length;
    findings.push(finding("cost-against-price", {
      severity: nCostContradictions >= SOME * nOutcomes ? "wrong" : "look",
      concerns: [nCostContradictions, nOutcomes, "outcomes"],
      summary: `${counted(nCostContradictions, "outcome")} ${
        nCostContradictions === 1 ? "costs" : "cost"
      } something else than the file's tokens at the given prices, by more than 1 %`,
      remedy: "Look at the price list's date and unit (USD per million tokens), and at cached or batched requests",
    }));
  }
  return findings;
}
