import { type ByteSource, ByteWindow } from "../byte_source.ts";
import { ColumnsOnDemand } from "../columns_on_demand.ts";
import { type Frame, isAnswerColumn } from "../frame.ts";
import { UnpackingRoom } from "./_room.ts";
import type { ParquetLeaf } from "./_schema.ts";

/** A Parquet file that is read group of rows by group, each a frame of its own. */
export interface ParquetGroups {
  /** Number of rows of all groups. */
  readonly nRows: number;
  /** What the cells of each column take in the file, unpacked, bytes. */
  readonly columnBytes: ReadonlyMap<string, number>;
  /** The groups, one after another; the columns of one can be read until the next is asked for. */
  frames(): Generator<Frame>;
}

/**
 * Reads Parquet, as pandas, pyarrow, Polars, DuckDB and Spark write it, with any of the usual compressions, page by page into typed arrays: a
 * column of texts as codes of its different texts, numbers as doubles. Fields of a struct are named with a dot: `usage.prompt_tokens`.
 *
 * A column is read when it is first asked for, so the source must stay open until then. Lists are the JSON that stands for them; lists in lists throw
 * when they are asked for. Columns of answers are left out: {@linkcode isAnswerColumn}.
 *
 * @throws SyntaxError where the bytes are not a whole Parquet file, or claim more than they can hold; so do its columns
 */
export async function readParquetFrame(source: ByteSource): Promise<Frame> {
  const { leaves, nRows, frameOf } = await openParquet(source);
  return frameOf(leaves, nRows);
}

/**
 * Opens Parquet for reading it by its groups of rows, so that memory holds one of them. Otherwise as {@linkcode readParquetFrame}.
 *
 * @throws SyntaxError as {@linkcode readParquetFrame}
 */
export async function readParquetGroups(source: ByteSource): Promise<ParquetGroups> {
  const { leaves, nRows, frameOf } = await openParquet(source);
  const columnBytes = new Map<string, number>();
  for (const { name, chunks } of leaves) {
    const nBytes = chunks.reduce((sum, { meta }) => sum + Number(meta.total_uncompressed_size), 0);
    columnBytes.set(name, nBytes + (columnBytes.get(name) ?? 0));
  }
  function* frames(): Generator<Frame> {
    const nGroups = leaves[0]?.chunks.length ?? 0;
    for (let at = 0; at < nGroups; at++) {
      const ofGroup = leaves.map((leaf): ParquetLeaf => ({ ...leaf, chunks: [leaf.chunks[at]] }));
      if (leaves[0].chunks[at].nRows > 0) yield frameOf(ofGroup, leaves[0].chunks[at].nRows);
    }
  }
  return { nRows, columnBytes, frames };
}

interface OpenedParquet {
  readonly leaves: readonly ParquetLeaf[];
  readonly nRows: number;
  readonly frameOf: (leaves: readonly ParquetLeaf[], nRows: number) => Frame;
}

async function openParquet(source: ByteSource): Promise<OpenedParquet> {
  // These modules are loaded only when a Parquet file is read, as most files are of other formats.
  const { parquetMetadataAsync } = await import("hyparquet");
  const { leavesOf } = await import("./_schema.ts");
  const { readParquetColumn } = await import("./_column.ts");
  const { readParquetList } = await import("./_list.ts");
  const { size } = source;
  const window = new ByteWindow(source, 0);
  const room = new UnpackingRoom(size);
  const file = {
    byteLength: size,
    slice: (start: number, end = size): ArrayBuffer => {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      source.read(start, bytes);
      return bytes.buffer;
    },
  };
  const frameOf = (leaves: readonly ParquetLeaf[], nRows: number): Frame => {
    const named = Map.groupBy(leaves.filter(({ name }) => !isAnswerColumn(name)), ({ name }) => name);
    const columns = [...named].map(([name, fields]) => {
      const read = (): ArrayLike<unknown> => {
        if (fields.some(({ list }) => list !== null && list.depth > 1)) refuseNested(name);
        try {
          return fields[0].list === null
            ? readParquetColumn(window, fields[0], { nRows, room })
            : readParquetList(window, fields, { nRows, room });
        } catch (cause) {
          throw unreadable(cause, ` (column "${name.slice(0, 60)}")`);
        }
      };
      return [name, read] as const;
    });
    return { nRows, columns: new ColumnsOnDemand(columns) };
  };
  try {
    const { leaves, nRows } = leavesOf(await parquetMetadataAsync(file, { geoparquet: false }));
    room.takeRows(nRows);
    return { leaves, nRows, frameOf };
  } catch (cause) {
    throw unreadable(cause, "");
  }
}

function unreadable(cause: unknown, where: string): SyntaxError {
  // A TypeError or RangeError comes from JavaScript itself and is about hyparquet's code, not about the file.
  const isEngines = cause instanceof TypeError || cause instanceof RangeError;
  // What a damaged header lacks, or has a structure for, would stand in a message as JavaScript writes it.
  const said = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, " ").replaceAll(
    /\bundefined\b|\[object \w+\]/g,
    "nothing",
  ).slice(0, 200);
  const found = isEngines ? "its parts do not fit together" : said;
  return new SyntaxError(`Cannot read the Parquet file as it must be whole: ${found}${where}; write it again`, {
    cause,
  });
}

function refuseNested(name: string): never {
  throw new TypeError(
    `the column "${name}" must have one list for each row: it has lists in lists; save it as JSON Lines, or unfold it`,
  );
}
