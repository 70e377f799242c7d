import { CONVENTIONS, type Field, type ModelColumns } from "./column_names.ts";
import { listed } from "../base/words.ts";

/** The fields of an outcome that a column of one model may hold. */
const FIELDS = ["quality", "costUsd", "latencySeconds", "promptTokens", "completionTokens"] as const;
/** Objects that hold those of the models: `{"models": {"MODEL": {"score": 1}}}`. */
const CONTAINER = /^(models|responses|results|outputs|scores|answers|outcomes)\./;

/**
 * The models of a wide table whose names stand before or after a field, as `MODEL_score` and `MODEL_cost`, or `score/MODEL` and `cost/MODEL`: two
 * models or more, each with a quality and a cost; none where one is not whole.
 */
export function modelsOfNames(names: readonly string[]): ReadonlyMap<string, ModelColumns> {
  for (const isBefore of [true, false]) {
    const models = new Map<string, Partial<Record<Field, string>>>();
    for (const name of names) {
      const found = fieldOfName(name, isBefore);
      if (found === null) continue;
      models.set(found.model, { [found.field]: name, ...models.get(found.model) });
    }
    const isWhole = [...models.values()].every((found) => found.quality !== undefined && found.costUsd !== undefined);
    if (models.size > 1 && isWhole) return models;
  }
  return new Map();
}

function fieldOfName(name: string, isBefore: boolean): { readonly model: string; readonly field: Field } | null {
  for (const field of FIELDS) {
    for (const convention of CONVENTIONS[field].toSorted((a, b) => b.length - a.length)) {
      const word = convention.replaceAll("_", "[_ ]?");
      const pattern = isBefore ? `^(.+?)[_/: -]${word}$` : `^${word}[_/: -](.+)$`;
      const model = new RegExp(pattern, "i").exec(name)?.[1];
      if (model !== undefined) return { model, field };
    }
  }
  return null;
}

/** Says how columns were read. */
export function namedModels(models: ReadonlyMap<string, ModelColumns>): string {
  const [[model, { quality, costUsd }]] = models;
  return `columns taken for those of ${listed([...models.keys()], 3)}: "${quality}" and "${costUsd}" for "${model}"`;
}

/** The models without the name of the object that holds them all. */
export function withoutContainer(models: ReadonlyMap<string, ModelColumns>): ReadonlyMap<string, ModelColumns> {
  const container = CONTAINER.exec([...models.keys()][0])?.[0];
  if (container === undefined || ![...models.keys()].every((model) => model.startsWith(container))) return models;
  return new Map([...models].map(([model, columns]) => [model.slice(container.length), columns]));
}
