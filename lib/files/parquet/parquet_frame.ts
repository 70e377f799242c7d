import { type ByteSource, ByteWindow } from "../byte_source.ts";
import { UnpackingRoom } from "./_room.ts";
import { type Frame, isAnswerColumn } from "../frame.ts";

/** What is asked of a table: reads a frame without rows, and so shows which columns it reads. */
export type FrameReader = (frame: Frame) => unknown;

/**
 * Reads Parquet, as pandas, pyarrow, Polars, DuckDB and Spark write it, with any of the usual compressions, page by page into typed arrays: a
 * column of texts as codes of its different texts, numbers as doubles. Fields of a struct are named with a dot: `usage.prompt_tokens`.
 *
 * Only the columns that `reader` asks for are read; a column that was not read throws where a cell of it is asked for. So do lists and maps,
 * of which a row has no single cell. Columns of answers are left out: {@linkcode isAnswerColumn}.
 *
 * @throws SyntaxError where the bytes are not a whole Parquet file, or claim more than they can hold
 */
export async function readParquetFrame(source: ByteSource, reader: FrameReader): Promise<Frame> {
  // Loaded where they are needed: most files are none.
  const { parquetMetadataAsync } = await import("hyparquet");
  const { leavesOf } = await import("./_schema.ts"), { readParquetColumn } = await import("./_column.ts");
  const { size } = source, window = new ByteWindow(source, 0);
  const file = {
    byteLength: size,
    slice: (start: number, end = size): ArrayBuffer => {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      source.read(start, bytes);
      return bytes.buffer;
    },
  };
  let column = "";
  try {
    const { leaves: all, nRows } = leavesOf(await parquetMetadataAsync(file, { geoparquet: false }));
    const room = new UnpackingRoom(size), leaves = all.filter(({ name }) => !isAnswerColumn(name));
    room.takeRows(nRows);
    const asked = askedOf(reader, leaves.map(({ name }) => name)), columns = new Map<string, ArrayLike<unknown>>();
    for (const leaf of leaves) {
      column = ` (column "${leaf.name.slice(0, 60)}")`;
      const refusal = leaf.isNested
        ? "must have one cell for each row: it is a list or map; unfold it"
        : asked.has(leaf.name)
        ? null
        : "must be asked for before it is read";
      columns.set(
        leaf.name,
        refusal === null ? readParquetColumn(window, leaf, { nRows, room }) : refusing(leaf.name, refusal),
      );
    }
    return { nRows, columns };
  } catch (cause) {
    const said = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, " ").slice(0, 200);
    // Where hyparquet comes upon what it did not expect, the error is the engine's, about the code and not about the file.
    const isEngines = (cause instanceof TypeError || cause instanceof RangeError) && !said.includes("must ");
    const found = isEngines ? "its parts do not fit together" : said;
    throw new SyntaxError(`Cannot read the Parquet file as it must be whole: ${found}${column}; write it again`, {
      cause,
    });
  }
}

/** The columns that a reader asks of a table without rows. One that cannot do without rows is given all. */
function askedOf(reader: FrameReader, names: readonly string[]): ReadonlySet<string> {
  const columns = new AskedColumns(names.map((name) => [name, []]));
  try {
    reader({ nRows: 0, columns });
  } catch {
    return new Set(names);
  }
  return columns.asked;
}

/** Columns that take down who was asked for. */
class AskedColumns extends Map<string, ArrayLike<unknown>> {
  readonly asked = new Set<string>();

  override get(name: string): ArrayLike<unknown> | undefined {
    this.asked.add(name);
    return super.get(name);
  }

  override values(): MapIterator<ArrayLike<unknown>> {
    this.askAll();
    return super.values();
  }

  override entries(): MapIterator<[string, ArrayLike<unknown>]> {
    this.askAll();
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, ArrayLike<unknown>]> {
    return this.entries();
  }

  override forEach(...[visit]: Parameters<Map<string, ArrayLike<unknown>>["forEach"]>): void {
    this.askAll();
    super.forEach(visit);
  }

  private askAll(): void {
    for (const name of this.keys()) this.asked.add(name);
  }
}

function refusing(name: string, rule: string): ArrayLike<unknown> {
  const refuse = (): never => {
    throw new TypeError(`the column "${name}" ${rule}`);
  };
  return new Proxy([], { get: refuse, has: refuse });
}
