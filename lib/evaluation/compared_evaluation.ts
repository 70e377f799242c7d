import type { OperatingPoint } from "../plane/operating_point.ts";
import type { ConstantRouter } from "../routers/constant.ts";
import type { LadderStep } from "../routers/router.ts";
import type { Measurement } from "./_measure.ts";
import { costRangeOf } from "./aiq_among.ts";
import { aiq } from "./aiq.ts";
import {
  comparisonOf,
  type ComparisonOptions,
  type CurveComparison,
  resampledDifferencesFrom,
  type SettingSample,
} from "./compare_curves.ts";
import { type Saving, savings } from "./savings.ts";
import { type SimultaneousInterval, simultaneousIntervals } from "./simultaneous.ts";

export type { MeasuredSetting, Measurement } from "./_measure.ts";

/**
 * The prompts on which the settings of all systems are chosen.
 *
 * - `ours`: hull vertices are chosen on a validation part of the training split for all systems, Zero included; only
 *   those are measured, and hulled again, on the test split.
 * - `paper`: everything is chosen and measured on the test split, after learning from the whole training split, with
 *   the reference code's settings: 32 values of λ with its own prices and order of ties, 11 budgets, the judge's
 *   threshold from the test split. To follow the paper in everything, cut the data by `paperSplitForEvaluation`.
 */
export type Protocol = "ours" | "paper";

/** A system, measured on the test split. */
export interface MeasuredSystem extends Measurement {
  /** Remarks on its fit, a sentence each. */
  readonly notes: readonly string[];
  /** The settings among which its own were chosen on validation prompts; empty where nothing was chosen. */
  readonly ladder: readonly LadderStep[];
  /** AIQ by the paper's formula over the evaluation's `costRangeUsd`. */
  readonly aiqFormula: number;
  /** AIQ by the reference code's rule with the evaluation's `maxCostUsd`. */
  readonly aiqReferenceCode: number;
  /** The largest cost at which it attains its own greatest quality; `maxCostUsd` is the largest of these. */
  readonly ownMaxCostUsd: number;
  /** Its AIQ (formula) against Zero's, with the interval; `null` for Zero itself. */
  readonly againstZero: CurveComparison | null;
  /** The same gain with an interval corrected for all systems of the evaluation; `null` for Zero itself. */
  readonly amongAll: SimultaneousInterval | null;
  /** How many times cheaper than the best single model it is at shares of that model's quality. */
  readonly savings: readonly Saving[];
}

/** Overgenerate-and-rerank on the test split. An AIQ by the reference code's rule would widen the X of all others. */
export type MeasuredRerank = Omit<MeasuredSystem, "aiqReferenceCode" | "ownMaxCostUsd">;

/** All systems on the same prompts. */
export interface Evaluation {
  /** The protocol. */
  readonly protocol: Protocol;
  /** Number of prompts on which routers learned, settings were chosen, and everything was measured. */
  readonly nPrompts: { readonly learned: number; readonly chosen: number; readonly test: number };
  /** The models on the test split. */
  readonly models: readonly ConstantRouter[];
  /** Cost and quality of each test prompt under each model. */
  readonly modelSample: SettingSample;
  /** Seed of the bootstrap. */
  readonly seed: number;
  /** The oracle on the test split. */
  readonly oracle: OperatingPoint;
  /** Share of the test prompts for which the oracle picks each model, `[m]`; the rest to 1 is answered by none. */
  readonly oracleShares: Float64Array;
  /** From the cheapest to the dearest model's mean cost on the test split: the range of the formula's AIQ. */
  readonly costRangeUsd: readonly [low: number, high: number];
  /** X of the reference code's AIQ. */
  readonly maxCostUsd: number;
  /** Zero first, then the others in the order given. */
  readonly systems: readonly MeasuredSystem[];
  /** Overgenerate-and-rerank, in the order given. It pays every call and is therefore not among `systems`. */
  readonly reranks: readonly MeasuredRerank[];
}

/** Measurements on the test prompts, before systems are compared. */
export interface MeasuredEvaluation
  extends Pick<Evaluation, "protocol" | "nPrompts" | "models" | "modelSample" | "oracle" | "oracleShares"> {
  /** Zero first, then the others. */
  readonly measured: readonly (Measurement & Pick<MeasuredSystem, "notes" | "ladder" | "ownMaxCostUsd">)[];
  /** Systems that pay every call. */
  readonly reranks: readonly (Measurement & Pick<MeasuredSystem, "notes" | "ladder">)[];
}

/** Compares measured systems: AIQ by both rules, gains over Zero with intervals, savings. */
export function comparedEvaluation(
  { measured, reranks, ...measures }: MeasuredEvaluation,
  { nResamples, seed }: Pick<ComparisonOptions, "nResamples" | "seed">,
): Evaluation {
  const { models } = measures;
  const costRangeUsd = costRangeOf(models);
  const maxCostUsd = Math.max(...measured.map(({ ownMaxCostUsd }) => ownMaxCostUsd));
  const [zero] = measured;
  const gains = gainsOver(zero, [...measured.slice(1), ...reranks], { costRangeUsd, nResamples, seed });
  const judged = <S extends Measurement>(system: S): S & Judgement => ({
    ...system,
    aiqFormula: aiq(system.hull, { rule: "formula", costRangeUsd }),
    ...gains.get(system.sample) ?? { againstZero: null, amongAll: null },
    savings: savings(system.hull, models, zero.hull),
  });
  return {
    ...measures,
    seed,
    costRangeUsd,
    maxCostUsd,
    systems: measured.map((system) => ({
      ...judged(system),
      aiqReferenceCode: aiq(system.hull, { rule: "reference-code", maxCostUsd }),
    })),
    reranks: reranks.map(judged),
  };
}

/** Results of a system that depend on the others. */
type Judgement = Pick<MeasuredSystem, "aiqFormula" | "againstZero" | "amongAll" | "savings">;

/** The gains of all systems over Zero, each with its own interval and with one that holds for all of them together. */
function gainsOver(
  zero: Measurement,
  others: readonly Measurement[],
  options: ComparisonOptions,
): ReadonlyMap<SettingSample, Pick<MeasuredSystem, "againstZero" | "amongAll">> {
  const differenceFrom = resampledDifferencesFrom(zero.sample, options);
  const differences = others.map(({ sample }) => differenceFrom(sample));
  const amongAll = simultaneousIntervals(differences);
  return new Map(
    others.map(({ sample }, k) => [sample, { againstZero: comparisonOf(differences[k]), amongAll: amongAll[k] }]),
  );
}
