import { join } from "node:path";

/** The parts of a notebook's file (nbformat 4) that are read here. */
export interface NotebookFile {
  /** The cells, from top to bottom. */
  readonly cells: readonly NotebookCell[];
}

/** A cell of text or code. */
export interface NotebookCell {
  /** `code` or `markdown`. */
  readonly cell_type: string;
  /** Its text, as one text or as lines. */
  readonly source: string | readonly string[];
  /** Its outputs. */
  readonly outputs?: readonly {
    readonly output_type: string;
    readonly data?: Readonly<Record<string, unknown>>;
    readonly name?: string;
    readonly ename?: string;
    readonly evalue?: string;
  }[];
}

/** The code cells. */
export function codeCells({ cells }: NotebookFile): NotebookCell[] {
  return cells.filter((cell) => cell.cell_type === "code");
}

/** A cell's text. */
export function sourceOf({ source }: NotebookCell): string {
  return typeof source === "string" ? source : source.join("");
}

/** Names of a folder's notebooks, in order. */
export async function notebookNames(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).filter((name) => name.endsWith(".ipynb")).sort();
}

/** Reads a notebook. */
export async function readNotebook(folder: string, name: string): Promise<NotebookFile> {
  return JSON.parse(await Deno.readTextFile(join(folder, name)));
}
