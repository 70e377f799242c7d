import { evalNamesOf } from "../outcomes/outcome_table.ts";
import type { EvaluationData } from "../evaluation/evaluation_data.ts";

/** A group of prompts, by the evaluations in it. */
export interface PromptGroup {
  readonly name: string;
  readonly evalNames: ReadonlySet<string>;
  /** A sentence for each thing that was done to make it. */
  readonly notes: readonly string[];
}

/** The name of the group into which those with few test prompts are put together. */
export const SMALLER_GROUPS = "smaller groups";

/** The groups of a table with enough test prompts, in their order, then those with fewer, put together. */
export function groupsOf(
  { train, test }: EvaluationData,
  { groups, leastTestPrompts }: {
    readonly groups?: Readonly<Record<string, readonly string[]>>;
    readonly leastTestPrompts: number;
  },
): PromptGroup[] {
  if (!Number.isInteger(leastTestPrompts) || leastTestPrompts < 1) {
    throw new RangeError(
      `Cannot evaluate groups as the least number of test prompts must be a whole number above 0: it is ${leastTestPrompts}; pass one such as 30`,
    );
  }
  // Names are taken from both sides, as an evaluation of one prompt is on one side of the split only.
  const known = [...new Set([...evalNamesOf(test.outcomes), ...evalNamesOf(train.outcomes)])];
  const nTrain = ({ evalNames }: { readonly evalNames: ReadonlySet<string> }): number =>
    train.outcomes.evalNames.filter((evalName) => evalNames.has(evalName)).length;
  const all = groups === undefined
    ? known.map((name) => ({ name, evalNames: new Set([name]) }))
    : Object.entries(groups).map(([name, beginnings]) => ({
      name,
      evalNames: new Set(beginningWith(known, name, beginnings)),
    }));
  const sized = all.map((group) => ({
    ...group,
    nTest: test.outcomes.evalNames.filter((evalName) => group.evalNames.has(evalName)).length,
  }));
  const large = sized.filter(({ nTest }) => nTest >= leastTestPrompts);
  const small = sized.filter(({ nTest }) => nTest < leastTestPrompts);
  const result: PromptGroup[] = large.map(({ name, evalNames }) => ({ name, evalNames, notes: [] }));
  if (small.length > 0) {
    // A group without test prompts that stands among others is only named in their note.
    if (small.every(({ nTest }) => nTest === 0)) {
      throw new RangeError(
        `Cannot evaluate group "${small[0].name}" as it needs test prompts: all of its ${
          nTrain(small[0])
        } prompts are for training; leave it out of groups`,
      );
    }
    const names = small.map(({ name, nTest }) => `${name} (${nTest})`).join(", ");
    result.push({
      name: SMALLER_GROUPS,
      evalNames: new Set(small.flatMap(({ evalNames }) => [...evalNames])),
      notes: [`Groups of fewer than ${leastTestPrompts} test prompts, put together: ${names}.`],
    });
  }
  return result;
}

function beginningWith(known: readonly string[], group: string, beginnings: readonly string[]): string[] {
  const names = known.filter((evalName) =>
    beginnings.some((beginning) => beginning !== "" && evalName.startsWith(beginning))
  );
  const without = beginnings.find((beginning) =>
    beginning === "" || !known.some((evalName) => evalName.startsWith(beginning))
  );
  if (without !== undefined || names.length === 0) {
    throw new RangeError(
      `Cannot evaluate group "${group}" as each of its names must begin an evaluation of the table: ${
        without === undefined ? "it has none" : `"${without}" does not`
      }; name some of ${known.length} such as "${known[0]}"`,
    );
  }
  return names;
}
