import { type ByteSource, ByteWindow } from "../byte_source.ts";
import { ColumnsOnDemand } from "../columns_on_demand.ts";
import { type Frame, isAnswerColumn } from "../frame.ts";
import { UnpackingRoom } from "./_room.ts";

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
  try {
    const { leaves, nRows } = leavesOf(await parquetMetadataAsync(file, { geoparquet: false }));
    room.takeRows(nRows);
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
