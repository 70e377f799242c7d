import { needCosts } from "../benchmarks/costs.ts";
import {
  type BenchmarkFormat,
  type BenchmarkLayout,
  distinct,
  formatColumns,
  type FormatFields,
  type FramePart,
  ONE_MODEL,
  withColumns,
} from "../benchmarks/layout.ts";
import { counted, listed } from "../../base/words.ts";
import { type Frame, textOfCell } from "../frame.ts";
import { isRow, type Row, rowIn, rowsIn } from "./_row.ts";
import { scoresOfRows } from "./_scores.ts";

const STAT = "helm.stat.";
/** Statistics that are no measures of an answer's quality. */
const NO_GRADE =
  /^(num_|training_|inference_|finish_reason|logprob|perplexity|bits_per_byte|batch_size|prompt_truncated|max_prob|predicted_index|ece_|platt_|selective_)/;
const FIELDS: FormatFields = {
  promptId: { names: ["helm.instance"], isNeeded: true },
  prompt: { names: ["helm.text"], isNeeded: false },
  evalName: { names: ["helm.eval"], isNeeded: true },
  model: { names: ["helm.model"], isNeeded: true },
  latencySeconds: { names: [`${STAT}inference_runtime`, "helm.request_seconds"], isNeeded: false },
  promptTokens: { names: [`${STAT}num_prompt_tokens`], isNeeded: false },
  completionTokens: { names: [`${STAT}num_output_tokens`, `${STAT}num_completion_tokens`], isNeeded: false },
};

/**
 * Runs of HELM, a folder for each (`benchmark_output/runs/SUITE/RUN`): `per_instance_stats.json`, an array of `instance_id`, `train_trial_index` and
 * `stats` (each with `name.name` and `mean`), several entries of an instance where several metrics ran; beside it `scenario_state.json` (texts and
 * request times) or `instances.json` (texts), and `run_spec.json` (`name`, `adapter_spec.model`). Without the last the model and the evaluation are
 * read from the folder's name, `mmlu:subject=x,model=org_name`. Perturbed instances are left out, training trials averaged. The metric is chosen by
 * `columns.quality`, as HELM's own choice for each scenario is not in the files. Costs are tokens × price.
 *
 * **Source**: `helm/benchmark/runner.py`, `metrics/metric.py` (`PerInstanceStats`), `metrics/statistic.py`, `metrics/basic_metrics.py` and
 * `adaptation/request_state.py` of the Python package crfm-helm 0.5.16. Confirmed on files of a run of its `simple/model1`.
 */
export const HELM: BenchmarkFormat = {
  name: "helm",
  title: "a run of HELM",
  detects: ({ columns }): boolean => columns.has("helm.instance") && columns.has("helm.has_stats"),
  layout(whole, { parts, options }): BenchmarkLayout {
    const { frame: joined, nPerturbed } = joinedRuns(whole, parts);
    const { quality, ...given } = options.columns ?? {};
    const columns = formatColumns(joined, this.title, FIELDS, given);
    const graders = [...joined.columns.keys()].filter((name) =>
      name.startsWith(STAT) && (!NO_GRADE.test(name.slice(STAT.length)) || quality === name.slice(STAT.length))
    );
    const scores = scoresOfRows(joined, () => graders, {
      ...{ title: this.title, what: "metric", prefix: STAT, given: quality },
    });
    const models = distinct(joined, columns.model!);
    needCosts(this.title, models, columns, options);
    return {
      frame: withColumns(joined, { "the metric": scores.cells }),
      models: columns.model!,
      columns: { ...columns, quality: "the metric" },
      defaults: { repeats: "mean" },
      parts: [],
      notes: [
        `quality by ${listed(scores.names)}`,
        ...(nPerturbed === 0 ? [] : [`${counted(nPerturbed, "record")} of perturbed instances left out`]),
        ...(models.length === 1 ? [ONE_MODEL] : []),
      ],
    };
  },
};

/** One instance of a run, from all of the run's files. */
interface Instance {
  readonly cells: Map<string, unknown>;
  hasStats: boolean;
}

/** One row for each instance and trial of each run, from all of the run's files. */
function joinedRuns(whole: Frame, parts: readonly FramePart[]): { readonly frame: Frame; readonly nPerturbed: number } {
  const instances = new Map<string, Instance>();
  const texts = new Map<string, unknown>();
  const runs = new Map<string, Row>();
  let nPerturbed = 0;
  const at = (name: string, row: number): unknown => whole.columns.get(name)?.[row] ?? null;
  const names = [...whole.columns.keys()].filter((name) => name.startsWith("helm."));
  foldersOf(parts).forEach((folder, row) => {
    if (at("helm.run", row) !== null || at("helm.model", row) !== null) {
      runs.set(folder, {
        ...runs.get(folder),
        ...definedOf({ run: at("helm.run", row), model: at("helm.model", row) }),
      });
    }
    const id = textOfCell(at("helm.instance", row));
    if (id === null) return;
    if (at("helm.perturbation", row) !== null) {
      if (at("helm.has_stats", row) === true) nPerturbed++;
      return;
    }
    if (at("helm.text", row) !== null) texts.set(`${folder}\0${id}`, at("helm.text", row));
    if (at("helm.trial", row) === null) return;
    const key = `${folder}\0${id}\0${at("helm.trial", row)}`;
    const instance = instances.get(key) ?? { cells: new Map(), hasStats: false };
    for (const name of names) if (at(name, row) !== null) instance.cells.set(name, at(name, row));
    if (at("helm.has_stats", row) === true) instance.hasStats = true;
    instances.set(key, instance);
  });
  const rows = [...instances].filter(([, { hasStats }]) => hasStats).map(([key, { cells }]) => {
    const [folder, id] = key.split("\0");
    const run = namesOfRun(folder, runs.get(folder) ?? {});
    return new Map([...cells, ["helm.text", texts.get(`${folder}\0${id}`) ?? null], ...Object.entries(run)]);
  });
  const all = new Set(rows.flatMap((row) => [...row.keys()]));
  if (texts.size === 0) all.delete("helm.text");
  const columns = new Map([...all].map((name) => [name, rows.map((row) => row.get(name) ?? null)]));
  return { frame: { nRows: rows.length, columns }, nPerturbed };
}

function definedOf(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

/** The folder of each row's file. */
function foldersOf(parts: readonly FramePart[]): string[] {
  return parts.flatMap(({ path, nRows }) => new Array<string>(nRows).fill(path.replace(/[\\/]?[^\\/]*$/, "")));
}

/** `mmlu:subject=x,model=org_name` is the evaluation `mmlu:subject=x` of the model `org_name`. */
function namesOfRun(folder: string, { run, model }: Row): Row {
  const name = textOfCell(run) ?? folder.replace(/^.*[\\/]/, "");
  const inName = /(?:^|[,:])model=([^,]*)/.exec(name)?.[1];
  const evalName = name.replace(/([,:])model(_deployment)?=[^,]*/g, "").replace(/^([^:,]*),/, "$1:");
  return { "helm.eval": evalName, "helm.model": model ?? inName ?? name };
}

/** The rows of an object of HELM's; `null` where it is none. */
export function helmRows(item: Row): readonly Row[] | null {
  if (typeof item.instance_id === "string" && typeof item.train_trial_index === "number" && Array.isArray(item.stats)) {
    return [{ ...placeOf(item, item.instance_id), "helm.has_stats": true, ...statsOf(item) }];
  }
  const { adapter_spec: adapter } = item;
  if (isRow(adapter) && Array.isArray(item.request_states)) {
    return rowsIn(item, "request_states").map((state) => requestRow(state, adapter));
  }
  if (isRow(adapter) && typeof item.name === "string" && isRow(item.scenario_spec)) {
    return [{ "helm.run": item.name, "helm.model": adapter.model ?? null }];
  }
  if (isRow(item.input) && typeof item.input.text === "string" && Array.isArray(item.references) && "id" in item) {
    return [{ ...placeOf({ perturbation: item.perturbation }, item.id), "helm.text": item.input.text }];
  }
  // A statistic of a whole run, in stats.json: nothing of an instance.
  return typeof rowIn(item, "name").name === "string" && "sum_squared" in item ? [] : null;
}

function placeOf(item: Row, id: unknown): Row {
  const perturbation = rowIn(item, "perturbation").name ?? null;
  return { "helm.instance": id, "helm.trial": item.train_trial_index ?? null, "helm.perturbation": perturbation };
}

function statsOf(item: Row): Row {
  return Object.fromEntries(
    rowsIn(item, "stats").map((stat): [string, unknown] => [STAT + rowIn(stat, "name").name, stat.mean ?? null]),
  );
}

/** A request: its instance's text, and how long it took. */
function requestRow(state: Row, adapter: Row): Row {
  const instance = rowIn(state, "instance");
  const result = rowIn(state, "result");
  return {
    ...placeOf({ ...instance, train_trial_index: state.train_trial_index }, instance.id),
    "helm.text": rowIn(instance, "input").text ?? null,
    "helm.request_seconds": result.request_time ?? null,
    "helm.model": adapter.model ?? null,
  };
}
