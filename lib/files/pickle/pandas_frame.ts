import { ColumnsOnDemand } from "../columns_on_demand.ts";
import { PickledDataFrame, PickledSeries } from "./_blocks.ts";
import { PickledIndex } from "./_index.ts";
import { type PandasColumn, plainText } from "./_numpy_types.ts";
import { PickledText } from "./pickled_text.ts";
import { cellsOf } from "./_times.ts";

export type { PandasColumn };

/** The columns of a pickled pandas data frame, by name, in the file's order. */
export interface PandasFrame {
  /** Number of rows. */
  readonly nRows: number;
  /** The columns. */
  readonly columns: ReadonlyMap<string, PandasColumn>;
}

type Maker = readonly [name: string, make: () => PandasColumn];

/**
 * The columns of a pickled `pandas.DataFrame` or `pandas.Series`, which `pandasGlobals` made without executing anything. Labels of rows that have a
 * name, or are texts, are columns too, as `reset_index()` makes them. Texts stay ranges of bytes until somebody asks for them.
 *
 * **Source**: pandas' `BlockManager` as versions 1.5, 2 and 3 write it (data/paper/README.md, "Data"): blocks of rows = columns, and their placements;
 * its arrays of texts, categories, nullable numbers and times, and those of Arrow.
 *
 * @throws SyntaxError where the pickle holds something else, or its parts do not fit together
 */
export function frameOfPickle(pickled: unknown): PandasFrame {
  if (pickled instanceof PickledSeries) return frameOfSeries(pickled);
  if (!(pickled instanceof PickledDataFrame) || pickled.manager === null) {
    throw new SyntaxError(
      'Cannot read the pickle as it must hold a pandas data frame: it holds something else; make one of it in Python, by pd.DataFrame(data).to_parquet("table.parquet")',
    );
  }
  const { blocks, axes } = pickled.manager;
  const names = indexOf(axes[0], "its columns must have names").names();
  const rows = indexOf(axes[1], "its rows must have an index");
  const found = new Map<number, () => PandasColumn>();
  for (const { values, places } of blocks) {
    const { shape } = values;
    if (shape !== null && (shape.length !== 2 || shape[0] !== places.length || shape[1] !== rows.length)) {
      throw new SyntaxError(
        `Cannot read the pickle as each block must hold ${rows.length} rows: one is ${shape.join("×")}`,
      );
    }
    places.forEach((place, at) => {
      need(names[place], "a block's column has no name");
      found.set(place, () => values.column(at));
    });
  }
  const columns = names.map((name, place): Maker => [
    name,
    need(found.get(place), `column "${name.slice(0, 60)}" is in no block`),
  ]);
  return frameOf(rows, columns);
}

function frameOfSeries({ manager, name }: PickledSeries): PandasFrame {
  const rows = indexOf(manager?.index, "a series must have an index");
  const column = name instanceof PickledText ? plainText(name, "a series' name") : "values";
  return frameOf(rows, [[column, () => cellsOf(manager!.values)]]);
}

function frameOf(rows: PickledIndex, columns: readonly Maker[]): PandasFrame {
  const known = new Set<string>();
  for (const [name] of columns) {
    if (known.has(name)) {
      throw new SyntaxError(
        `Cannot read the pickle as each of its columns must have a name of its own: "${
          name.slice(0, 60)
        }" stands twice`,
      );
    }
    known.add(name);
  }
  const labels = rows.columns().filter(([name]) => !known.has(name));
  const nRows = rows.length;
  const checked = [...labels, ...columns].map(([name, make]): Maker => [name, () => needRows(make(), nRows, name)]);
  return { nRows, columns: new ColumnsOnDemand(checked) };
}

function needRows(column: PandasColumn, nRows: number, name: string): PandasColumn {
  if (column.length === nRows) return column;
  throw new SyntaxError(
    `Cannot read the pickle as each column must hold ${nRows} rows: "${name.slice(0, 60)}" has ${column.length}`,
  );
}

function indexOf(index: unknown, rule: string): PickledIndex {
  if (index instanceof PickledIndex) return index;
  throw new SyntaxError(`Cannot read the pickle as ${rule}: there are none`);
}

function need<T>(value: T | undefined, found: string): T {
  if (value === undefined) throw new SyntaxError(`Cannot read the pickle as its data frame must be whole: ${found}`);
  return value;
}
