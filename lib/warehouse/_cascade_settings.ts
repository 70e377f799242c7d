import { besideColumns, type Levels, type PromptSystem } from "./_prompt_settings.ts";
import { numberText } from "./sql.ts";

/** A cascade, as {@linkcode expectCascade} takes it. */
export interface CascadeInput {
  /** Models in the order in which they are asked. */
  readonly order: readonly number[];
  /** With this probability the judge's decision is turned round. */
  readonly judgeError: number;
  /** An answer is good enough from this quality on. */
  readonly acceptFromQuality: number;
}

/** What the first 1, 2, … m calls of a prompt cost together: the column `spent`. */
export function levelsOfSpending({ order }: Pick<CascadeInput, "order">): Levels {
  return [{ asked_c: inOrder("c", order) }, { spent: "arrayCumSum(asked_c)" }];
}

/**
 * A cascade, its settings being budgets: running sums over its calls, from which the expectation under any budget is
 * read.
 *
 * With A the number of answers before call k that should be accepted, call k is reached with r = ε^A · (1 − ε)^(k − 1 −
 * A). A cascade that ends with call K costs Σ r c over its calls, and yields Σ r a q over those before K, and r q of
 * call K.
 */
export function cascadeOf(input: CascadeInput): PromptSystem {
  const { order, judgeError, acceptFromQuality } = input;
  const right = numberText(1 - judgeError), wrong = numberText(judgeError);
  const [costs, spent] = levelsOfSpending(input);
  const levels: Levels = [
    { ...costs, asked_q: inOrder("q", order) },
    { ...spent, good: `arrayMap(u -> toInt64(u >= ${numberText(acceptFromQuality)}), asked_q)` },
    { before: "arrayMap((sum, u) -> sum - u, arrayCumSum(good), good)" },
    { reached: `arrayMap((u, v) -> pow(${wrong}, u) * pow(${right}, v - 1 - u), before, arrayEnumerate(asked_q))` },
    {
      paid: "arrayCumSum(arrayMap((u, v) -> u * v, reached, asked_c))",
      got: `arrayCumSum(arrayMap((u, v, w) -> u * v * if(w = 1, ${right}, ${wrong}), reached, asked_q, good))`,
      last: "arrayMap((u, v) -> u * v, reached, asked_q)",
      // The budget's rule begins when something was spent.
      free: "arrayCount(u -> u = 0, spent) + 1",
    },
  ];
  const calls = `least(${order.length}, greatest(free, arrayCount(u -> u < l, ${besideColumns("spent", ["l"])})))`;
  return {
    levels,
    settingLevels: [{ k: calls }],
    setting: {
      choice: "0",
      costUsd: "paid[k]",
      quality: "last[k] + if(k = 1, 0.0, got[greatest(toInt64(k) - 1, 1)])",
    },
  };
}

function inOrder(column: "q" | "c", order: readonly number[]): string {
  return `[${order.map((model) => `${column}[${model + 1}]`).join(", ")}]`;
}
