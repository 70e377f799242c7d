import type { Embeddings } from "../../embeddings/embeddings.ts";
import { auditCutPrompts } from "../../audit/cut.ts";
import { auditQuality, CHANCE_QUALITY } from "../../audit/quality.ts";
import { type OutcomeTable, rowsOfEvals, selectPrompts } from "../../outcomes/outcome_table.ts";
import { hasTiedCosts } from "../printed/aiq.ts";
import { PAPER_PANELS } from "../printed/panels.ts";
import { isSimulated } from "../../outcomes/simulate_outcomes.ts";
import { paperSplit, splitOutcomes } from "../../outcomes/split_outcomes.ts";
import { oracle } from "../../routers/oracle.ts";
import { vectorIdentities } from "../../experiments/ablation_vectors.ts";
import type { OptimismRow } from "../run/measure_evaluation.ts";
import { type OwnErratum, testRowErrata } from "./rows.ts";
import { type ErratumRow, three } from "./_erratum.ts";
import { evalTitle, POOLED, PRINTED_ORDER } from "../../experiments/evaluation_names.ts";
import type { Reproduction } from "../run/reproduce.ts";
import { signed } from "../../base/words.ts";

/** The inputs of the evidence, beside the outcomes. */
export interface OutcomeEvidence {
  /** The prompts' vectors. */
  readonly embeddings: Embeddings;
  /** The run on these outcomes. */
  readonly run: Pick<Reproduction, "optimism" | "oracleCurves">;
  /** Evaluations of the run. */
  readonly evalNames: readonly string[];
  /** Word pieces that the encoder reads; `null` where it is not known. */
  readonly maxTokens: number | null;
  /** Seed of the split. */
  readonly seed: number;
}

/** The reference code's hull, as it was measured once (data/paper/README.md, "Faults"), and its least power. */
const REFERENCE_HULL = { seconds: 38, nPoints: 200, power: 3 };
const UNITS = [{ size: 86_400, name: "days" }, { size: 3600, name: "hours" }, { size: 60, name: "minutes" }];
const PERCENT = 100;

/**
 * Errata whose evidence is in outcomes: each computes it from the outcomes of the run, or says why these lack it.
 *
 * **Source**: data/paper/README.md, "Faults" 2, 3, 5, 6 and 7.
 */
export function errataOfOutcomes(outcomes: OutcomeTable, evidence: OutcomeEvidence): ErratumRow[] {
  const rows: OwnErratum[] = [
    ...(evidence.run.optimism.length === 0 ? [] : [optimism(evidence.run.optimism)]),
    slowHull(evidence.run),
    cutAnswers(outcomes),
    cutPrompts(outcomes, evidence),
    duplicates(outcomes, evidence),
    luck(outcomes),
    ...testRowErrata(outcomes, evidence.evalNames),
  ];
  return rows.map((row) => ({ ...row, where: `Outcomes: ${outcomes.source.name}` }));
}

function optimism(rows: readonly OptimismRow[]): OwnErratum {
  const single = rows.filter(({ evalName }) => evalName !== POOLED);
  const counted = single.length > 0 ? single : rows;
  const bySystem = [...Map.groupBy(counted, ({ system }) => system)].filter(([system]) => !system.startsWith("Cascade"))
    .map(
      ([system, of]) => ({
        system,
        nEvaluations: of.length,
        gain: of.reduce((sum, { optimism }) => sum + optimism, 0) / of.length,
        overZero: of.reduce((sum, { optimismOverZero }) => sum + (optimismOverZero ?? 0), 0) / of.length,
      }),
    );
  const largest = counted.reduce((a, b) => b.optimism > a.optimism ? b : a);
  return {
    id: "settings-chosen-on-test",
    point: 2,
    title: "Choosing settings on the test prompts adds quality that is not there",
    printed: "settings and hulls of all systems chosen on the test split",
    computed:
      `AIQ on the same test prompts, settings chosen on them less chosen on validation prompts, mean over evaluations: ${
        bySystem.map(({ system, gain, overZero }) =>
          `${system} ${signed(gain, 4)}${system === "Zero" ? "" : ` (${signed(overZero, 4)} over Zero)`}`
        )
          .join(", ")
      }; most ${signed(largest.optimism, 4)} (${largest.system} on ${
        evalTitle(largest.evalName)
      }, ${largest.nTest} prompts)`,
    evidence: { ...Object.fromEntries(bySystem.map(({ system, gain }) => [system, gain])), largest: largest.optimism },
  };
}

function slowHull({ oracleCurves }: OutcomeEvidence["run"]): OwnErratum {
  const nPoints = Math.max(...oracleCurves.map(({ curve }) => curve.length));
  const { seconds, nPoints: known, power } = REFERENCE_HULL;
  const bySize = seconds * (nPoints / known) ** power;
  const hulls = PAPER_PANELS.flatMap(({ systems }) => systems);
  const tied = hulls.filter(hasTiedCosts);
  return {
    id: "reference-hull-is-slow",
    point: 3,
    title: "The reference code's hull takes cubic time and keeps points of equal cost",
    printed: `${known} points took its hull ${seconds} s when it was measured, which this run does not repeat`,
    computed: `the longest exact curve of this run has ${nPoints} points: by the cube of their number ${
      durationText(bySize)
    }, here one sort; ${tied.length} of ${hulls.length} drawn hulls have two vertices at one cost`,
    evidence: { nPoints, seconds: bySize, nTied: tied.length, nHulls: hulls.length },
  };
}

/** A time in the largest unit of which it has at least two. */
function durationText(seconds: number): string {
  const { size, name } = UNITS.find(({ size }) => seconds >= 2 * size) ?? { size: 1, name: "seconds" };
  return `${Math.round(seconds / size)} ${name}`;
}

/** Answers that were cut short. Only files can show it, as the simulation has Table 1's means. */
function cutAnswers(outcomes: OutcomeTable): OwnErratum {
  const found = isSimulated(outcomes)
    ? []
    : auditQuality(outcomes, CHANCE_QUALITY).filter(({ rule }) => rule === "below-chance");
  return {
    id: "answers-were-cut",
    point: 5,
    title: "0-shot answers to multiple-choice questions were cut at about two tokens",
    printed: "0-shot outcomes as measurements of the models",
    computed: isSimulated(outcomes)
      ? "not on simulated outcomes, which have Table 1's means; the released 0-shot file shows it"
      : found.length === 0
      ? "no model is far below chance in a multiple-choice evaluation of this file"
      : `${found[0].summary}: ${found[0].examples.join("; ")}`,
    evidence: isSimulated(outcomes) ? {} : { nModels: found[0]?.count ?? 0 },
  };
}

function cutPrompts(outcomes: OutcomeTable, { embeddings, evalNames, maxTokens }: OutcomeEvidence): OwnErratum {
  const identities = vectorIdentities(embeddings);
  const shared = evalNames.map((evalName) => {
    const rows = rowsOfEvals(outcomes, [evalName]);
    const groups = [...Map.groupBy(rows, (row) => identities[row]).values()];
    const texts = (group: readonly number[]): number => new Set(group.map((row) => outcomes.prompts?.[row])).size;
    const n = groups.filter((group) => texts(group) > 1).reduce((sum, { length }) => sum + length, 0);
    return { evalName, share: n / rows.length };
  });
  const blind = shared.filter(({ share }) => share > 0);
  const cut = maxTokens === null ? [] : auditCutPrompts(outcomes, maxTokens);
  return {
    id: "prompts-are-cut",
    point: 6,
    title: "The encoder reads the shared examples of a few-shot prompt, not its question",
    printed: "vectors of the whole prompt column",
    computed: `${
      cut.length === 0 ? "no prompt is cut by the encoder of this run" : cut[0].summary
    }; different prompts that share one vector: ${
      blind.length === 0
        ? "none"
        : blind.map(({ evalName, share }) => `${evalTitle(evalName)} ${(PERCENT * share).toFixed(0)} %`).join(", ")
    }`,
    evidence: {
      nCut: cut[0]?.count ?? 0,
      ...Object.fromEntries(shared.map(({ evalName, share }) => [`shared vectors, ${evalName}`, share])),
    },
  };
}

function duplicates(outcomes: OutcomeTable, { evalNames, seed }: OutcomeEvidence): OwnErratum {
  const crossing = evalNames.map((evalName) => {
    const part = selectPrompts(outcomes, rowsOfEvals(outcomes, [evalName]));
    const { nCrossing, testRows } = paperSplit(part, { order: PRINTED_ORDER });
    return { evalName, nCrossing, nTest: testRows.length, shuffled: paperSplit(part).nCrossing };
  });
  const nCrossing = crossing.reduce((sum, each) => sum + each.nCrossing, 0);
  const nTest = crossing.reduce((sum, each) => sum + each.nTest, 0);
  const shuffled = crossing.reduce((sum, each) => sum + each.shuffled, 0);
  const where = crossing.filter((each) => each.nCrossing > 0);
  const { nCrossing: byOurs } = splitOutcomes(outcomes, { trainShare: 0.7, seed });
  return {
    id: "duplicates-cross-the-split",
    point: 7,
    title: "Duplicated prompts stand on both sides of the paper's split",
    printed: "ids are cut, whatever their texts",
    computed: `${nCrossing} of ${nTest} test prompts have their very text in the training part${
      where.length === 0
        ? ""
        : ` (${where.map((each) => `${evalTitle(each.evalName)} ${each.nCrossing} of ${each.nTest}`).join(", ")})`
    }; by the reference code's shuffle ${shuffled}; by our split ${byOurs}`,
    evidence: { nCrossing, nTest, shuffled, byOurs },
  };
}

/** The part of the oracle that is luck, which only simulated outcomes tell. */
function luck(outcomes: OutcomeTable): OwnErratum {
  const common = {
    id: "oracle-luck-measured",
    point: 7,
    title: "How much of the oracle is luck",
    printed: "the oracle as a router's upper bound",
  };
  if (!isSimulated(outcomes)) {
    return {
      ...common,
      computed: "not on recorded outcomes: what a model would have answered on average is not in them",
      evidence: {},
    };
  }
  const n = outcomes.promptIds.length;
  const m = outcomes.models.length;
  const drawn = oracle(outcomes).quality;
  let known = 0;
  for (let i = 0; i < n; i++) known += Math.max(...outcomes.trueQuality.subarray(i * m, (i + 1) * m)) / n;
  return {
    ...common,
    computed: `oracle ${three(drawn)}; a router that knows everything but luck expects ${three(known)}: ${
      three(drawn - known)
    } is luck`,
    evidence: { oracle: drawn, withoutLuck: known },
  };
}
