import type { PlainFields } from "../base/plain_fields.ts";
import type { PredictorState, RouterState, VectorKind } from "../routers/router_state.ts";

/** A router's state from a file, every shape checked, so that what is made of it cannot fail later. */
export function readRouterState(fields: PlainFields): RouterState {
  const models = fields.texts("models");
  if (models.length === 0 || new Set(models).size < models.length) fields.wrong("models", "name each model once");
  const reads = fields.maybe("reads", () => readVectorKind(fields.object("reads")));
  const predictor = fields.object("predictor");
  return {
    name: fields.text("name"),
    notes: fields.texts("notes"),
    models,
    reads,
    predictor: readPredictor(predictor, { nModels: models.length, nDims: reads?.nDims ?? null }),
  };
}

function readVectorKind(fields: PlainFields): VectorKind {
  return { encoder: fields.text("encoder"), nDims: fields.wholeNumber("nDims", { least: 1 }) };
}

interface Shape {
  readonly nModels: number;
  /** `null` where the router reads no vectors. */
  readonly nDims: number | null;
}

function readPredictor(fields: PlainFields, shape: Shape): PredictorState {
  const kind = fields.oneOf("kind", ["knn"]);
  switch (kind) {
    case "knn": {
      const { vectors, nTrained } = readVectors(fields, shape);
      return {
        kind,
        k: fields.wholeNumber("k", { least: 1, most: nTrained }),
        vectors,
        quality: fields.float64("quality", nTrained * shape.nModels),
        costUsd: fields.float64("costUsd", shape.nModels),
      };
    }
  }
}

function readVectors(
  fields: PlainFields,
  { nDims }: Shape,
): { readonly vectors: Float32Array; readonly nTrained: number } {
  const vectors = fields.float32("vectors");
  if (nDims === null || vectors.length === 0 || vectors.length % nDims !== 0) {
    fields.wrong("vectors", `hold rows of ${nDims ?? "no"} numbers`);
  }
  return { vectors, nTrained: vectors.length / nDims! };
}
