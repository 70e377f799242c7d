import { readJsonRows } from "../json_frame.ts";
import type { Frame } from "../frame.ts";
import { NdArray } from "./_numpy_array.ts";
import { PickledList } from "./_pickled_literals.ts";
import { PickledText } from "./pickled_text.ts";

type Row = Record<string, unknown>;

/** Dictionaries in dictionaries are fields of fields so many levels down. */
const MOST_LEVELS = 4;

/** The frame of a pickled list of dictionaries, or of a dictionary of columns; `null` where the pickle holds neither. */
export function frameOfPickledRows(value: unknown): Frame | null {
  const rows = value instanceof PickledList
    ? rowsOfList(value.values())
    : value instanceof Map
    ? rowsOfColumns(value)
    : null;
  return rows === null ? null : readJsonRows(rows);
}

function rowsOfList(items: readonly unknown[]): Row[] | null {
  const isRows = items.length > 0 && items.every((item) => item instanceof Map);
  return isRows ? items.map((item) => rowOf(item as Map<unknown, unknown>, MOST_LEVELS)) : null;
}

function rowsOfColumns(columns: Map<unknown, unknown>): Row[] | null {
  const names = [...columns.keys()].map(String);
  const cells = [...columns.values()].map((column) =>
    column instanceof PickledList
      ? column.values()
      : column instanceof NdArray && column.shape.length === 1
      ? column.items()
      : null
  );
  const first = cells[0]?.length;
  if (first === undefined || cells.some((column) => column?.length !== first)) return null;
  return Array.from(
    { length: first },
    (_, row) => Object.fromEntries(names.map((name, at) => [name, cellOf(cells[at]![row], MOST_LEVELS)])),
  );
}

function rowOf(item: ReadonlyMap<unknown, unknown>, levels: number): Row {
  return Object.fromEntries([...item].map(([name, value]) => [String(name), cellOf(value, levels - 1)]));
}

function cellOf(value: unknown, levels: number): unknown {
  if (value instanceof PickledText) return String(value);
  if (levels === 0) return null;
  if (value instanceof PickledList) return value.values().map((item) => cellOf(item, levels - 1));
  return value instanceof Map ? rowOf(value, levels) : value;
}
