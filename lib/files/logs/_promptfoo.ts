import { knownCosts } from "../benchmarks/costs.ts";
import {
  type BenchmarkFormat,
  type BenchmarkLayout,
  distinct,
  formatColumns,
  type FormatFields,
  ONE_MODEL,
  withColumns,
} from "../benchmarks/layout.ts";
import { counted } from "../../base/words.ts";
import type { Frame } from "../frame.ts";
import { isRow, plainFields, type Row, rowIn, rowsIn } from "./_row.ts";

const FIELDS: FormatFields = {
  prompt: { names: ["promptfoo.prompt"], isNeeded: true },
  model: { names: ["promptfoo.provider"], isNeeded: true },
  quality: { names: ["promptfoo.score"], isNeeded: true },
  costUsd: { names: ["promptfoo.cost"], isNeeded: true },
  latencySeconds: { names: ["promptfoo.latency_ms"], isNeeded: false },
  promptTokens: { names: ["promptfoo.prompt_tokens"], isNeeded: false },
  completionTokens: { names: ["promptfoo.completion_tokens"], isNeeded: false },
};

/** promptfoo's `ResultFailureReason.ERROR`: the provider failed, so nothing was graded. */
const PROVIDER_FAILED = 2;

/**
 * What promptfoo writes by `-o FILE.json` or `.jsonl`: `results.results`, or a line each, with `testIdx`, `promptId` (of the template), `prompt.raw`,
 * `provider.id` and `.label`, `score` from 0 to 1, `cost` (USD), `latencyMs`, `tokenUsage` and `failureReason`. A prompt is a test, and where there are
 * several templates a test and the number of the template; old files number no tests, and a prompt is its text. A provider that failed has a score of
 * 0 there and is a hole here. Variables and metadata of tests are columns `vars.NAME` and `metadata.NAME`, which may name the evaluation.
 *
 * promptfoo writes a cost of 0 where it knows no price: tokens × price replaces it. A response from promptfoo's cache has neither the cost nor the
 * latency of a call: both are holes (run it with `--no-cache`). Its CSV has neither and is not read.
 *
 * **Source**: repository promptfoo/promptfoo, `src/types/index.ts` (`EvaluateResult`) and `src/evaluator.ts`; confirmed on files that promptfoo
 * 0.123.1 wrote with providers of its own kind that call nothing.
 */
export const PROMPTFOO: BenchmarkFormat = {
  name: "promptfoo",
  title: "a result file of promptfoo",
  detects: ({ columns }): boolean => columns.has("promptfoo.provider") && columns.has("promptfoo.score"),
  layout(frame, { options }): BenchmarkLayout {
    const columns = formatColumns(frame, this.title, FIELDS, options.columns);
    const model = columns.model!;
    const models = distinct(frame, model);
    const { costs, nPriced } = knownCosts(frame, {
      ...{ costUsd: columns.costUsd!, model },
      ...{ promptTokens: columns.promptTokens ?? "", completionTokens: columns.completionTokens ?? "" },
    }, options);
    const nCached = countTrue(frame, "promptfoo.is_cached");
    const hasTests = frame.columns.has("promptfoo.test");
    return {
      frame: withColumns(frame, { ...(hasTests ? { "its test": testsOf(frame) } : {}), [columns.costUsd!]: costs }),
      models: model,
      columns: { ...(hasTests ? { promptId: "its test" } : {}), ...columns },
      costsAreKnown: costs.some((cost) => cost !== null),
      notes: [
        ...(nPriced === 0 ? [] : [`${counted(nPriced, "cost")} of 0 replaced by the options' prices`]),
        ...(nCached === 0 ? [] : [`${counted(nCached, "response")} from promptfoo's cache: no cost, no latency`]),
        ...(models.length === 1 ? [ONE_MODEL] : []),
      ],
    };
  },
};

function countTrue(frame: Frame, name: string): number {
  return Array.from(frame.columns.get(name) ?? []).filter((cell) => cell === true).length;
}

/** The test of each row; with several templates `TEST/TEMPLATE`, templates counted as they come. */
function testsOf({ columns, nRows }: Frame): string[] {
  const templates = new Map<unknown, number>();
  const cells = columns.get("promptfoo.template")!;
  for (let row = 0; row < nRows; row++) {
    if (!templates.has(cells[row])) templates.set(cells[row], templates.size + 1);
  }
  const tests = columns.get("promptfoo.test")!;
  return Array.from(
    { length: nRows },
    (_, row) => templates.size > 1 ? `${tests[row]}/${templates.get(cells[row])}` : String(tests[row]),
  );
}

/** The results of a file or line as rows; `null` where the object is none of promptfoo's. */
export function promptfooRows(item: Row): readonly Row[] | null {
  if (isResult(item)) return [rowOf(item)];
  const results = rowsIn(isRow(item.results) ? item.results : item, "results");
  return results.length > 0 && results.every(isResult) ? results.map(rowOf) : null;
}

function isResult(item: Row): boolean {
  return typeof rowIn(item, "prompt").raw === "string" && "success" in item && "score" in item &&
    (typeof item.provider === "string" || typeof rowIn(item, "provider").id === "string");
}

/** A provider's label tells apart those of one id with different settings. */
function nameOf({ label, id }: Row): unknown {
  return typeof label === "string" && label !== "" ? label : id;
}

function rowOf(result: Row): Row {
  const prompt = rowIn(result, "prompt");
  const provider = rowIn(result, "provider");
  const response = rowIn(result, "response");
  const tokens = rowIn(isRow(response.tokenUsage) ? response : result, "tokenUsage");
  const isCached = response.cached === true;
  const isGraded = result.failureReason !== PROVIDER_FAILED;
  return {
    ...("testIdx" in result ? { "promptfoo.test": result.testIdx } : {}),
    "promptfoo.template": result.promptId ?? prompt.label ?? null,
    "promptfoo.prompt": prompt.raw,
    "promptfoo.provider": typeof result.provider === "string" ? result.provider : nameOf(provider),
    "promptfoo.score": isGraded ? result.score : null,
    "promptfoo.success": isGraded ? result.success : null,
    "promptfoo.cost": isCached && !result.cost ? null : result.cost ?? null,
    "promptfoo.latency_ms": isCached ? null : result.latencyMs ?? null,
    "promptfoo.prompt_tokens": isCached ? null : tokens.prompt ?? null,
    "promptfoo.completion_tokens": isCached ? null : tokens.completion ?? null,
    "promptfoo.is_cached": isCached,
    ...plainFields(rowIn(result, "vars"), "vars"),
    ...plainFields(rowIn(result, "metadata"), "metadata"),
  };
}
