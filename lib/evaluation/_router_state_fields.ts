import type { PlainFields } from "../base/plain_fields.ts";
import type { Mlp } from "../compute/mlp.ts";
import type { RidgeCoefficients } from "../compute/ridge.ts";
import type {
  GroupState,
  KnownPrompts,
  LogCostState,
  MlpState,
  PredictorState,
  RouterState,
  VectorKind,
} from "../routers/router_state.ts";

/** Reads a router's state from a file and checks every shape, so that its router cannot fail later. */
export function readRouterState(fields: PlainFields): RouterState {
  const models = fields.texts("models");
  if (models.length === 0 || new Set(models).size < models.length) fields.wrong("models", "name each model once");
  const reads = fields.maybe("reads", () => readVectorKind(fields.object("reads")));
  const predictor = fields.object("predictor");
  const shape = { nModels: models.length, nDims: reads?.nDims ?? null };
  return {
    name: fields.text("name"),
    notes: fields.texts("notes"),
    models,
    reads,
    predictor: readPredictor(predictor, shape),
    costs: fields.maybe("costs", () => readCosts(fields.object("costs"), shape)),
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

const KINDS: readonly PredictorState["kind"][] = ["means", "knn", "kernel", "linear", "group", "mlp"];

function readPredictor(fields: PlainFields, shape: Shape): PredictorState {
  const kind = fields.oneOf("kind", KINDS);
  const { nModels: m, nDims } = shape;
  if (kind === "means") return { kind, quality: fields.float64("quality", m), costUsd: fields.float64("costUsd", m) };
  if (nDims === null) fields.wrong("kind", `be "means" as the router reads no vectors`);
  if (kind === "group") return readGroups(fields, shape);
  if (kind === "mlp") return readMlp(fields, shape);
  if (kind === "linear") {
    const regression = readRegression(fields.object("regression"), shape, m);
    return { kind, regression, costUsd: fields.float64("costUsd", m) };
  }
  const known = readKnown(fields, shape);
  const k = fields.wholeNumber("k", { least: 1, most: known.quality.length / m });
  return kind === "knn"
    ? { kind, k, ...known }
    : { kind, k, sharpness: fields.number("sharpness", { least: 0 }), ...known };
}

function readKnown(fields: PlainFields, { nModels, nDims }: Shape): KnownPrompts {
  const vectors = fields.float32("vectors");
  if (vectors.length === 0 || vectors.length % nDims! !== 0) fields.wrong("vectors", `hold rows of ${nDims} numbers`);
  const quality = fields.float64("quality", vectors.length / nDims! * nModels);
  return { vectors, quality, costUsd: fields.float64("costUsd", nModels) };
}

function readRegression(fields: PlainFields, { nDims }: Shape, nOutputs: number): RidgeCoefficients {
  return {
    means: fields.float64("means", nDims!),
    intercept: fields.float64("intercept", nOutputs),
    weights: fields.float64("weights", nDims! * nOutputs),
  };
}

function readGroups(fields: PlainFields, shape: Shape): GroupState {
  const { nModels } = shape;
  const quality = fields.float64("quality");
  const nGroups = quality.length / nModels;
  if (nGroups < 1 || !Number.isInteger(nGroups)) fields.wrong("quality", `hold rows of ${nModels} numbers`);
  const read = (name: string, nOutputs: number): RidgeCoefficients | null =>
    fields.maybe(name, () => readRegression(fields.object(name), shape, nOutputs));
  const classifier = read("classifier", nGroups);
  if (classifier === null && nGroups > 1) fields.wrong("classifier", `tell ${nGroups} groups apart`);
  const costUsd = fields.float64("costUsd", quality.length);
  return { kind: "group", quality, costUsd, classifier, residual: read("residual", nModels) };
}

function readMlp(fields: PlainFields, { nModels, nDims }: Shape): MlpState {
  const found = fields.objects("networks");
  const isOneEach = found.length === nModels &&
    found.every((network) => network.objects("weights").at(-1)?.raw("cols") === 1);
  if (found.length === 0) fields.wrong("networks", "hold at least one network");
  const nOutputs = isOneEach ? 1 : nModels;
  const networks = found.map((network) => readNetwork(network, { nInputs: nDims!, nOutputs }));
  return { kind: "mlp", networks, costUsd: fields.float64("costUsd", nModels) };
}

function readNetwork(
  fields: PlainFields,
  { nInputs, nOutputs }: { readonly nInputs: number; readonly nOutputs: number },
): Mlp {
  const layers = fields.objects("weights");
  const biases = fields.items("biases");
  let rows = nInputs;
  const read = layers.map((layer, at) => {
    const isLast = at === layers.length - 1;
    layer.wholeNumber("rows", { least: rows, most: rows });
    const cols = layer.wholeNumber("cols", isLast ? { least: nOutputs, most: nOutputs } : { least: 1 });
    const found = {
      weights: { rows, cols, values: layer.float32("values", rows * cols) },
      biases: biases.float32(`${at}`, cols),
    };
    rows = cols;
    return found;
  });
  if (read.length === 0) fields.wrong("weights", "hold at least one layer");
  return { weights: read.map(({ weights }) => weights), biases: read.map(({ biases }) => biases) };
}

function readCosts(fields: PlainFields, shape: Shape): LogCostState {
  const { nModels, nDims } = shape;
  if (nDims === null) fields.wrong("regression", "be absent as the router reads no vectors");
  const fixedCostUsd = fields.raw("fixedCostUsd");
  const areCosts = Array.isArray(fixedCostUsd) && fixedCostUsd.length === nModels &&
    fixedCostUsd.every((cost) => cost === null || (typeof cost === "number" && cost >= 0));
  if (!areCosts) fields.wrong("fixedCostUsd", `be ${nModels} costs or null`);
  return {
    regression: readRegression(fields.object("regression"), shape, nModels),
    variance: fields.float64("variance", nModels),
    fixedCostUsd: fixedCostUsd as (number | null)[],
  };
}
