import { listed } from "../../base/words.ts";
import type { ModelColumns } from "../column_names.ts";
import { type Frame, numberOfCell } from "../frame.ts";
import type { LoadOptions } from "../load_options.ts";

/**
 * Checks that every model has a cost before any cell is read. A benchmark without costs gets them from the options; none becomes 0.
 *
 * @throws TypeError that names the option, and the models which it must have
 */
export function needCosts(title: string, models: readonly string[], columns: ModelColumns, options: LoadOptions): void {
  if (columns.costUsd !== undefined) return;
  const { priceList, responseCostUsd } = options;
  const hasTokens = columns.promptTokens !== undefined && columns.completionTokens !== undefined;
  if (hasTokens && priceList !== undefined) return needEvery("priceList", "--prices", models, priceList);
  if (responseCostUsd !== undefined) return needEvery("responseCostUsd", "--response-costs", models, responseCostUsd);
  const responses = "responseCostUsd (--response-costs FILE), USD of one response";
  throw new TypeError(
    `each outcome must have a cost: ${title} has ${
      hasTokens ? "token counts and no costs" : "neither costs nor token counts"
    }${!hasTokens && priceList !== undefined ? ", so a price list gives none" : ""}; pass ${
      hasTokens ? "priceList (--prices FILE), USD per million tokens, or " : ""
    }${responses}, for each of the models ${listed(models)}`,
  );
}

function needEvery(
  option: string,
  flag: string,
  models: readonly string[],
  prices: Readonly<Record<string, unknown>>,
): void {
  const lacking = models.filter((model) => !Object.hasOwn(prices, model));
  if (lacking.length === 0) return;
  throw new TypeError(
    `${option} must have every model: it lacks ${lacking.length} of ${models.length}, ${
      listed(lacking)
    }; add them to it (${flag} FILE)`,
  );
}

/** The inputs of {@linkcode knownCosts}. */
export interface CostCells {
  readonly costUsd: string;
  readonly promptTokens: string;
  readonly completionTokens: string;
  readonly model: string;
}

/**
 * Replaces the zeros that a benchmark's program writes where it knows no price (responses with tokens and a cost of 0) by tokens × price, or by
 * the response's price.
 *
 * @throws TypeError that names the models with such zeros which the options give no price for
 */
export function knownCosts(
  frame: Frame,
  at: CostCells,
  options: LoadOptions,
): { readonly costs: unknown[]; readonly nPriced: number } {
  const cells = (name: string): ArrayLike<unknown> => frame.columns.get(name) ?? [];
  const costs = Array.from(cells(at.costUsd));
  const models = cells(at.model);
  const unpriced = new Map<string, number>();
  const prompts = cells(at.promptTokens);
  const completions = cells(at.completionTokens);
  const { priceList, responseCostUsd } = options;
  let nPriced = 0;
  for (let row = 0; row < frame.nRows; row++) {
    const tokens = [numberOfCell(prompts[row]) ?? NaN, numberOfCell(completions[row]) ?? NaN];
    if (numberOfCell(costs[row]) !== 0 || tokens[0] + tokens[1] === 0) continue;
    const model = String(models[row]);
    const price = priceList && Object.hasOwn(priceList, model) ? priceList[model] : null;
    nPriced++;
    if (price !== null && Number.isFinite(tokens[0] + tokens[1])) {
      costs[row] = (tokens[0] * price.prompt + tokens[1] * price.completion) / 1e6;
    } else if (responseCostUsd && Object.hasOwn(responseCostUsd, model)) costs[row] = responseCostUsd[model];
    else unpriced.set(model, (unpriced.get(model) ?? 0) + 1);
  }
  if (unpriced.size > 0) {
    const [[model, count]] = unpriced;
    throw new TypeError(
      `a response of some tokens must have a cost: "${model}" has ${count} of 0, as the benchmark writes where it knows no price; pass priceList (--prices FILE), or responseCostUsd (--response-costs FILE), with ${
        listed([...unpriced.keys()])
      }, at 0 only where a model is free`,
    );
  }
  return { costs, nPriced };
}
