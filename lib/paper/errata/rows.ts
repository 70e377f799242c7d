import { paperOracleShares, paperPanel } from "../printed/panels.ts";
import { PAPER_EVAL_NAMES, PAPER_MODEL_ROWS, PAPER_ORACLE_ROW } from "../../outcomes/paper_table.ts";
import { type ErratumRow, one, three } from "./_erratum.ts";

/** Half a unit of Figure 3's printed decimals. */
const SHARE_ROUNDING = 0.005;
/** What four decimals of a read-off quality leave open. */
const READING = 1.2e-4;

/** Errata of rows: on which prompts a number was measured. */
export function rowErrata(): ErratumRow[] {
  return [otherArcRows(), figure9MtBench(), oracleShares()];
}

/** The least number of prompts of which all qualities are whole shares. */
function promptsBehind(qualities: readonly number[]): number {
  for (let n = 2;; n++) {
    if (qualities.every((quality) => Math.abs(quality * n - Math.round(quality * n)) <= READING * n)) return n;
  }
}

function otherArcRows(): ErratumRow {
  const { models, systems } = paperPanel(8, "arc-challenge");
  const nModels = promptsBehind(models.map(({ quality }) => quality));
  const cascades = systems.filter(({ errorRate }) => errorRate !== null);
  const nCascades = promptsBehind(cascades.flatMap(({ points }) => points.map(({ quality }) => quality)));
  return {
    id: "other-rows-in-one-panel",
    point: 8,
    title: "Cascades and models of one panel were measured on different rows",
    where: "Figure 8, ARC-Challenge",
    printed: `${models.length} models and ${cascades.length} cascades`,
    computed: `the models' qualities are shares of ${nModels} prompts, the cascades' of ${nCascades}: ${
      nCascades - nModels
    } more, as many ids as are doubled in the released file`,
    evidence: { nModels, nCascades },
  };
}

function figure9MtBench(): ErratumRow {
  const { models, oracle } = paperPanel(9, "mtbench"),
    gpt4 = one(models, ({ name }) => name === "GPT-4"),
    row = one(PAPER_MODEL_ROWS, ({ paperName }) => paperName === "GPT-4");
  return {
    id: "mtbench-is-three-evaluations",
    point: 8,
    title: "MT-Bench means something else in Figure 9",
    where: "Figure 9 and Table 1, MT-Bench",
    printed: `GPT-4 ${three(row.quality.mtbench)}, Oracle ${three(PAPER_ORACLE_ROW.quality.mtbench)} in Table 1`,
    computed: `GPT-4 ${three(gpt4.quality)}, Oracle ${
      three(oracle!.quality)
    } in Figure 9, which averages three evaluations unweighted`,
    evidence: { gpt4InTable: row.quality.mtbench, gpt4InFigure: gpt4.quality, oracleInFigure: oracle!.quality },
  };
}

/** Where 1 − "no model correct" cannot be the oracle's quality, so that one of them was counted on other rows. */
function oracleShares(): ErratumRow {
  // Right or wrong only: elsewhere the oracle's quality is no share.
  const graded = PAPER_EVAL_NAMES.filter((evalName) => evalName !== "grade-school-math" && evalName !== "mtbench");
  const gaps = graded.map((evalName) => ({
    evalName,
    gap: PAPER_ORACLE_ROW.quality[evalName] - (1 - paperOracleShares(evalName).no_model_correct),
  }));
  const wrong = gaps.filter(({ gap }) => Math.abs(gap) > SHARE_ROUNDING + 5e-4),
    mbpp = one(gaps, ({ evalName }) => evalName === "mbpp");
  return {
    id: "figure-3-contradicts-table-1",
    point: null,
    title: "Figure 3 and Table 1 do not agree on the oracle",
    where: "Figure 3 (right) and Table 1, Oracle",
    printed: `MBPP: no model correct on ${paperOracleShares("mbpp").no_model_correct}, Oracle ${
      three(PAPER_ORACLE_ROW.quality.mbpp)
    }`,
    computed: `1 − ${paperOracleShares("mbpp").no_model_correct} is ${
      three(PAPER_ORACLE_ROW.quality.mbpp - mbpp.gap)
    }; beyond rounding on ${wrong.length} of ${gaps.length} evaluations that are right or wrong`,
    evidence: { mbppGap: mbpp.gap, nBeyondRounding: wrong.length, nEvaluations: gaps.length },
  };
}
