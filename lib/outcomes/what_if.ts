import { suggestion } from "../base/suggestion.ts";
import type { PriceList } from "./price_list.ts";
import { type OutcomeTable, outcomeTable, selectPrompts } from "./outcome_table.ts";
import { PRICE_USD_PER_MILLION_TOKENS, shortModelName } from "./paper_table.ts";

/** How prices change. */
export interface PriceChange {
  /** The new prices by model, USD per million tokens; models that are not in it keep theirs. */
  readonly to: PriceList;
  /** The prices that were paid. Default: the paper's. */
  readonly from?: PriceList;
  /**
   * Share of the cost that was paid for completion tokens, 0..1. Needed only where a model's prompt and completion
   * prices change by different factors: a recorded cost does not tell its parts.
   */
  readonly completionShare?: number;
}

/**
 * Recomputes costs: what the same responses would have cost at other prices.
 *
 * Every cost of a model is multiplied by one factor: new price ÷ old price, or where the two prices change differently,
 * their factors weighted by `completionShare`. Qualities stay. A model whose price changes gets "(new price)" after its
 * short name: it is no longer the one in the price list by which {@linkcode cascadeOrder} and the paper's protocol go.
 *
 * **Units**: USD per million tokens; costs in USD a response.
 *
 * @throws RangeError for a model that is not in the table or has no old price, a price that is no amount, or a missing
 * or wrong share
 * @example
 * ```ts
 * import { repriceOutcomes, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const table = simulateOutcomes({ nPromptsPerEval: 5, seed: 1 });
 * const cheaper = repriceOutcomes(table, { to: { "gpt-4-1106-preview": { prompt: 1, completion: 3 } } });
 * assert.equal(cheaper.models.at(-1), "GPT-4 (new price)");
 * assert.ok(Math.abs(cheaper.costUsd.at(-1)! / table.costUsd.at(-1)! - 0.1) < 1e-12);
 * ```
 */
export function repriceOutcomes(table: OutcomeTable, change: PriceChange): OutcomeTable {
  const { from = PRICE_USD_PER_MILLION_TOKENS, to } = change;
  const factors = new Float64Array(table.models.length).fill(1);
  for (const [model, price] of Object.entries(to)) {
    const old = Object.hasOwn(from, model) ? from[model] : undefined;
    if (old === undefined) {
      throw new RangeError(
        `Cannot change prices as each model's old price must be known: "${model}" has none; name it in from`,
      );
    }
    factors[indexOf(table, model, "change prices")] = factorOf(model, old, { price, share: change.completionShare });
  }
  const m = table.models.length;
  const isChanged = (j: number): boolean => factors[j] !== 1;
  return outcomeTable({
    ...plain(table),
    models: table.models.map((model, j) => isChanged(j) ? `${shortModelName(model)} (new price)` : model),
    costUsd: table.costUsd.map((cost, at) => cost * factors[at % m]),
    source: noted(table, `Prices changed: ${table.models.filter((_, j) => isChanged(j)).join(", ") || "none"}`),
  });
}

type Price = PriceList[string];

function factorOf(
  model: string,
  old: Price,
  { price, share }: { readonly price: Price; readonly share?: number },
): number {
  const isAmount = (value: number): boolean => value >= 0 && value < Infinity;
  if (
    ![price.prompt, price.completion].every(isAmount) ||
    !(isAmount(old.prompt) && isAmount(old.completion) && old.prompt * old.completion > 0)
  ) {
    throw new RangeError(
      `Cannot change prices as they must be numbers of USD, 0 or more, the old ones above 0: "${model}" goes from ${old.prompt}/${old.completion} to ${price.prompt}/${price.completion}`,
    );
  }
  const prompt = price.prompt / old.prompt;
  const completion = price.completion / old.completion;
  if (Math.abs(prompt - completion) <= 1e-12 * prompt) return prompt;
  if (share === undefined || !(share >= 0 && share <= 1)) {
    throw new RangeError(
      `Cannot change prices of "${model}" as prompt and completion change by different factors, ${
        prompt.toPrecision(3)
      } and ${
        completion.toPrecision(3)
      }: completionShare is ${share}; pass the share of its cost paid for completions, 0 to 1`,
    );
  }
  return (1 - share) * prompt + share * completion;
}

/**
 * The table of some of its models, in the order named, as if the others did not exist.
 *
 * @throws RangeError for a model that is not in the table
 * @example
 * ```ts
 * import { selectModels, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const table = simulateOutcomes({ nPromptsPerEval: 5, seed: 1 });
 * const models = ["gpt-4-1106-preview", "claude-v1"];
 * assert.deepEqual(selectModels(table, models).models, models);
 * ```
 */
export function selectModels(table: OutcomeTable, models: readonly string[]): OutcomeTable {
  const columns = models.map((model) => indexOf(table, model, "select models"));
  const m = table.models.length;
  const cells = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: table.promptIds.length * columns.length }, (_, at) => {
      const row = Math.floor(at / columns.length);
      return values[row * m + columns[at - row * columns.length]];
    });
  return outcomeTable({
    ...plain(table),
    models,
    quality: cells(table.quality),
    costUsd: cells(table.costUsd),
    latencySeconds: table.latencySeconds && cells(table.latencySeconds),
  });
}

/** Outcomes of one more model on some prompts. */
export interface ModelOutcomes {
  /** Its name. */
  readonly model: string;
  /** The prompts that were tried, ids of the table. */
  readonly promptIds: readonly string[];
  /** Quality of each response, 0..1, beside `promptIds`. */
  readonly quality: ArrayLike<number>;
  /** Cost of each response, USD, beside `promptIds`. */
  readonly costUsd: ArrayLike<number>;
}

/**
 * A table with one more model, the last, on the prompts where that model was tried. All other prompts are left out, as
 * its outcomes there are unknown, and so are latencies.
 *
 * @throws TypeError where the model stands in the table or a prompt twice, or lengths differ; RangeError for a prompt
 * that is not in the table, or a value out of range
 * @example
 * ```ts
 * import { addModel, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const table = simulateOutcomes({ nPromptsPerEval: 5, seed: 1 }), promptIds = table.promptIds.slice(0, 2);
 * const wider = addModel(table, { model: "mine", promptIds, quality: [1, 0], costUsd: [1e-4, 2e-4] });
 * assert.deepEqual([wider.promptIds.length, wider.models.length, wider.quality.at(-1)], [2, 12, 0]);
 * ```
 */
export function addModel(table: OutcomeTable, { model, promptIds, quality, costUsd }: ModelOutcomes): OutcomeTable {
  if (quality.length !== promptIds.length || costUsd.length !== promptIds.length) {
    throw new TypeError(
      `Cannot add "${model}" as each of its prompts needs a quality and a cost: there are ${promptIds.length} prompts, ${quality.length} qualities and ${costUsd.length} costs`,
    );
  }
  const rowOf = new Map(table.promptIds.map((id, row) => [id, row]));
  const rows = promptIds.map((id) => {
    const row = rowOf.get(id);
    if (row === undefined) {
      throw new RangeError(`Cannot add "${model}" as its prompts must be the table's: "${id}" is not; check the ids`);
    }
    return row;
  });
  const tried = selectPrompts(table, rows);
  const m = table.models.length + 1;
  const wider = (known: Float64Array, added: ArrayLike<number>): Float64Array => {
    const cells = new Float64Array(rows.length * m);
    rows.forEach((_, i) => {
      cells.set(known.subarray(i * (m - 1), (i + 1) * (m - 1)), i * m);
      cells[i * m + m - 1] = added[i];
    });
    return cells;
  };
  return outcomeTable({
    ...tried,
    models: [...table.models, model],
    quality: wider(tried.quality, quality),
    costUsd: wider(tried.costUsd, costUsd),
    latencySeconds: null,
    source: noted(table, `"${model}" was added on ${rows.length} of ${table.promptIds.length} prompts`),
  });
}

function indexOf({ models }: OutcomeTable, model: string, verb: string): number {
  const at = models.indexOf(model);
  if (at >= 0) return at;
  throw new RangeError(
    `Cannot ${verb} as each model must be in the table: "${model}" is not${suggestion(model, models, "")}`,
  );
}

/** The table without the ground truth of a simulation, which a change would make wrong. */
function plain(
  { models, promptIds, evalNames, prompts, quality, costUsd, latencySeconds, source }: OutcomeTable,
): OutcomeTable {
  return { models, promptIds, evalNames, prompts, quality, costUsd, latencySeconds, source };
}

function noted({ source }: OutcomeTable, note: string): OutcomeTable["source"] {
  // What was changed is no longer the file of that name and checksum.
  const kind = source.kind === "released" ? "file" as const : source.kind;
  const name = source.name.replace(/( \(changed\))?$/, " (changed)");
  return { ...source, kind, name, sha256: "", notes: [...source.notes, note] };
}
