import type { Mlp } from "../compute/mlp.ts";
import type { RidgeCoefficients } from "../compute/ridge.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";

/** The vectors that a router reads, by their encoder and length. */
export interface VectorKind {
  /** The encoder's name with the settings that change a vector. */
  readonly encoder: string;
  /** Length of each vector, d. */
  readonly nDims: number;
}

/** The predictor of qualities as plain data; `kind` names its rule. */
export type PredictorState = MeansState | KnnState | KernelState | LinearState | GroupState | MlpState;

/** The same for every prompt. */
export interface MeansState {
  /** The rule. */
  readonly kind: "means";
  /** `[m]`, 0..1. */
  readonly quality: Float64Array;
  /** `[m]`, USD. */
  readonly costUsd: Float64Array;
}

/** Training prompts with their outcomes. */
export interface KnownPrompts {
  /** Their vectors, `[n · d]`. */
  readonly vectors: Float32Array;
  /** Their outcomes, `[n · m]`, 0..1. */
  readonly quality: Float64Array;
  /** Mean cost of each model, `[m]`, USD. */
  readonly costUsd: Float64Array;
}

/** The mean over the k nearest of n training prompts. */
export interface KnnState extends KnownPrompts {
  /** The rule. */
  readonly kind: "knn";
  /** Number of neighbours, 1 to n. */
  readonly k: number;
}

/** The mean over the k nearest of n training prompts, weighted by their similarity. */
export interface KernelState extends KnownPrompts {
  /** The rule. */
  readonly kind: "kernel";
  /** Number of neighbours, 1 to n. */
  readonly k: number;
  /** Weights are exp(sharpness · cosine similarity). */
  readonly sharpness: number;
}

/** A ridge regression. */
export interface LinearState {
  /** The rule. */
  readonly kind: "linear";
  /** From a vector to the quality of each model. */
  readonly regression: RidgeCoefficients;
  /** Mean cost of each model, `[m]`, USD. */
  readonly costUsd: Float64Array;
}

/** Means of g groups of prompts, told from the vector. */
export interface GroupState {
  /** The rule. */
  readonly kind: "group";
  /** Mean quality of each model in each group, `[g · m]`. */
  readonly quality: Float64Array;
  /** Mean cost of each model in each group, `[g · m]`, USD. */
  readonly costUsd: Float64Array;
  /** From a vector to a number for each group; the greatest wins. `null` where there is one group. */
  readonly classifier: RidgeCoefficients | null;
  /** From a vector to the residual of each model's quality after the group's mean; `null` where that is not predicted. */
  readonly residual: RidgeCoefficients | null;
}

/** Multilayer perceptrons: one for all models, several of which the mean counts, or one a model. */
export interface MlpState {
  /** The rule. */
  readonly kind: "mlp";
  /** Each with m outputs, whose mean is predicted; or m of them with one output each. */
  readonly networks: readonly Mlp[];
  /** Mean cost of each model, `[m]`, USD. */
  readonly costUsd: Float64Array;
}

/** Costs predicted per prompt: exp(regression + half the variance) of a lognormal cost. */
export interface LogCostState {
  /** From a vector to the logarithm of each model's cost in USD. */
  readonly regression: RidgeCoefficients;
  /** Variance of the left-out residuals of each model, `[m]`. */
  readonly variance: Float64Array;
  /** For a model with a free response, its mean cost in USD, which is kept for every prompt; else `null`. */
  readonly fixedCostUsd: readonly (number | null)[];
}

/** A fitted router as plain data, from which the same router is made again: {@linkcode rebuildRouter}. It holds no code. */
export interface RouterState {
  /** Its name. */
  readonly name: string;
  /** Remarks on its fit, a sentence each. */
  readonly notes: readonly string[];
  /** The models among which it chooses, m names. */
  readonly models: readonly string[];
  /** The vectors that it reads; `null` where it looks at no prompt. */
  readonly reads: VectorKind | null;
  /** The predictor of qualities. */
  readonly predictor: PredictorState;
  /** The predictor of costs per prompt; `null` where the costs of `predictor` hold. */
  readonly costs: LogCostState | null;
}

/** The kind of some vectors. */
export function vectorKindOf({ encoder, nDims }: Embeddings): VectorKind {
  return { encoder, nDims };
}
