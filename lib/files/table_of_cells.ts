import type { RetrievedRecords } from "./retrieved_records.ts";
import { counted, listed } from "../base/words.ts";
import type { Cells } from "./_cells.ts";
import type { PromptsOfRows } from "./_prompts_of_rows.ts";
import type { NumberOptions } from "./_row_numbers.ts";
import { type Field, type LoadColumns, plainName } from "./column_names.ts";
import { namedTwins, type NearTwins, nearTwins } from "./near_twins.ts";
import { type OutcomeSource, type OutcomeTable, outcomeTable } from "../outcomes/outcome_table.ts";

/** Options of a layout's reader. */
export interface LayoutOptions extends NumberOptions {
  /** Names of columns. */
  readonly columns: LoadColumns;
  /** Treatment of several outcomes of one cell. */
  readonly repeats: "error" | "mean";
  /** True where the column of evaluations is ignored. */
  readonly oneEvaluation?: boolean;
}

/** The result of a layout's reader. */
export interface FrameOutcomes {
  readonly layout: "long" | "wide";
  readonly models: readonly string[];
  readonly prompts: PromptsOfRows;
  readonly cells: Cells;
  readonly nRows: number;
  readonly nContradictions: number;
  /** Describes the merged rows. */
  readonly mergedWhat: string;
  /** Counts them, the averaged ones included. */
  readonly nMergedRows: number;
  /** Sentences of the format's reader. */
  readonly notes?: readonly string[];
  /** Counts of numbers and options while the rows were read. */
  readonly readingNotes?: readonly string[];
  /** The columns taken, by field. */
  readonly taken: Readonly<Partial<Record<Field, string>>>;
  /** What retrievers found, by retriever and prompt; without it the layout has no place for it. */
  readonly retrieved?: RetrievedRecords;
}

/** Counts of the reading of a table, which the table itself no longer shows. */
export interface LoadCounts {
  /** Rows of the file. */
  readonly nRows: number;
  /** Rows merged into another. */
  readonly nMergedRows: number;
  /** Outcomes averaged into another of the same model and prompt. */
  readonly nAveraged: number;
  /** Prompts of the file, those left out included. */
  readonly nPrompts: number;
  /** Prompts left out because a model lacks its quality or cost there, or the text is missing. */
  readonly nLeftOut: number;
  /** Cells without quality or cost, by model; models without holes are not named. */
  readonly holesByModel: ReadonlyMap<string, number>;
  /** Outcomes whose cost is not their tokens × price, where the file and the options tell both. */
  readonly nCostContradictions: number;
  /** Prompts for which the models' rows have different texts. */
  readonly nWithSeveralTexts: number;
  /** Models, or ids of prompts, whose names differ only in white space, capital letters or zeros before a number. */
  readonly nearTwins: readonly NearTwins[];
}

/**
 * The table of a reader's result. Prompts with holes are left out, or stop the load.
 *
 * @throws RangeError where there are holes and `missing` is `"error"`, or nothing is left
 */
export function tableOfCells(
  outcomes: FrameOutcomes,
  source: Omit<OutcomeSource, "notes">,
  { missing }: { readonly missing: "error" | "drop" },
): { readonly table: OutcomeTable; readonly counts: LoadCounts } {
  const { models, prompts, cells, taken } = outcomes;
  const m = models.length;
  const holesByModel = new Map<string, number>();
  const kept: number[] = [];
  let firstHole = "";
  let lacksQuality = false;
  let lacksCost = false;
  let nTextless = 0;
  for (let i = 0; i < prompts.ids.length; i++) {
    let isWhole = true;
    if (prompts.texts !== null && prompts.texts[i] === null) {
      isWhole = false;
      nTextless++;
      firstHole ||= `the text of prompt "${prompts.ids[i]}"`;
    }
    for (let j = 0; j < m; j++) {
      if (!cells.isHole(i * m + j)) continue;
      isWhole = false;
      const isQuality = Number.isNaN(cells.quality[i * m + j]);
      if (isQuality) lacksQuality = true;
      else lacksCost = true;
      firstHole ||= `the ${isQuality ? "quality" : "cost"} of "${models[j]}" on prompt "${prompts.ids[i]}"`;
      holesByModel.set(models[j], (holesByModel.get(models[j]) ?? 0) + 1);
    }
    if (isWhole) kept.push(i);
  }
  const nHoles = [...holesByModel.values()].reduce((sum, count) => sum + count, 0);
  const nLeftOut = prompts.ids.length - kept.length;
  const found = `${nHoles + nTextless} of ${prompts.ids.length * m} are missing, such as ${firstHole}`;
  const twins = [...nearTwins(models, "models"), ...nearTwins(prompts.ids, "ids")];
  const like = twins.length === 0 ? "" : `; names that look like one: ${namedTwins(twins)}`;
  if (kept.length === 0 && nLeftOut > 0 && m > 1 && isNothingShared(cells)) {
    throw new RangeError(nothingShared(outcomes, like));
  }
  if (nLeftOut > 0 && missing === "error") {
    throw new RangeError(
      `every model must have a quality and a cost on every prompt: ${found}${like}; ${
        lacksCost && taken.promptTokens !== undefined && taken.completionTokens !== undefined
          ? "pass priceList (--prices FILE) to fill missing costs by tokens × price, or "
          : ""
      }pass missing: "drop" (--missing drop) to leave ${counted(nLeftOut, "prompt")} of ${prompts.ids.length} out`,
    );
  }
  if (kept.length === 0) {
    throw new RangeError(
      `a prompt must remain on which every model has a quality and a cost: ${
        nLeftOut === 0 ? "the file has no rows" : `${found}${like}`
      }${worst(holesByModel)}`,
    );
  }
  const counts: LoadCounts = {
    nRows: outcomes.nRows,
    nMergedRows: outcomes.nMergedRows,
    nAveraged: cells.nAveraged,
    nPrompts: prompts.ids.length,
    nLeftOut,
    holesByModel,
    nCostContradictions: outcomes.nContradictions,
    nWithSeveralTexts: prompts.nWithSeveralTexts,
    nearTwins: twins,
  };
  const lacking = [...(lacksQuality ? ["quality"] : []), ...(lacksCost ? ["cost"] : [])].join(" or ");
  const because = [
    ...(lacking === "" ? [] : [`a model's ${lacking} is missing`]),
    ...(nTextless > 0 ? ["their text is missing"] : []),
  ]
    .join(" or ");
  return { table: whole(outcomes, kept, source, { because, twins }), counts };
}

/** True where no prompt has the qualities of two models. */
function isNothingShared({ quality, nPrompts, nModels }: Cells): boolean {
  for (let i = 0; i < nPrompts; i++) {
    let count = 0;
    for (let j = 0; j < nModels; j++) if (!Number.isNaN(quality[i * nModels + j])) count++;
    if (count > 1) return false;
  }
  return true;
}

function nothingShared({ models, prompts, taken }: FrameOutcomes, like: string): string {
  const { promptId, prompt } = taken;
  const isById = promptId !== undefined && prompt !== undefined && promptId !== prompt;
  return `the models must share prompts: no prompt is shared by the ${models.length} models, as each of the ${
    counted(prompts.ids.length, "prompt")
  } has the outcome of one at most${like}; ${
    isById
      ? `bring rows together by their texts instead of "${promptId}" (--columns "promptId=${prompt}")`
      : "name the column by which rows belong together by columns.promptId (--columns promptId=NAME)"
  }`;
}

/** What spreadsheets and tools call a row of sums or means. */
const SUMMARY =
  /^\s*(grand )?(totals?|sum|mean|average|avg|median|overall|std|gesamt|summe|mittelwert|moyenne)\s*:?\s*$/i;

/** The table of the prompts in `kept`. */
function whole(
  { models, prompts, cells, ...rest }: FrameOutcomes,
  kept: readonly number[],
  source: Omit<OutcomeSource, "notes">,
  { because, twins }: { readonly because: string; readonly twins: readonly NearTwins[] },
): OutcomeTable {
  const m = models.length;
  const isAll = kept.length === prompts.ids.length;
  const notes = [...(rest.notes ?? [])];
  const pick = (values: Float64Array): Float64Array => {
    if (isAll) return values;
    const picked = new Float64Array(kept.length * m);
    kept.forEach((i, at) => picked.set(values.subarray(i * m, i * m + m), at * m));
    return picked;
  };
  const latency = cells.latencySeconds && pick(cells.latencySeconds);
  const nUntimed = latency?.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0) ?? 0;
  const columns = Object.entries(rest.taken).filter(([field, name]) =>
    name !== undefined && plainName(name) !== plainName(field)
  );
  // The columns of a benchmark's format are known.
  if (rest.layout === "long" && rest.notes === undefined && columns.length > 0) {
    notes.push(`columns taken: ${columns.map(([field, name]) => `"${name}" as ${field}`).join(", ")}`);
  }
  const nMerged = rest.nMergedRows - cells.nAveraged;
  if (nMerged > 0) notes.push(`${counted(nMerged, "row")} merged into ${rest.mergedWhat}`);
  if (cells.nAveraged > 0) notes.push(`${counted(cells.nAveraged, "repeated outcome")} averaged`);
  if (!isAll) notes.push(`${counted(prompts.ids.length - kept.length, "prompt")} left out because ${because}`);
  notes.push(...(rest.readingNotes ?? []));
  const sums = prompts.ids.filter((id) => SUMMARY.test(id));
  if (sums.length > 0) {
    notes.push(`${listed(sums, 3)} may be a summary of other rows and no prompt: take such rows out of the file`);
  }
  if (twins.length > 0) notes.push(`names that look like one: ${namedTwins(twins)}`);
  if (nUntimed > 0) notes.push(`latencies left out because ${nUntimed} of ${latency!.length} are missing`);
  if (rest.layout === "long" && prompts.nWithSeveralTexts > 0) {
    notes.push(
      `${counted(prompts.nWithSeveralTexts, "prompt")} had different texts for different models, the first is kept`,
    );
  }
  return outcomeTable({
    models,
    promptIds: isAll ? prompts.ids : kept.map((i) => prompts.ids[i]),
    evalNames: isAll ? prompts.evalNames : kept.map((i) => prompts.evalNames[i]),
    prompts: prompts.texts && (isAll ? prompts.texts as string[] : kept.map((i) => prompts.texts![i]!)),
    quality: pick(cells.quality),
    costUsd: pick(cells.costUsd),
    latencySeconds: nUntimed > 0 ? null : latency,
    source: nMerged > 0 ? { ...source, notes, nMergedRows: nMerged } : { ...source, notes },
  });
}

function worst(holesByModel: ReadonlyMap<string, number>): string {
  const [first] = [...holesByModel].sort(([, a], [, b]) => b - a);
  return first === undefined ? "" : `; "${first[0]}" lacks most, ${first[1]}: take its rows out of the file`;
}
