import { type EvaluationData, rowsWhere, selectParts } from "../lib/evaluation/evaluation_data.ts";
import { rowsOfEvals } from "../lib/outcomes/outcome_table.ts";

/** Takes some evaluations out of training and measures on them alone: a plain way to what group evaluations do. */
export function trainedWithout(data: EvaluationData, names: readonly string[]): EvaluationData {
  return selectParts(data, {
    learn: ({ outcomes }) => rowsWhere(outcomes, (evalName) => !names.some((name) => evalName.startsWith(name))),
    test: ({ outcomes }) => rowsOfEvals(outcomes, names),
  });
}
