/** The part of a prompt that the encoder is given. */
export type AblationText = "whole" | "last question";

/** The factor that is varied while everything else stays at the base. */
export type AblationFactor = "text" | "k" | "encoder" | "alpha" | "mlp" | "share";

/** A router with its setting. */
export type AblationRouter =
  | { readonly family: "knn"; readonly k: number }
  | { readonly family: "linear"; readonly alpha: number }
  | { readonly family: "mlp"; readonly hiddenSizes: readonly number[] };

/** The settings that decide the vectors. */
export interface AblationReading {
  /** The part of the prompt. */
  readonly text: AblationText;
  /** The encoder's name. */
  readonly encoder: string;
  /** Word pieces that the encoder reads, the two around the text among them; `null` for one that reads everything. */
  readonly maxTokens: number | null;
}

/** The base, from which one factor at a time is changed. */
export interface AblationBase extends AblationReading {
  /** Neighbours of the KNN router. */
  readonly k: number;
  /** Weight of the linear router's penalty. */
  readonly alpha: number;
}

/** The values that each factor takes. */
export interface AblationGrid {
  /** Word pieces that are read. */
  readonly lengths: readonly number[];
  /** Neighbours of the KNN router. */
  readonly ks: readonly number[];
  /** Weights of the linear router's penalty. */
  readonly alphas: readonly number[];
  /** Hidden layers of the MLP. */
  readonly hiddenSizes: readonly (readonly number[])[];
  /** Shares of the prompts that routers learn from; all of them are always tried. */
  readonly trainShares: readonly number[];
}

/** One row to be measured. */
export interface PlannedRow {
  readonly factor: AblationFactor;
  /** The factor's value in words, such as "last question, 256". */
  readonly setting: string;
  /** Whether everything but the kind of router is the base's. */
  readonly isBase: boolean;
  readonly reading: AblationReading;
  readonly router: AblationRouter;
  readonly trainShare: number;
}

/** The encoder that reads every text to its end. */
export const LEXICAL = "lexical";

/** All factors, in the order of tables and figures. */
export const ABLATION_FACTORS: readonly AblationFactor[] = ["text", "k", "encoder", "alpha", "mlp", "share"];

/** The values tried unless others are asked for. */
export const ABLATION_GRID: AblationGrid = {
  lengths: [128, 256, 512],
  ks: [1, 2, 5, 10, 20, 40, 80, 120, 160, 200],
  alphas: [1, 10, 100],
  hiddenSizes: [[32], [100], [100, 100]],
  trainShares: [0.1, 0.3, 0.5, 0.7],
};

/** The rows of an ablation: for each factor its values, everything else at the base, which may stand in several. */
export function planAblation(
  base: AblationBase,
  { factors, grid, encoders }: {
    readonly factors: readonly AblationFactor[];
    readonly grid: AblationGrid;
    readonly encoders: readonly string[];
  },
): PlannedRow[] {
  const { k, alpha, ...baseReading } = base;
  const knn: AblationRouter = { family: "knn", k };
  const both: readonly AblationRouter[] = [knn, { family: "linear", alpha }];
  const row = (factor: AblationFactor, setting: string, change: Partial<PlannedRow>): PlannedRow => {
    const planned = { factor, setting, reading: baseReading, router: knn, trainShare: 1, ...change };
    const { reading, router, trainShare } = planned;
    const isBase = readingKey(reading) === readingKey(baseReading) && trainShare === 1 &&
      ((router.family === "linear" && router.alpha === alpha) || (router.family === "knn" && router.k === k));
    return { ...planned, isBase };
  };
  const rowsOf: Readonly<Record<AblationFactor, () => PlannedRow[]>> = {
    text: () =>
      (["whole", "last question"] as const).flatMap((text) =>
        lengthsOf(base, grid).flatMap((maxTokens) =>
          both.map((router) =>
            row("text", lengthText(text, maxTokens), { reading: { ...baseReading, text, maxTokens }, router })
          )
        )
      ),
    k: () => ascending([...grid.ks, k]).map((k) => row("k", String(k), { router: { family: "knn", k } })),
    encoder: () =>
      encoders.flatMap((encoder) =>
        both.map((router) => row("encoder", encoder, { reading: readingBy(encoder, base, grid), router }))
      ),
    alpha: () =>
      ascending([...grid.alphas, alpha]).map((alpha) =>
        row("alpha", String(alpha), { router: { family: "linear", alpha } })
      ),
    mlp: () =>
      grid.hiddenSizes.map((hiddenSizes) =>
        row("mlp", hiddenSizes.join("-"), { router: { family: "mlp", hiddenSizes } })
      ),
    share: () =>
      ascending([...grid.trainShares, 1]).flatMap((trainShare) =>
        both.map((router) => row("share", `${Number((100 * trainShare).toPrecision(3))} %`, { trainShare, router }))
      ),
  };
  return ABLATION_FACTORS.filter((factor) => factors.includes(factor)).flatMap((factor) => rowsOf[factor]());
}

/** A key for each set of vectors. */
export function readingKey({ text, encoder, maxTokens }: AblationReading): string {
  return JSON.stringify([text, encoder, maxTokens]);
}

function lengthsOf({ encoder, maxTokens }: AblationBase, { lengths }: AblationGrid): (number | null)[] {
  return encoder === LEXICAL || maxTokens === null ? [null] : ascending([...lengths, maxTokens]);
}

/** The base read by another encoder: to the same length if it has one. */
function readingBy(encoder: string, { text, maxTokens }: AblationBase, { lengths }: AblationGrid): AblationReading {
  return { text, encoder, maxTokens: encoder === LEXICAL ? null : maxTokens ?? lengths[0] };
}

function lengthText(text: AblationText, maxTokens: number | null): string {
  return maxTokens === null ? `${text}, all of it` : `${text}, ${maxTokens}`;
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
