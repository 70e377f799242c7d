import { parquetMetadataAsync, parquetRead } from "hyparquet";
import { type Frame, isAnswerColumn } from "./frame.ts";

/** Texts byte by byte as they are: the library's own decoder would drop a byte order mark. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const PARSERS = { stringFromBytes: (bytes: Uint8Array | undefined): string | undefined => bytes && UTF8.decode(bytes) };

/** A column as it comes: pieces in order. */
type Pieces = ArrayLike<unknown>[];

/**
 * Reads Parquet, as pandas, pyarrow, DuckDB and Spark write it, with any of the usual compressions. Columns of answers are not read. Fields of a
 * struct are named with a dot: `usage.prompt_tokens`.
 *
 * @throws SyntaxError where the bytes are not a whole Parquet file
 */
export async function readParquetFrame(bytes: Uint8Array): Promise<Frame> {
  // Loaded where it is needed: most files are none.
  const { compressors } = await import("hyparquet-compressors");
  const file = {
    byteLength: bytes.length,
    slice: (start: number, end = bytes.length): ArrayBuffer =>
      bytes.slice(start < 0 ? start + bytes.length : start, end).buffer as ArrayBuffer,
  };
  try {
    const metadata = await parquetMetadataAsync(file), nRows = Number(metadata.num_rows);
    const wanted = topLevelNames(metadata.schema).filter((name) => !isAnswerColumn(name));
    const pieces = new Map(wanted.map((name): [string, Pieces] => [name, []]));
    if (nRows > 0) {
      await parquetRead({
        ...{ file, metadata, compressors, columns: wanted, parsers: PARSERS },
        onChunk: ({ columnName, columnData }) => pieces.get(columnName)?.push(columnData),
      });
    }
    return { nRows, columns: new Map([...pieces].flatMap(([name, parts]) => flattened(name, joined(parts, nRows)))) };
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(`Cannot read the Parquet file as it must be whole: ${found}; write it again`, { cause });
  }
}

/** Names of the schema's columns, structs counted once. The first entry is the root. */
function topLevelNames(schema: readonly { readonly name: string; readonly num_children?: number }[]): string[] {
  const names: string[] = [];
  const skip = (at: number): number => {
    let next = at + 1;
    for (let child = 0; child < (schema[at]?.num_children ?? 0); child++) next = skip(next);
    return next;
  };
  for (let at = 1; at < schema.length; at = skip(at)) names.push(schema[at].name);
  return names;
}

/** The pieces as one column; numbers in a typed array. */
function joined(parts: Pieces, nRows: number): ArrayLike<unknown> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length !== nRows) throw new Error(`a column has ${length} rows, the file ${nRows}`);
  if (parts.length === 1) return parts[0];
  const areNumbers = parts.every((part) => part instanceof Float64Array || part instanceof Float32Array || part instanceof Int32Array);
  const column: Float64Array | unknown[] = areNumbers ? new Float64Array(nRows) : new Array(nRows);
  let at = 0;
  for (const part of parts) for (let i = 0; i < part.length; i++) column[at++] = part[i] as number;
  return column;
}

/** A column of structs as a column for each field. */
function flattened(name: string, column: ArrayLike<unknown>): [string, ArrayLike<unknown>][] {
  const first = Array.prototype.find.call(column, (cell) => cell !== null && cell !== undefined);
  const isStruct = typeof first === "object" && first !== null && !(first instanceof Date) && !Array.isArray(first) &&
    !ArrayBuffer.isView(first);
  if (!isStruct) return [[name, column]];
  return Object.keys(first).flatMap((field) =>
    flattened(`${name}.${field}`, Array.from(column, (cell) => (cell as Record<string, unknown> | null | undefined)?.[field] ?? null))
  );
}
