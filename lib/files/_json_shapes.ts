import { CONVENTIONS, type Field, plainName } from "./column_names.ts";
import { isObject } from "./_json_values.ts";
import { listed } from "../base/words.ts";

/** A table inside a JSON object. */
export interface TableInObject {
  /** The rows. */
  readonly rows: readonly unknown[];
  /** Values that apply to all rows, by their path in the object. */
  readonly own: Readonly<Record<string, unknown>>;
}

type Row = Record<string, unknown>;

/** Arrays of rows are looked for so many levels down. */
const MOST_LEVELS = 4;
/** Values around the rows that become columns. */
const MOST_OWN = 200;
const PLAIN: ReadonlyMap<Field, ReadonlySet<string>> = new Map(
  Object.entries(CONVENTIONS).map(([field, names]) => [field as Field, new Set(names.map(plainName))]),
);

/**
 * The table that an object holds: pandas' `to_json` of any orient, or one array of objects at any place.
 *
 * @returns `null` where the object is a row itself
 * @throws SyntaxError where several arrays may be the rows
 */
export function tableInObject(whole: Row): TableInObject | null {
  const rows = splitOrient(whole) ?? listsOrient(whole) ?? labelledOrient(whole);
  if (rows !== null) return { rows, own: {} };
  needNoPairs(whole);
  const isRow = Object.entries(whole).some(([name, value]) =>
    !isObject(value) && !Array.isArray(value) && namesFields([name], ["prompt", "promptId", "quality", "model"]) > 0
  );
  const top = arraysOf(whole, 1);
  const arrays = top.length > 0 ? top : isRow ? [] : arraysOf(whole, MOST_LEVELS);
  if (arrays.length === 0) return null;
  const graded = arrays.filter(([, items]) => namesFields(Object.keys(items[0]), ["quality"]) > 0);
  const scalars = Object.keys(whole).filter((name) => !isObject(whole[name]) && !Array.isArray(whole[name]));
  // An object with its own model and quality is a row, whose arrays are cells, such as a list of messages.
  if (graded.length === 0 && namesFields(scalars, ["model"]) > 0 && namesFields(scalars, ["quality"]) > 0) return null;
  const chosen = arrays.length === 1 ? arrays[0] : graded.length === 1 && top.length === 0 ? graded[0] : null;
  if (chosen === null) {
    throw new SyntaxError(
      `Cannot read the JSON as one array of objects must be its rows: ${
        listed(arrays.map(([path]) => path)).replace(/, ([^,]*)$/, " and $1")
      } are arrays; put the rows into a file of their own`,
    );
  }
  const own: Row = {};
  addOwn(whole, "", own, 1);
  return { rows: chosen[1], own };
}

/** pandas' orient `split` (and `tight`): names, and rows as arrays. */
function splitOrient({ columns, data }: Row): Row[] | null {
  if (!Array.isArray(columns) || !Array.isArray(data) || !data.every(Array.isArray)) return null;
  return data.map((row: readonly unknown[]) => Object.fromEntries(columns.map((name, at) => [String(name), row[at]])));
}

/** What `to_dict("list")` writes: each column as a list. */
function listsOrient(whole: Row): Row[] | null {
  const names = Object.keys(whole);
  const lists = Object.values(whole);
  if (namesFields(names, ["quality"]) === 0 || namesFields(names, ["model", "prompt", "promptId"]) === 0) return null;
  if (!lists.every((list) => Array.isArray(list))) return null;
  const [{ length }] = lists;
  if (lists.some((list) => list.length !== length)) return null;
  return Array.from({ length }, (_, row) => Object.fromEntries(names.map((name, at) => [name, lists[at][row]])));
}

/** Refuses objects by model and prompt, of which nothing says which is which: all pairs would be models of one prompt. */
function needNoPairs(whole: Row): void {
  const parts = Object.values(whole);
  const isOutcome = (value: unknown): boolean => isObject(value) && namesFields(Object.keys(value), ["quality"]) > 0;
  if (parts.length < 2 || !parts.every((part) => isObject(part) && Object.values(part).some(isOutcome))) return;
  const names = [Object.keys(whole), Object.keys(parts[0] as Row)].map((keys) => listed(keys, 2));
  throw new SyntaxError(
    `Cannot read the JSON as it must say which names are models and which prompts: it has outcomes by ${names[0]} and ${
      names[1]
    }; write a row a prompt, {"id": …, "MODEL": {"score": …, "cost": …}}, or a row an outcome`,
  );
}

/** The outcomes of a row that lists them by model, `{"prompt": …, "outputs": [{"model": …, "score": …}]}`: a row each; `null` where it lists none. */
export function outcomesOfRow(item: unknown): Row[] | null {
  if (!isObject(item)) return null;
  const lists = Object.keys(item).filter((name) => {
    const [first] = Array.isArray(item[name]) ? item[name] : [];
    return isObject(first) && namesFields(Object.keys(first), ["model"]) > 0 &&
      namesFields(Object.keys(first), ["quality"]) > 0;
  });
  if (lists.length !== 1 || namesFields(Object.keys(item), ["model", "quality"]) > 0) return null;
  const { [lists[0]]: outcomes, ...rest } = item;
  return (outcomes as unknown[]).map((outcome) => isObject(outcome) ? { ...outcome, ...rest } : { ...rest });
}

/**
 * pandas' orients `columns` and `index`: objects of the same keys in an object. The labels of rows are whole numbers, unless the table had an index of
 * its own: then the names of columns tell which is which.
 */
function labelledOrient(whole: Row): Row[] | null {
  const outer = Object.keys(whole);
  const parts = Object.values(whole);
  if (outer.length === 0 || !parts.every(isObject)) return null;
  const inner = Object.keys(parts[0]);
  if (inner.length === 0) return null;
  // Rows by number may lack some fields; other objects of different keys are none of pandas.
  const isByNumber = areLabels(outer) && !areLabels(inner);
  if (!isByNumber && !parts.every((part) => sameKeys(Object.keys(part), inner))) return null;
  const isIndex = areLabels(outer) !== areLabels(inner)
    ? areLabels(outer)
    : namesFields(inner, ["model", "prompt"]) > 0
    ? true
    : namesFields(outer, ["model", "prompt"]) > 0
    ? false
    : null;
  if (isIndex === null) return null;
  if (isIndex) return outer.map((label, at) => withLabel(label, parts[at], outer));
  return inner.map((label) =>
    withLabel(label, Object.fromEntries(outer.map((name, at) => [name, parts[at][label]])), inner)
  );
}

/** A row with its label, unless labels are only numbers of rows. */
function withLabel(label: string, row: Row, labels: readonly string[]): Row {
  return areLabels(labels) ? row : { index: label, ...row };
}

function sameKeys(keys: readonly string[], wanted: readonly string[]): boolean {
  return keys.length === wanted.length && keys.every((key, at) => key === wanted[at]);
}

function areLabels(keys: readonly string[]): boolean {
  return keys.every((key) => /^\d+$/.test(key));
}

/** Counts the names that are usual ones of these fields. */
function namesFields(names: readonly string[], fields: readonly Field[]): number {
  return names.filter((name) => fields.some((field) => PLAIN.get(field)!.has(plainName(name)))).length;
}

/** The arrays of objects in an object, by their path. */
function arraysOf(whole: Row, levels: number, before = ""): [string, Row[]][] {
  return Object.entries(whole).flatMap(([name, value]): [string, Row[]][] => {
    if (Array.isArray(value)) return value.length > 0 && value.every(isObject) ? [[before + name, value]] : [];
    return isObject(value) && levels > 1 ? arraysOf(value, levels - 1, `${before}${name}.`) : [];
  });
}

function addOwn(whole: Row, before: string, own: Row, level: number): void {
  for (const [name, value] of Object.entries(whole)) {
    if (Object.keys(own).length >= MOST_OWN) return;
    if (isObject(value)) {
      if (level < MOST_LEVELS) addOwn(value, `${before}${name}.`, own, level + 1);
    } else if (!Array.isArray(value) && value !== null) own[before + name] = value;
  }
}
