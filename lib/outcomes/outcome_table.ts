/** A table of outcomes and what is done with it. @module */

import { listed } from "../base/words.ts";
import { needUnique } from "./need_unique.ts";
import { suggestion } from "../base/suggestion.ts";

/** Where a table came from; shown in captions and in the manifest. */
export interface OutcomeSource {
  /**
   * `released`: the published RouterBench files; `file`: a user's own; `simulated`: {@linkcode simulateOutcomes};
   * `warehouse`: a table that stays on its server.
   */
  readonly kind: "released" | "file" | "simulated" | "warehouse";
  /** The file's name, or the simulation with its settings. */
  readonly name: string;
  /** SHA-256 of the file's bytes; of the table's numbers where there is no file. Lower-case hex. */
  readonly sha256: string;
  /** A sentence for everything that was merged, left out or assumed when the table was read. */
  readonly notes: readonly string[];
  /** Rows of the file that were merged into another row of the same prompt. Default 0. */
  readonly nMergedRows?: number;
}

/**
 * Recorded outcomes: the quality and the cost of each model's response to each prompt.
 *
 * **Shapes**: n prompts × m models, row-major: cell (i, j) is at `i · m + j`.
 */
export interface OutcomeTable {
  /** The m models' names, each once. */
  readonly models: readonly string[];
  /** The n prompts' identifiers, each once. */
  readonly promptIds: readonly string[];
  /** The evaluation (task) each prompt belongs to. */
  readonly evalNames: readonly string[];
  /** The prompts' texts, or `null` where the source has none. */
  readonly prompts: readonly string[] | null;
  /** Quality of each response, `[n · m]`, 0..1. */
  readonly quality: Float64Array;
  /** Cost of each response, `[n · m]`, USD for that one response. */
  readonly costUsd: Float64Array;
  /** Time to each response, `[n · m]`, seconds, or `null` where it was not recorded. */
  readonly latencySeconds: Float64Array | null;
  /** Where the table came from. */
  readonly source: OutcomeSource;
}

/**
 * Checks a table and returns it; all outcomes enter the library through this function.
 *
 * **Shapes**: `quality` and `costUsd` are `[n · m]` for n prompt ids and m models.
 *
 * @throws TypeError where shapes do not agree, there are no prompts or models, or a name stands twice
 * @throws RangeError where a quality is outside 0..1 or a cost or latency is negative, infinite or `NaN`
 * @example
 * ```ts
 * import { outcomeTable } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const table = outcomeTable({
 *   models: ["small", "large"],
 *   promptIds: ["a", "b"],
 *   evalNames: ["mine", "mine"],
 *   prompts: ["What is 2 + 2?", "Prove that there is no largest prime."],
 *   quality: Float64Array.of(1, 1, 0, 1),
 *   costUsd: Float64Array.of(1e-5, 1e-3, 1e-5, 2e-3),
 *   latencySeconds: null,
 *   source: { kind: "file", name: "two prompts", sha256: "", notes: [] },
 * });
 * assert.equal(table.promptIds.length, 2);
 * ```
 */
export function outcomeTable(table: OutcomeTable): OutcomeTable {
  const { models, promptIds, evalNames, prompts, quality, costUsd, latencySeconds } = table;
  const n = promptIds.length;
  const m = models.length;
  if (n === 0 || m === 0) {
    throw new TypeError(
      `Cannot make an outcome table as it needs prompts and models: it has ${n} prompts and ${m} models`,
    );
  }
  needUnique(models, "Cannot make an outcome table as its models");
  needUnique(promptIds, "Cannot make an outcome table as its prompt ids");
  needLength("evaluation names", evalNames.length, n);
  if (prompts !== null) needLength("prompts", prompts.length, n);
  const cell = (at: number): string => `model "${models[at % m]}" on prompt "${promptIds[Math.floor(at / m)]}"`;
  needCells("quality", quality, n * m, (q) => q >= 0 && q <= 1, "must be in 0..1", cell);
  needCells("cost", costUsd, n * m, isAmount, "must be a finite number of USD, 0 or more", cell);
  if (latencySeconds !== null) {
    needCells("latency", latencySeconds, n * m, isAmount, "must be a finite number of seconds, 0 or more", cell);
  }
  return table;
}

function isAmount(value: number): boolean {
  return value >= 0 && value < Infinity;
}

function needLength(what: string, length: number, wanted: number): void {
  if (length !== wanted) {
    throw new TypeError(
      `Cannot make an outcome table as its ${what} must match its prompts: ${length} stand for ${wanted}`,
    );
  }
}

function needCells(
  what: string,
  values: Float64Array,
  length: number,
  holds: (value: number) => boolean,
  rule: string,
  cell: (at: number) => string,
): void {
  needLength(`${what} cells`, values.length, length);
  for (let at = 0; at < values.length; at++) {
    if (!holds(values[at])) {
      throw new RangeError(`Cannot make an outcome table as a ${what} ${rule}: ${cell(at)} has ${values[at]}`);
    }
  }
}

/**
 * The table of some of the prompts, in the order of `rows`.
 *
 * @param rows indices of prompts, each at most once
 * @throws RangeError where an index is not a prompt's
 */
export function selectPrompts(table: OutcomeTable, rows: ArrayLike<number>): OutcomeTable {
  const n = table.promptIds.length;
  const m = table.models.length;
  const picked = Array.from(rows, (row) => {
    if (!Number.isInteger(row) || row < 0 || row >= n) {
      throw new RangeError(`Cannot select prompts as each index must be one of the ${n} prompts': ${row} is not`);
    }
    return row;
  });
  const cells = (values: Float64Array): Float64Array => {
    const result = new Float64Array(picked.length * m);
    picked.forEach((row, i) => result.set(values.subarray(row * m, row * m + m), i * m));
    return result;
  };
  return outcomeTable({
    models: table.models,
    promptIds: picked.map((row) => table.promptIds[row]),
    evalNames: picked.map((row) => table.evalNames[row]),
    prompts: table.prompts && picked.map((row) => table.prompts![row]),
    quality: cells(table.quality),
    costUsd: cells(table.costUsd),
    latencySeconds: table.latencySeconds && cells(table.latencySeconds),
    source: table.source,
  });
}

/** The evaluations of a table, in the order in which they first stand. */
export function evalNamesOf(table: OutcomeTable): string[] {
  return [...new Set(table.evalNames)];
}

/**
 * Indices of the prompts whose evaluation's name begins with one of `names`, in the table's order.
 *
 * **Source**: the reference code pools by prefix: `mmlu` takes in 57 tasks (data/paper/README.md, "Split").
 *
 * @throws RangeError for a name that no evaluation starts with
 */
export function rowsOfEvals(table: OutcomeTable, names: readonly string[]): number[] {
  const known = evalNamesOf(table);
  for (const name of names) {
    if (name === "" || !known.some((known) => known.startsWith(name))) {
      throw new RangeError(
        `Cannot select evaluations as each name must begin one of the table's: "${name}" does not; it has ${
          listed(known, 12)
        }${suggestion(name, known, "")}`,
      );
    }
  }
  return table.evalNames.flatMap((evalName, i) => names.some((name) => evalName.startsWith(name)) ? [i] : []);
}

/**
 * The prompts of some evaluations: every one whose name starts with one of `names`.
 *
 * @throws RangeError for a name that no evaluation starts with
 * @example
 * ```ts
 * import { selectEvals, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const all = simulateOutcomes({ nPromptsPerEval: 20, seed: 1 });
 * assert.deepEqual(new Set(selectEvals(all, ["mbpp", "mmlu"]).evalNames), new Set(["mmlu", "mbpp"]));
 * ```
 */
export function selectEvals(table: OutcomeTable, names: readonly string[]): OutcomeTable {
  return selectPrompts(table, rowsOfEvals(table, names));
}

/** Means per model over the prompts, `[m]`: mean quality and mean cost of a response in USD. */
export function modelMeans(table: OutcomeTable): { readonly quality: Float64Array; readonly costUsd: Float64Array } {
  const n = table.promptIds.length;
  const m = table.models.length;
  const quality = new Float64Array(m);
  const costUsd = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      quality[j] += table.quality[i * m + j];
      costUsd[j] += table.costUsd[i * m + j];
    }
  }
  return { quality: quality.map((sum) => sum / n), costUsd: costUsd.map((sum) => sum / n) };
}
