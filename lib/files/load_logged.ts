import { named } from "../base/refusal.ts";
import { basename } from "node:path";
import { type FoundChoices, logOfChoices } from "./_logged_choices.ts";
import { type FrameSource, readSource } from "./_read_source.ts";
import { choicesOfRouterLog, isRouterLog, WITHOUT } from "./_router_log.ts";
import { NumberTally } from "./_number_tally.ts";
import { type NumberOptions, rowNumbers } from "./_row_numbers.ts";
import { CONVENTIONS, fieldNames, findColumn, found, type LoadColumns, plainName } from "./column_names.ts";
import { type Frame, numberOfCell, rowError, textOfCell } from "./frame.ts";
import { checkLoadOptions, type LoadOptions } from "./load_options.ts";
import type { LoggedOutcomes } from "../outcomes/logged_outcomes.ts";

/** Options of {@linkcode loadLoggedOutcomes}. */
export interface LoggedLoadOptions extends Pick<LoadOptions, "priceList" | "responseCostUsd" | "qualityRange"> {
  /** Names of a table's columns, where the conventions do not find them. */
  readonly columns?: LoadColumns & {
    /** Probability with which the model was chosen, 0..1. */
    readonly propensity?: string;
  };
}

/** Names under which the propensity of a choice is looked for. */
const PROPENSITY_NAMES: readonly string[] = ["propensity", "propensity_score", "logging_propensity"];

/**
 * Loads a log in which only the chosen model answered, with the probability of each choice.
 *
 * *A router's log*: JSON lines of requests and of feedback, a file or a folder of files; what a line holds stands in the documentation of
 * `deno task serve`. *A table* of any format that {@linkcode loadOutcomes} reads: a row a choice, with columns for the prompt's text or id, the model,
 * its quality, its cost and its propensity.
 *
 * Choices whose quality or cost is not known are left out and counted in `source.notes`.
 *
 * @throws Error where the file cannot be read; SyntaxError where its bytes cannot be parsed; TypeError where propensities or other columns are missing;
 * RangeError where numbers are out of range
 * @example
 * ```ts
 * import { loadLoggedOutcomes } from "routerbench/experiments";
 * import assert from "node:assert/strict";
 *
 * const folder = await Deno.makeTempDir();
 * const lines = ["prompt,model,quality,cost,propensity", "What is 2 + 2?,small,1,0.00001,0.9", "Prove it.,large,1,0.002,0.1"];
 * await Deno.writeTextFile(`${folder}/log.csv`, lines.join("\n"));
 * const log = await loadLoggedOutcomes(`${folder}/log.csv`);
 * await Deno.remove(folder, { recursive: true });
 * assert.deepEqual([log.models, [...log.propensity]], [["small", "large"], [0.9, 0.1]]);
 * ```
 */
export async function loadLoggedOutcomes(path: string, options: LoggedLoadOptions = {}): Promise<LoggedOutcomes> {
  const { columns: { propensity, ...columns } = {}, ...numberOptions } = options;
  checkLoadOptions({ ...numberOptions, columns });
  const numbers = { ...numberOptions, qualityRange: options.qualityRange ?? [0, 1] as const };
  try {
    const take = (frame: Frame, _source: FrameSource): FoundChoices =>
      isRouterLog(frame)
        ? choicesOfRouterLog(frame, numbers)
        : choicesOfTable(frame, { ...numbers, columns, propensity });
    const { taken, sha256 } = await readSource(path, take, {});
    return logOfChoices(taken, { kind: "file", name: basename(path), sha256 });
  } catch (cause) {
    throw cause instanceof Error ? named(cause, { action: "load", what: `the log "${path}"`, path }) : cause;
  }
}

interface TableOptions extends NumberOptions {
  readonly columns: LoadColumns;
  readonly propensity: string | undefined;
}

/** The choices of a table with a row a choice. */
function choicesOfTable(frame: Frame, { columns: named, propensity, ...options }: TableOptions): FoundChoices {
  const names = [...frame.columns.keys()];
  const isPropensity = (name: string): boolean =>
    propensity === undefined ? PROPENSITY_NAMES.includes(plainName(name)) : name === propensity;
  const propensityColumn = names.find(isPropensity);
  if (propensityColumn === undefined) {
    throw new TypeError(
      `each choice must have its propensity, in a column ${propensity ?? PROPENSITY_NAMES[0]}: ${
        found(names)
      }${WITHOUT}`,
    );
  }
  const columns: LoadColumns = Object.fromEntries(
    fieldNames().flatMap((field) => {
      const name = findColumn(names, field, named);
      return name === undefined ? [] : [[field, name]];
    }),
  );
  for (const field of ["model", "quality"] as const) {
    if (columns[field] !== undefined) continue;
    throw new TypeError(
      `each choice must have its ${field}, in a column ${CONVENTIONS[field].join(", ")}: ${
        found(names)
      }; name it by columns.${field} (--columns ${field}=NAME)`,
    );
  }
  const text = (field: "promptId" | "prompt" | "model", row: number): string | null => {
    const name = columns[field];
    return name === undefined ? null : textOfCell(frame.columns.get(name)![row]);
  };
  const modelOf = (row: number): string => {
    const model = text("model", row);
    if (model !== null && model.trim() !== "") return model;
    throw rowError(new TypeError(`each row must name its model: row ${row + 1} of "${columns.model}" is empty`), row);
  };
  const numbers = rowNumbers({ frame, columns, modelOf }, options, new NumberTally());
  const propensities = frame.columns.get(propensityColumn)!;
  const propensityOf = (row: number): number => {
    const value = numberOfCell(propensities[row]) ?? NaN;
    if (value > 0 && value <= 1) return value;
    throw rowError(
      new RangeError(
        `a propensity must be above 0 and at most 1: row ${row + 1} of "${propensityColumn}" has ${propensities[row]}`,
      ),
      row,
    );
  };
  const choices = Array.from({ length: frame.nRows }, (_, row) => {
    const prompt = text("prompt", row);
    return {
      requestId: `row ${row + 1}`,
      promptId: text("promptId", row) ?? prompt ?? `row ${row + 1}`,
      prompt,
      model: modelOf(row),
      quality: numbers.quality(row),
      costUsd: numbers.costUsd(row),
      propensity: propensityOf(row),
      arm: null,
      offer: null,
    };
  });
  return { choices, notes: [] };
}
