/** Vectors that a router reads: which encoder made them, and how long each is. */
export interface VectorKind {
  /** The encoder's name with the settings that change a vector. */
  readonly encoder: string;
  /** Length of each vector, d. */
  readonly nDims: number;
}

/** What predicts the qualities, as plain data. `kind` says by which rule. */
export type PredictorState = KnnState;

/** The mean over the k nearest of n training prompts. */
export interface KnnState {
  /** The rule. */
  readonly kind: "knn";
  /** Number of neighbours, 1 to n. */
  readonly k: number;
  /** The training prompts' vectors, `[n · d]`. */
  readonly vectors: Float32Array;
  /** Their outcomes, `[n · m]`, 0..1. */
  readonly quality: Float64Array;
  /** Mean cost of each model, `[m]`, USD. */
  readonly costUsd: Float64Array;
}

/** A fitted router as plain data, from which the same router is made again: {@linkcode rebuildRouter}. It holds no code. */
export interface RouterState {
  /** Its name. */
  readonly name: string;
  /** What the user should know of its fit, a sentence each. */
  readonly notes: readonly string[];
  /** The models among which it chooses, m names. */
  readonly models: readonly string[];
  /** The vectors that it reads; `null` where it looks at no prompt. */
  readonly reads: VectorKind | null;
  /** What predicts. */
  readonly predictor: PredictorState;
}
