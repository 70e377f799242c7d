import type { Progress } from "../../base/progress.ts";
import type { Embeddings } from "../../embeddings/embeddings.ts";
import type { Protocol } from "../../evaluation/evaluate.ts";
import { type EvaluationData, paperSplitOfEvals, splitForEvaluation } from "../../evaluation/evaluation_data.ts";
import { evaluateGroups } from "../../experiments/group_evaluation.ts";
import { evalNamesOf, type OutcomeTable } from "../../outcomes/outcome_table.ts";
import type { ProtocolGroups } from "./group_table.ts";
import { PRINTED_ORDER } from "../../experiments/evaluation_names.ts";
import { groupRouters } from "../../experiments/paper_routers.ts";

/** Options of {@linkcode measureGroups}. */
export interface GroupsOptions {
  readonly evalNames: readonly string[];
  /** The protocols that the table allows. */
  readonly protocols: readonly Protocol[];
  readonly seed: number;
  /** The MLP too, and each subject and task of the table as a group of its own. */
  readonly whole: boolean;
  readonly onProgress?: (progress: Progress) => void;
}

/** MT-Bench's 80 prompts leave 24 for the test. */
const LEAST_FOR_MT_BENCH = 20;

/**
 * Each evaluation as a group that routers have seen or never seen (Figure 9), by each protocol; with `whole` each
 * subject and task of the table by ours.
 *
 * @returns nothing where there is one evaluation only
 */
export async function measureGroups(
  outcomes: OutcomeTable,
  embeddings: Embeddings,
  options: GroupsOptions,
): Promise<ProtocolGroups[]> {
  const { evalNames, protocols, seed, whole, onProgress } = options;
  const found: ProtocolGroups[] = [];
  const byOurs = splitForEvaluation(outcomes, embeddings, { seed });
  // Both protocols have the same groups.
  const nRuns = evalNames.length > 1 ? protocols.length : 1;
  const run = async (
    data: EvaluationData,
    protocol: Protocol,
    groups?: Readonly<Record<string, readonly string[]>>,
  ): Promise<void> => {
    // There may be eighty tasks, and fitting a network for each takes long.
    const recipes = groupRouters({ withMlp: whole && groups !== undefined });
    const evaluated = await evaluateGroups(data, recipes, {
      groups,
      protocol,
      seed,
      leastTestPrompts: LEAST_FOR_MT_BENCH,
      onProgress: ({ done, total }) =>
        onProgress?.({ done: found.length % nRuns * total + done, total: nRuns * total }),
    });
    found.push({ protocol, kind: groups === undefined ? "task" : "evaluation", groups: evaluated });
  };
  if (evalNames.length > 1) {
    const groups = Object.fromEntries(evalNames.map((evalName) => [evalName, [evalName]]));
    for (const protocol of protocols) {
      await run(
        protocol === "ours"
          ? byOurs
          : paperSplitOfEvals(outcomes, embeddings, { names: evalNames, order: PRINTED_ORDER }),
        protocol,
        groups,
      );
    }
  }
  // Tasks get a table of their own only where they are not the evaluations themselves.
  if (whole && evalNamesOf(outcomes).length > evalNames.length) await run(byOurs, "ours");
  return found;
}
