import { createHash } from "node:crypto";
import { join } from "node:path";
import type { FramePart } from "./_published_layout.ts";
import { type FileFormat, type FileFrame, frameOfFile } from "./file_format.ts";
import type { Frame } from "./frame.ts";
import type { LoadOptions } from "./load_options.ts";
import type { FrameReader } from "./parquet_frame.ts";

/** Files of a folder that are read. */
const TABLES = /\.(csv|tsv|jsonl?|ndjson|parquet|pkl|pickle)(\.gz)?$/i;

/** What stands at a path. */
export interface ReadSource {
  /** The rows, of all files one after another. */
  readonly frame: Frame;
  /** The files. */
  readonly parts: readonly FramePart[];
  /** How they are written; of a folder the first file's. */
  readonly format: FileFormat;
  /** Of the file's bytes; of a folder that of the files' paths and digests. */
  readonly sha256: string;
}

/**
 * Reads a file, or all tables below a folder, in the order of their paths: benchmarks are published as a file a model, or an evaluation.
 *
 * @throws Error where something cannot be read; SyntaxError where its bytes cannot be parsed, or a folder has no tables
 */
export async function readSource(path: string, options: LoadOptions, reader: FrameReader): Promise<ReadSource> {
  if (!(await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false))) {
    const { frame, format, sha256 } = await frameOfFile(path, reader, options);
    return { frame, format, sha256, parts: [{ path, nRows: frame.nRows }] };
  }
  const names = (await tablesBelow(path)).sort(), read: FileFrame[] = [];
  if (names.length === 0) {
    throw new SyntaxError("a folder must hold tables, .csv, .tsv, .json, .jsonl, .parquet or .pkl, packed by gzip or not: it holds none");
  }
  for (const name of names) {
    read.push(
      await frameOfFile(join(path, name), reader, options).catch((cause) => {
        if (cause instanceof Error) cause.message = `${cause.message} (in "${name}")`;
        throw cause;
      }),
    );
  }
  const digest = createHash("sha256");
  names.forEach((name, at) => digest.update(`${name}\0${read[at].sha256}\n`));
  return {
    frame: joined(read.map(({ frame }) => frame)),
    parts: names.map((name, at) => ({ path: name, nRows: read[at].frame.nRows })),
    format: read[0].format,
    sha256: digest.digest("hex"),
  };
}

async function tablesBelow(folder: string, before = ""): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    if (name.startsWith(".")) continue;
    if (isDirectory) names.push(...await tablesBelow(join(folder, name), `${before}${name}/`));
    else if (isFile && TABLES.test(name)) names.push(before + name);
  }
  return names;
}

/** The rows of all frames; a column that a frame lacks is empty there. */
function joined(frames: readonly Frame[]): Frame {
  const nRows = frames.reduce((sum, frame) => sum + frame.nRows, 0), columns = new Map<string, unknown[]>();
  let start = 0;
  for (const frame of frames) {
    for (const [name, cells] of frame.columns) {
      let column = columns.get(name);
      if (column === undefined) columns.set(name, column = new Array<unknown>(nRows).fill(null));
      for (let row = 0; row < frame.nRows; row++) column[start + row] = cells[row];
    }
    start += frame.nRows;
  }
  return { nRows, columns };
}
