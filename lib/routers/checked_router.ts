import { suggestion } from "../base/suggestion.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import {
  checkedTrainingSet,
  checkEmbeddings,
  type EmbeddedOutcomes,
  type LadderStep,
  type QualityPredictions,
  type Router,
} from "./router.ts";

/** The prediction of one's own router for a prompt: the quality of each model, by its name, or the name of the one model to ask. */
export type PromptPrediction = Readonly<Record<string, number>> | string;

/** A router as a plain function of a prompt's text. It may be async. Its name in tables is the function's. */
export type PromptFunction = (prompt: string) => PromptPrediction | Promise<PromptPrediction>;

/** A router as an object: a {@linkcode Router} of which most parts may be left out. */
export interface CustomRouter {
  /** Its name in tables and figures. */
  readonly name: string;
  /** Remarks for the user, a sentence each. */
  readonly notes?: readonly string[];
  /** As of {@linkcode Router}. */
  readonly ladder?: readonly LadderStep[];
  /** As of {@linkcode Router}. */
  readonly state?: Router["state"];
  /** As of {@linkcode Router}. */
  readonly variantOf?: string;
  /**
   * Predicts for many prompts at once, given their vectors and texts (`null` where the table has none): one {@linkcode PromptPrediction} a
   * prompt, or a whole {@linkcode QualityPredictions}, which may have its own expectation of costs.
   */
  predict(
    embeddings: Embeddings,
    prompts: readonly string[] | null,
  ): QualityPredictions | readonly PromptPrediction[] | Promise<QualityPredictions | readonly PromptPrediction[]>;
}

/**
 * Turns a user's router into a {@linkcode Router} whose predictions are checked each time.
 *
 * @param train gives the models, their mean costs, and the shape of the vectors
 * @throws TypeError where it has no name or cannot predict; when it predicts, where the predictions do not fit the prompts and models
 */
export function checkedRouter(router: CustomRouter | PromptFunction, train: EmbeddedOutcomes): Router {
  if (typeof router === "function") {
    const name = nameOf(router);
    return checkedRouter({ name, predict: (_, prompts) => predictAll(router, neededTexts(name, prompts)) }, train);
  }
  const name = nameOf(router);
  const { models, meanCostUsd } = checkedTrainingSet(train);
  return {
    name,
    notes: router.notes ?? [],
    ladder: router.ladder,
    state: router.state,
    variantOf: router.variantOf,
    predict: async (embeddings, prompts = null) => {
      checkEmbeddings(embeddings, train.embeddings);
      const predicted = await router.predict(embeddings, prompts);
      return isWhole(predicted) ? checkedWhole(name, predicted, { nPrompts: embeddings.nPrompts, models }) : {
        nPrompts: embeddings.nPrompts,
        models,
        quality: qualityOfRows(name, predicted, { ...embeddings, models }),
        costUsd: meanCostUsd,
      };
    },
  };
}

function nameOf({ name }: { readonly name: string }): string {
  if (typeof name === "string" && name !== "") return name;
  throw new TypeError(
    "Cannot evaluate a router as it needs a name for tables and figures: it has none; write const mine = (prompt) => … and pass mine, or { name, predict }",
  );
}

async function predictAll(predict: PromptFunction, prompts: readonly string[]): Promise<PromptPrediction[]> {
  const rows: PromptPrediction[] = [];
  for (const prompt of prompts) rows.push(await predict(prompt));
  return rows;
}

function neededTexts(name: string, prompts: readonly string[] | null): readonly string[] {
  if (prompts !== null) return prompts;
  throw new TypeError(
    `Cannot predict with "${name}" as a function of the prompt needs the prompts' texts: there are none; pass customRouter(name, ({ vector }) => …), which sees the vectors`,
  );
}

function isWhole(predicted: unknown): predicted is QualityPredictions {
  return typeof predicted === "object" && predicted !== null && "quality" in predicted;
}

/** Predictions of prompts one by one as one matrix, row-major `[n · m]`. */
function qualityOfRows(
  name: string,
  rows: readonly PromptPrediction[],
  { nPrompts, models }: { readonly nPrompts: number; readonly models: readonly string[] },
): Float64Array {
  if (rows?.length !== nPrompts) {
    throw new TypeError(
      `Cannot predict with "${name}" as it must return one prediction a prompt: it returned ${
        rows?.length ?? String(rows)
      } for ${nPrompts} prompts; return an array of rows, or { nPrompts, models, quality, costUsd }`,
    );
  }
  const m = models.length;
  const quality = new Float64Array(nPrompts * m);
  rows.forEach((row, i) => {
    if (typeof row === "string") quality[i * m + indexOfModel(name, row, models)] = 1;
    else quality.set(qualityByName(name, row, models), i * m);
  });
  return quality;
}

function indexOfModel(name: string, model: string, models: readonly string[]): number {
  const at = models.indexOf(model);
  if (at >= 0) return at;
  throw new TypeError(
    `Cannot predict with "${name}" as it must name a model of the table: "${model}" is none${
      suggestion(model, models, "")
    }; there are ${models.join(", ")}`,
  );
}

function qualityByName(
  name: string,
  row: Readonly<Record<string, number>>,
  models: readonly string[],
): number[] {
  const wanted =
    `Cannot predict with "${name}" as it must return one finite quality by each model's name, or one model's name`;
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw new TypeError(`${wanted}: it returned ${described(row)}; return { "${models[0]}": 0.8, … }`);
  }
  const wrong = models.find((model) => !Number.isFinite(row[model]));
  if (wrong !== undefined) {
    throw new TypeError(`${wanted}: it gave "${wrong}" ${row[wrong]}; check its names and its divisions`);
  }
  const unknown = Object.keys(row).find((key) => !models.includes(key));
  if (unknown !== undefined) indexOfModel(name, unknown, models);
  return models.map((model) => row[model]);
}

function described(value: unknown): string {
  return Array.isArray(value) ? `an array of ${value.length}` : String(value);
}

function checkedWhole(
  name: string,
  predicted: QualityPredictions,
  wanted: { readonly nPrompts: number; readonly models: readonly string[] },
): QualityPredictions {
  const n = wanted.nPrompts;
  const m = wanted.models.length;
  const { nPrompts, models, quality, costUsd } = predicted;
  if (nPrompts !== n || models?.length !== m || models.some((model, j) => model !== wanted.models[j])) {
    throw new TypeError(
      `Cannot predict with "${name}" as it must predict the table's models in their order: it predicts ${nPrompts} prompts and [${models}], wanted are ${n} and [${wanted.models}]`,
    );
  }
  if (quality.length !== n * m || (costUsd?.length !== m && costUsd?.length !== n * m)) {
    throw new TypeError(
      `Cannot predict with "${name}" as quality must be prompts × models and costUsd one a model or one a cell: they are ${quality.length} and ${costUsd?.length} for ${n}×${m}`,
    );
  }
  if (!quality.every(Number.isFinite) || !costUsd.every(Number.isFinite)) {
    throw new TypeError(
      `Cannot predict with "${name}" as qualities and costs must be finite: one is not; check its divisions`,
    );
  }
  return predicted;
}
