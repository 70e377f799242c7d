import type { Table } from "../base/table.ts";
import { percent, signed } from "../base/words.ts";
import type { Recommendation } from "../evaluation/recommend.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";
import { shortModelName } from "../outcomes/paper_table.ts";

/** The chosen setting of each router that chose on validation prompts, its AIQ there, and what it was chosen from. */
export function chosenTable({ evaluation: { systems } }: NamedEvaluation): Table {
  const rows = systems.filter(({ ladder }) => ladder.length > 0).map(({ name, ladder }) => {
    const chosen = ladder.find(({ isChosen }) => isChosen)!;
    const others = ladder.filter((step) => step !== chosen).map(({ aiq }) => aiq);
    const range = others.length === 0 ? null : `${Math.min(...others).toFixed(4)} to ${Math.max(...others).toFixed(4)}`;
    return [name, chosen.setting, chosen.aiq.toFixed(4), ladder.length, range];
  });
  return { columns: ["", "chosen", "AIQ on validation", "settings tried", "AIQ of the others"], rows };
}

/** How well costs per prompt are predicted, a row a model. */
export function costsTable({ costs = [] }: NamedEvaluation): Table {
  const rows = costs.map(({ model, meanCostUsd, biasUsd, rSquaredOfLog }) => {
    const share = 100 * biasUsd / meanCostUsd;
    const bias = Number.isFinite(share) ? `${signed(share, 1)} %` : null;
    return [
      shortModelName(model),
      meanCostUsd.toPrecision(3),
      bias,
      rSquaredOfLog?.toFixed(2).replace("-", "−") ?? null,
    ];
  });
  return { columns: ["", "mean cost, USD", "predicted beside it", "R² of log cost"], rows };
}

/** The recommended setting beside the best single model, and where the prompts go. */
export function recommendedTable(
  { setting, bestModel, saving, savingInterval, confidence, margin, marginLow, goal }: Recommendation,
  models: readonly string[],
): Table {
  const [low, high] = savingInterval;
  const shares = models.flatMap((model, j) => {
    const share = setting.modelShares?.[j] ?? 0;
    return share === 0 ? [] : [[`to ${shortModelName(model)}`, percent(share, 1), null]];
  });
  const digits = (value: number): string => goal.budgetUsd === undefined ? value.toFixed(4) : value.toPrecision(3);
  return {
    columns: ["Recommended", setting.label, shortModelName(bestModel.model)],
    rows: [
      ["quality", setting.quality.toFixed(4), bestModel.quality.toFixed(4)],
      ["USD a prompt", setting.costUsd.toPrecision(3), bestModel.costUsd.toPrecision(3)],
      ["margin", digits(margin), null],
      [`margin, at least (${percent(confidence)} sure)`, Number.isFinite(marginLow) ? digits(marginLow) : null, null],
      ["saved", percent(saving, 1), null],
      ["saved (95 % interval)", `${percent(low, 1)} to ${percent(high, 1)}`, null],
      ...shares,
    ],
  };
}
