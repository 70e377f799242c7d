import type { LoadOptions } from "../../lib/files/load_options.ts";

/** A small file of people, and what it should give. */
export interface KindCase {
  /** The files by their names, one or a folder's; without them the fixture of that name is read. */
  readonly files?: Readonly<Record<string, string>>;
  readonly fixture?: string;
  readonly options?: LoadOptions;
  /** Ends of the table that is read: prompts and models, means of quality and cost. */
  readonly size?: readonly [nPrompts: number, nModels: number];
  readonly means?: readonly [quality: number, costUsd: number];
  readonly firstId?: string;
  readonly firstText?: string;
  readonly seconds?: number;
  /** A note of the reading, an error, or what the audit or the split says. */
  readonly note?: RegExp;
  readonly error?: RegExp;
  readonly audit?: RegExp;
  readonly training?: RegExp;
}

type Row = Readonly<Record<string, unknown>>;
/** A row of {@linkcode TABLE}. */
type Outcome = { readonly id: number; readonly model: string; readonly score: number; readonly cost: number };

/** Three prompts and two models: "s" is right on the second and costs .001, "l" is always right and costs .01. */
export const TABLE: KindCase = { size: [3, 2], means: [2 / 3, 0.0055] };

/** The rows of {@linkcode TABLE}, changed. */
export function rows<T extends Row = Outcome>(change?: (row: Outcome) => T): T[] {
  const made = change ?? ((row: Outcome) => row as Row as T);
  return [0, 1, 2].flatMap((id) =>
    [["s", 0.001] as const, ["l", 0.01] as const].map(([model, cost]) =>
      made({ id, model, score: model === "l" || id === 1 ? 1 : 0, cost })
    )
  );
}

/** Rows as CSV; a cell with the delimiter is quoted. */
export function csv(all: readonly Row[], delimiter = ","): string {
  const cell = (value: unknown): string => {
    const text = String(value ?? "");
    return text.includes(delimiter) || text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [Object.keys(all[0]), ...all.map((row) => Object.values(row))]
    .map((cells) => `${cells.map(cell).join(delimiter)}\n`).join("");
}

/** Rows as JSON Lines. */
export function lines(all: readonly Row[]): string {
  return all.map((row) => JSON.stringify(row)).join("\n");
}

/** The case of one file. */
export function file(name: string, contents: string, wanted: KindCase): KindCase {
  return { ...wanted, files: { [name]: contents } };
}

/** A number as a German spreadsheet writes it. */
export function comma(value: number): string {
  return String(value).replace(".", ",");
}
