import { choiceOption, type CommandInput, listOption, type OptionSpec, type WordSpec } from "./command_options.ts";
import { fieldNames, type LoadColumns } from "../files/column_names.ts";
import { pathsOfTable, WHAT_CAN_BE_HAD } from "./known_tables.ts";
import type { LoggedLoadOptions } from "../files/load_logged.ts";
import type { PriceList } from "../outcomes/price_list.ts";
import { type LoadOptions, TABLE_FORMATS } from "../files/load_options.ts";

/** The word for a user's table, of any command. */
export const TABLE_WORD: WordSpec = {
  name: "FILE",
  says:
    "Parquet, CSV, JSON Lines, JSON or a pickle of a pandas data frame, packed (.gz, .bz2, .xz, .zst, .zip) or not; " +
    "or a folder of such files, which are read as one table; or the name of a data set that deno task data fetched: paretobandit",
  remedy: WHAT_CAN_BE_HAD,
};

/** The options for a user's table, of any command. */
export const TABLE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  "format": {
    value: "NAME",
    says: `the file's layout, where its columns do not show it: ${TABLE_FORMATS.join(", ")}; any is none of them`,
  },
  "pool": { value: "NAME", says: "the group of models of a RouterEval file: hard/10/strong_to_weak" },
  "filter": { value: "NAME", says: "the filter of lm-evaluation-harness that counts: strict-match" },
  "columns": {
    value: "FIELD=COLUMN,…",
    says: `which column holds which field: ${fieldNames().join(", ")}`,
  },
  "eval-column": { value: "NAME", says: "the column that names evaluations; none: all prompts are of one evaluation" },
  "where": { value: "COLUMN=VALUE,…", says: "only rows with this value in this column are read" },
  "missing-values": { value: "A,B", says: "values that mean none in the column of qualities: -1, error" },
  "quality-words": {
    value: "WORD=NUMBER,…",
    says: "qualities that words stand for; pass and fail, yes and no, C and I and the like are known",
  },
  "missing": {
    value: "NAME",
    says: "prompts with a missing outcome: drop (default for pickles, and in audit) or error",
  },
  "repeats": { value: "NAME", says: "several outcomes of a model on a prompt: error (default) or mean" },
  "prices": {
    value: "FILE",
    says: 'JSON, USD per million tokens: {"MODEL": {"prompt": 1, "completion": 2}, …}; or LiteLLM\'s ' +
      "model_prices_and_context_window.json",
  },
  "response-costs": { value: "FILE", says: 'JSON, USD of one response: {"MODEL": 0.001, …}' },
  "quality-range": { value: "LOW,HIGH", says: "the scale of the file's qualities; without it 0,1" },
};

/** Files that the word and these options name, which the command reads. */
export function filesOfTable(input: CommandInput, raw: string): string[] {
  return [...pathsOfTable(input, raw), ...["prices", "response-costs"].flatMap((name) => input.text(name) ?? [])];
}

/**
 * The options for loading a table.
 *
 * @throws TypeError where a value is not of its form; Error where a file of prices cannot be read
 */
export async function loadOptionsOf(input: CommandInput): Promise<LoadOptions> {
  const columns = pairsOf(input, "columns", { form: "FIELD=COLUMN,…", begins: [...fieldNames(), "propensity"] });
  const evalColumn = input.text("eval-column");
  const where = pairsOf(input, "where", { form: "COLUMN=VALUE" });
  const words = pairsOf(input, "quality-words", { form: "WORD=NUMBER,…" });
  const missingValues = listOption(input, "missing-values");
  const format = choiceOption(input, "format", TABLE_FORMATS);
  const pool = input.text("pool");
  const filter = input.text("filter");
  const missing = choiceOption(input, "missing", ["error", "drop"]);
  const repeats = choiceOption(input, "repeats", ["error", "mean"]);
  const range = listOption(input, "quality-range");
  const numbers = range?.map(Number);
  if (numbers !== undefined && (numbers.length !== 2 || !numbers.every(Number.isFinite) || range!.includes(""))) {
    throw new TypeError(
      `Cannot read the options as --quality-range must be LOW,HIGH: it is "${input.text("quality-range")}"`,
    );
  }
  const prices = input.text("prices");
  const responseCosts = input.text("response-costs");
  return {
    ...(format === null ? {} : { format }),
    ...(pool === null ? {} : { pool }),
    ...(filter === null ? {} : { filter }),
    ...columnsOf(columns, evalColumn),
    ...(where === null ? {} : { where: Object.fromEntries(where) }),
    ...(words === null ? {} : { qualityWords: Object.fromEntries(words.map(numberOfWord)) }),
    ...(missingValues === null ? {} : { missingValues }),
    ...(missing === null ? {} : { missing }),
    ...(repeats === null ? {} : { repeats }),
    ...(numbers === undefined ? {} : { qualityRange: [numbers[0], numbers[1]] as const }),
    ...(prices === null ? {} : { priceList: await readPrices(prices) }),
    ...(responseCosts === null ? {} : { responseCostUsd: await readJson(responseCosts, isCosts, '{"MODEL": USD}') }),
  };
}

/** Options that do not apply to a log. */
const NOT_OF_LOGS: readonly string[] = [
  ...["format", "pool", "filter", "eval-column", "where", "missing-values", "quality-words", "missing", "repeats"],
  ...["routers", "split", "eval", "train-share", "whole-prompts", "keep", "budget", "quality", "confidence", "out"],
  ...["csv-guard", "splits"],
];

/**
 * The options for loading a log.
 *
 * @throws TypeError where an option would be without effect; as {@linkcode loadOptionsOf}
 */
export async function logOptionsOf(input: CommandInput): Promise<LoggedLoadOptions> {
  const idle = NOT_OF_LOGS.find((name) => input.isOn(name));
  if (idle !== undefined) {
    throw new TypeError(`Cannot read the options as --${idle} is without effect beside --logged; leave it out`);
  }
  return await loadOptionsOf(input);
}

/** A list of prices: ours, or LiteLLM's, per token, whose entries without prices of tokens are passed over. */
async function readPrices(path: string): Promise<PriceList> {
  const form = '{"MODEL": {"prompt": USD, "completion": USD}}';
  const prices = await readJson(path, isAnyPriceList, form);
  if (isPriceList(prices)) return prices;
  return Object.fromEntries(
    Object.entries(prices).flatMap(([model, { input_cost_per_token: input, output_cost_per_token: output }]) =>
      typeof input === "number" && typeof output === "number"
        ? [[model, { prompt: 1e6 * input, completion: 1e6 * output }]]
        : []
    ),
  );
}

function isAnyPriceList(value: unknown): value is PriceList | Record<string, Record<string, unknown>> {
  return isPriceList(value) || isLiteLlm(value);
}

/** LiteLLM's list of models. **Source**: `model_prices_and_context_window.json` of BerriAI/litellm. */
function isLiteLlm(value: unknown): value is Record<string, Record<string, unknown>> {
  return isRecord(value) && Object.values(value).every(isRecord) &&
    Object.values(value).some((entry) => typeof (entry as Record<string, unknown>).input_cost_per_token === "number");
}

/** A name and a value of an option. */
export type Pair = readonly [name: string, value: string];

/**
 * The pairs NAME=VALUE of an option. A comma ends a pair only where one of `begins` and "=" follow, as names of columns
 * may hold commas; without `begins` where any name follows.
 */
export function pairsOf(
  input: CommandInput,
  option: string,
  { form, begins }: { readonly form: string; readonly begins?: readonly string[] },
): Pair[] | null {
  const text = input.text(option);
  if (text === null) return null;
  const next = begins === undefined ? "[^,=]+" : `(?:${begins.join("|")})`;
  return text.split(new RegExp(`,(?=\\s*${next}=)`)).map((pair): Pair => {
    const at = pair.indexOf("=");
    if (at <= 0 || at === pair.length - 1) {
      throw new TypeError(`Cannot read the options as --${option} must be ${form}: "${pair}" is not`);
    }
    return [pair.slice(0, at).trim(), pair.slice(at + 1)];
  });
}

function numberOfWord([word, value]: Pair): [string, number] {
  const number = value.trim() === "" ? NaN : Number(value);
  if (Number.isFinite(number)) return [word, number];
  throw new TypeError(`Cannot read the options as --quality-words must be WORD=NUMBER,…: "${word}=${value}" is not`);
}

/** `--eval-column NAME` is short for `--columns evalName=NAME`; `none` ignores evaluations. */
function columnsOf(
  pairs: readonly Pair[] | null,
  evalColumn: string | null,
): Pick<LoadOptions, "columns" | "oneEvaluation"> {
  const named = evalColumn === null || evalColumn === "none" ? [] : [["evalName", evalColumn]];
  const columns: LoadColumns = Object.fromEntries([...(pairs ?? []), ...named]);
  return {
    ...(pairs === null && named.length === 0 ? {} : { columns }),
    ...(evalColumn === "none" ? { oneEvaluation: true } : {}),
  };
}

async function readJson<T>(path: string, isRight: (value: unknown) => value is T, form: string): Promise<T> {
  let value: unknown;
  try {
    value = JSON.parse(await Deno.readTextFile(path));
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot read "${path}" as it must be JSON of the form ${form}: ${found}`, { cause });
  }
  if (!isRight(value)) {
    throw new TypeError(`Cannot read "${path}" as it must be JSON of the form ${form}: it is of another`);
  }
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPriceList(value: unknown): value is PriceList {
  const isPrice = (price: unknown): boolean =>
    isRecord(price) && typeof price.prompt === "number" && typeof price.completion === "number";
  return isRecord(value) && Object.values(value).every(isPrice);
}

function isCosts(value: unknown): value is Record<string, number> {
  return isRecord(value) && Object.values(value).every((cost) => typeof cost === "number");
}
