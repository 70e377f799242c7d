import { NdArray } from "./_numpy_array.ts";
import { PickledList } from "./_pickled_literals.ts";
import { listed } from "../../base/words.ts";
import { type Frame, numberOfCell, textOfCell } from "../frame.ts";

/** The column of ids that a RouterEval frame alone has. */
export const ROUTEREVAL_MARK = "SPLIT/NUMBER";
const SPLITS = ["train", "val", "test"] as const;

type Dictionary = ReadonlyMap<unknown, unknown>;

/** Whether a pickled value is a dictionary as RouterEval's router datasets are. */
export function isRouterEval(value: unknown): value is Dictionary {
  return value instanceof Map && (value.has("easy") || value.has("hard")) && value.has("prompt");
}

/**
 * One group of models of a RouterEval dataset, as a wide frame.
 *
 * @throws TypeError where `pool` names none of its groups; SyntaxError where a group is not whole
 */
export function routerEvalFrame(dataset: Dictionary, pool: string | undefined): Frame {
  const pools = poolsOf(dataset);
  const group = pool === undefined ? undefined : pools.get(pool);
  if (group === undefined) {
    throw new TypeError(
      `one of a RouterEval dataset's groups of models must be named: ${
        pool === undefined ? "none is" : `"${pool}" is none of them`
      }; pass pool (--pool NAME), one of ${listed([...pools.keys()], 20)}`,
    );
  }
  const models = items(group.get("model"), "its models").map((name) => need(textOfCell(name), "a model has no name"));
  const prompts: unknown[] = [];
  const ids: string[] = [];
  const scores: Float64Array[] = models.map(() => new Float64Array(0));
  for (const split of SPLITS) {
    const texts = dictionary(dataset, "prompt").get(`${split}_prompt`);
    const data = dictionary(group, "data").get(`${split}_score`);
    if (texts === undefined && data === undefined) continue;
    const found = items(texts, `${split}_prompt`);
    const numbers = dictionary(dataset, "split_index").get(`${split}_indices`);
    const indices = numbers === undefined ? null : items(numbers, `${split}_indices`);
    if (
      !(data instanceof NdArray) || data.shape.length !== 2 || data.shape[0] !== found.length ||
      data.shape[1] !== models.length
    ) {
      const shape = data instanceof NdArray ? data.shape.join("×") : "no array";
      throw incomplete(`${split}_score is ${shape} for ${found.length} prompts × ${models.length} models`);
    }
    if (indices !== null && indices.length !== found.length) {
      throw incomplete(`${split}_indices has ${indices.length} numbers for ${found.length} prompts`);
    }
    found.forEach((text, at) => {
      prompts.push(text);
      ids.push(`${split}/${indices === null ? at : numberOfCell(indices[at])}`);
    });
    const cells = data.matrix();
    scores.forEach((before, j) =>
      scores[j] = joined(before, Float64Array.from(found, (_, i) => cells[i * models.length + j]))
    );
  }
  const columns = new Map<string, ArrayLike<unknown>>([[ROUTEREVAL_MARK, ids], ["prompt", prompts]]);
  models.forEach((model, j) => columns.set(`${model}|quality`, scores[j]));
  return { nRows: ids.length, columns };
}

/** The groups by name: `hard/10/strong_to_weak`. */
function poolsOf(dataset: Dictionary): Map<string, Dictionary> {
  const pools = new Map<string, Dictionary>();
  for (const level of ["easy", "hard"]) {
    for (const [size, groups] of dictionary(dataset, level)) {
      if (!(groups instanceof Map)) continue;
      for (const [name, group] of groups) {
        if (group instanceof Map && group.has("model")) pools.set(`${level}/${size}/${name}`, group);
      }
    }
  }
  return pools;
}

function dictionary(of: Dictionary, key: string): Dictionary {
  const value = of.get(key);
  return value instanceof Map ? value : new Map();
}

/** A list, tuple or array of one axis. */
function items(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof PickledList) return value.values();
  if (value instanceof NdArray && value.shape.length === 1) return value.items();
  throw incomplete(`${what} is no list`);
}

function joined(before: Float64Array, after: Float64Array): Float64Array {
  const all = new Float64Array(before.length + after.length);
  all.set(before);
  all.set(after, before.length);
  return all;
}

function need<T>(value: T | null, found: string): T {
  if (value === null) throw incomplete(found);
  return value;
}

function incomplete(found: string): SyntaxError {
  return new SyntaxError(`Cannot read the pickle as a RouterEval group must be whole: ${found}; fetch the file again`);
}
