import { join } from "node:path";
import { sha256OfBytes } from "../base/sha256.ts";
import { ColumnsOnDemand } from "./columns_on_demand.ts";
import { fileNames, type FramePart } from "./benchmarks/layout.ts";
import type { FileFormat } from "./frame.ts";
import { type FileFrame, openFrame } from "./file_format.ts";
import type { Frame } from "./frame.ts";
import type { LoadOptions } from "./load_options.ts";

/** Files of a folder that are read. */
const TABLES = /\.(csv|tsv|jsonl?|ndjson|parquet|pkl|pickle|eval)(\.(gz|bz2|xz|zst))?$/i;

/** The source of a frame. */
export interface FrameSource {
  /** The format of its file; of a folder that of the first one. */
  readonly format: FileFormat;
  /** The files. */
  readonly parts: readonly FramePart[];
}

/** The result that was read from a source. */
export interface TakenSource<T> extends FrameSource {
  readonly taken: T;
  /** SHA-256 of the file's bytes; of a folder that of its files' paths and digests. */
  readonly sha256: string;
}

/**
 * Opens a file, or all tables below a folder in the order of their paths (many benchmarks have a file for each model or evaluation), and gives
 * their rows, one after another, to `take` while they are open.
 *
 * @throws Error where something cannot be read, or is changed meanwhile; SyntaxError where its bytes cannot be parsed, or a folder has no tables
 */
export async function readSource<T>(
  path: string,
  take: (frame: Frame, source: FrameSource) => T,
  options: LoadOptions,
): Promise<TakenSource<T>> {
  if (!(await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false))) {
    await using file = await openFrame(path, options);
    const source = { format: file.format, parts: [{ path, nRows: file.frame.nRows }] };
    return { ...source, taken: take(file.frame, source), sha256: await file.sha256() };
  }
  const names = (await tablesBelow(path)).sort();
  const files: FileFrame[] = [];
  if (names.length === 0) {
    throw new SyntaxError(
      "a folder must hold tables, .csv, .tsv, .json, .jsonl, .parquet, .pkl or .eval, packed (.gz, .bz2, .xz, .zst) or not: it holds none",
    );
  }
  await using opened = new AsyncDisposableStack();
  for (const name of names) {
    files.push(opened.use(await openFrame(join(path, name), options).catch(namedBy(name))));
  }
  const source = {
    format: files[0].format,
    parts: names.map((name, at) => ({ path: name, nRows: files[at].frame.nRows })),
  };
  const taken = take(withFileNames(joined(files.map(({ frame }) => frame)), source.parts), source);
  const digests: string[] = [];
  for (const [at, name] of names.entries()) {
    digests.push(`${name}\0${await files[at].sha256().catch(namedBy(name))}\n`);
  }
  return { ...source, taken, sha256: sha256OfBytes(...digests) };
}

/** Adds the path of the file in a folder to an error. */
function namedBy(name: string): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof Error) cause.message = `${cause.message} (in "${name}")`;
    throw cause;
  };
}

async function tablesBelow(folder: string, before = ""): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory, isFile, isSymlink } of Deno.readDir(folder)) {
    if (name.startsWith(".")) continue;
    if (isDirectory) names.push(...await tablesBelow(join(folder, name), `${before}${name}/`));
    else if (TABLES.test(name) && (isFile || (isSymlink && (await Deno.stat(join(folder, name))).isFile))) {
      names.push(before + name);
    }
  }
  return names;
}

/** The frame with the path of each row's file as columns: `file.folder` and `file.name`, without extensions. */
function withFileNames(frame: Frame, parts: readonly FramePart[]): Frame {
  const folders = parts.flatMap(({ path, nRows }) =>
    new Array<string>(nRows).fill(path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "")
  );
  const added = new Map([["file.folder", folders], ["file.name", fileNames(parts)]]);
  const columns = [...frame.columns.keys(), ...[...added.keys()].filter((name) => !frame.columns.has(name))];
  const column = (name: string): ArrayLike<unknown> => frame.columns.get(name) ?? added.get(name)!;
  return { ...frame, columns: new ColumnsOnDemand(columns.map((name) => [name, () => column(name)])) };
}

/** The rows of all frames; a column that a frame lacks is empty there. */
function joined(frames: readonly Frame[]): Frame {
  const nRows = frames.reduce((sum, frame) => sum + frame.nRows, 0);
  const column = (name: string): unknown[] => {
    const cells = new Array<unknown>(nRows).fill(null);
    let start = 0;
    for (const { columns, nRows } of frames) {
      const part = columns.get(name);
      for (let row = 0; part !== undefined && row < nRows; row++) cells[start + row] = part[row];
      start += nRows;
    }
    return cells;
  };
  const names = new Set(frames.flatMap(({ columns }) => [...columns.keys()]));
  const decimalComma = frames.some((frame) => frame.decimalComma === true);
  return { nRows, decimalComma, columns: new ColumnsOnDemand([...names].map((name) => [name, () => column(name)])) };
}
