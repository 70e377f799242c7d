import type { MeasuredRerank, MeasuredSystem } from "../evaluation/evaluate.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";

/** An evaluation for machines: everything that is printed of it, with all digits. */
export function evaluationRecord(
  {
    evalName,
    leftOut,
    evaluation: { systems, reranks, oracleShares, modelSample: _sample, seed: _seed, ...evaluation },
  }: Pick<
    NamedEvaluation,
    "evalName" | "leftOut" | "evaluation"
  >,
): Record<string, unknown> {
  return {
    ...{ evalName, leftOut },
    ...evaluation,
    oracleShares: [...oracleShares],
    systems: systems.map((system) => systemRecord(system, system.aiqReferenceCode)),
    ...(reranks.length === 0 ? {} : { reranks: reranks.map((rerank) => systemRecord(rerank, null)) }),
  };
}

function systemRecord(
  system: MeasuredSystem | MeasuredRerank,
  aiqReferenceCode: number | null,
): Record<string, unknown> {
  const { name, family, notes, aiqFormula, againstZero, amongAll, savings, settings, hull } = system;
  return {
    ...{ name, family, notes, aiqFormula, aiqReferenceCode, againstZero, amongAll, savings },
    settings: settings.map(({ label, costUsd, quality, modelShares }, at) => ({
      ...{ label, costUsd, quality, onHull: hull.includes(settings[at]) },
      modelShares: modelShares === null ? null : [...modelShares],
    })),
  };
}
