import type { CostQualityPanelInput } from "../../../lib/figures/panel_input.ts";

/** Prompts of the test splits by which the plotted total costs are divided, rounded. */
const N_PROMPTS = { mmlu: 4200, gsm8k: 2200 };

type Place = readonly [totalCostUsd: number, quality: number];

/** Points of RouterBench (arXiv:2403.12031), Figure 4, MMLU: total USD on the test split and mean quality. */
const MMLU_MODELS: Readonly<Record<string, Place>> = {
  "WizardLM 13B": [0.0816, 0.5682],
  "Claude Instant V1": [0.6548, 0.3837],
  "Claude V1": [3.2688, 0.4746],
  "Claude V2": [3.2703, 0.6194],
  "GPT-3.5": [0.4083, 0.7202],
  "GPT-4": [4.086, 0.8277],
  "Code Llama 34B": [0.3266, 0.5693],
  "Llama 70B": [0.7761, 0.6475],
  "Mistral 7B": [0.0817, 0.5622],
  "Mixtral 8x7B": [0.245, 0.733],
  "Yi 34B": [0.3263, 0.7426],
};
const MMLU_ZERO: readonly Place[] = [[0.0816, 0.5682], [0.245, 0.733], [0.3263, 0.7426], [4.086, 0.8277]];
const MMLU_KNN: readonly Place[] = [
  [0.0816, 0.5622],
  [0.2556, 0.7313],
  [0.2695, 0.7376],
  [0.5484, 0.7589],
  [1.2091, 0.7834],
  [4.086, 0.8277],
];
const MMLU_MLP: readonly Place[] = [[0.0816, 0.5682], [0.1499, 0.7233], [0.2681, 0.7321], [0.9638, 0.7685], [
  4.086,
  0.8277,
]];
const MMLU_ORACLE: Place = [0.3038, 0.9591];

/** The same figure's GSM8K panel: many models on and near the curves. */
const GSM8K_MODELS: Readonly<Record<string, Place>> = {
  "WizardLM 13B": [0.2363, 0.5101],
  "Claude Instant V1": [2.8289, 0.6262],
  "Claude V1": [11.0886, 0.6532],
  "Claude V2": [13.4926, 0.6636],
  "GPT-3.5": [1.1705, 0.6013],
  "GPT-4": [19.0846, 0.6545],
  "Code Llama 34B": [0.7757, 0.4619],
  "Llama 70B": [2.0269, 0.5293],
  "Mistral 7B": [0.2099, 0.4091],
  "Mixtral 8x7B": [0.5935, 0.5153],
  "Yi 34B": [0.8672, 0.552],
};
const GSM8K_ZERO: readonly Place[] = [[0.2099, 0.4091], [0.2363, 0.5101], [1.1705, 0.6013], [2.8289, 0.6262], [
  13.4926,
  0.6636,
]];
const GSM8K_ORACLE: Place = [1.345, 0.7494];

function at([totalCostUsd, quality]: Place, nPrompts: number): { costUsd: number; quality: number } {
  return { costUsd: totalCostUsd / nPrompts, quality };
}

/** The MMLU panel with three curves. */
export function mmluPanel(): CostQualityPanelInput {
  const points = (places: readonly Place[]): { costUsd: number; quality: number }[] =>
    places.map((place) => at(place, N_PROMPTS.mmlu));
  return {
    title: "MMLU",
    models: Object.entries(MMLU_MODELS).map(([name, place]) => ({ name, ...at(place, N_PROMPTS.mmlu) })),
    curves: [
      { name: "Zero (AIQ .763)", family: "zero", points: points(MMLU_ZERO) },
      {
        name: "KNN, <i>k</i> = 40 (.773)",
        family: "knn",
        points: points(MMLU_KNN).map((point, i) => ({ ...point, label: `λ = ${i}` })),
      },
      { name: "MLP (.769)", family: "mlp", points: points(MMLU_MLP) },
    ],
    oracle: at(MMLU_ORACLE, N_PROMPTS.mmlu),
  };
}

/** A panel with seven curves that nearly coincide: the MMLU curves and copies of them, a little dearer and worse. */
export function crowdedPanel(): CostQualityPanelInput {
  const mmlu = mmluPanel();
  const [zero, knn, mlp] = mmlu.curves;
  const worse = (share: number, curve: typeof knn): typeof knn.points =>
    curve.points.map(({ costUsd, quality }) => ({
      costUsd: costUsd * (1 + share),
      quality: quality * (1 - share / 3),
    }));
  return {
    ...mmlu,
    curves: [
      zero,
      { name: "KNN, <i>k</i> = 5 (.751)", family: "knn", points: worse(0.15, knn) },
      { name: "KNN, <i>k</i> = 10 (.762)", family: "knn", points: worse(0.07, knn) },
      knn,
      mlp,
      { name: "Linear (.760)", family: "linear", points: worse(0.1, mlp) },
      { name: "Cascade, ε = .01 (.901)", family: "cascade", points: worse(-0.2, zero) },
    ],
  };
}

/** The GSM8K panel with the Zero router's curve. */
export function gsm8kPanel(): CostQualityPanelInput {
  return {
    title: "GSM8K",
    models: Object.entries(GSM8K_MODELS).map(([name, place]) => ({ name, ...at(place, N_PROMPTS.gsm8k) })),
    curves: [{
      name: "Zero (AIQ .632)",
      family: "zero",
      points: GSM8K_ZERO.map((place) => at(place, N_PROMPTS.gsm8k)),
    }],
    oracle: at(GSM8K_ORACLE, N_PROMPTS.gsm8k),
  };
}
