import { type ColumnMetaData, type FileMetaData, parquetSchema, type SchemaElement, type SchemaTree } from "hyparquet";

/** A column of cells in a Parquet file. */
export interface ParquetLeaf {
  /** Its name; a field of a struct has the struct's before it: `usage.prompt_tokens`. */
  readonly name: string;
  readonly element: SchemaElement;
  /** Definition level of a cell that is there; lower ones are missing. 0 where none can be missing. */
  readonly level: number;
  /** Where it lies in lists: a row has no single cell there. `null` where it does not. */
  readonly list: ListPlace | null;
  /** The places of its pieces, one for each group of rows. */
  readonly chunks: readonly ParquetChunk[];
}

/** Where the values of a list stand. */
export interface ListPlace {
  /** How many lists lie in one another. */
  readonly depth: number;
  /** Definition level of an item that is there. */
  readonly level: number;
  /** The field of an item that has several; empty where the items are the values themselves. */
  readonly field: string;
}

/** A column's cells in one group of rows. */
export interface ParquetChunk {
  readonly meta: ColumnMetaData;
  readonly nRows: number;
}

/**
 * The columns of a Parquet file, structs taken apart into their fields.
 *
 * @throws SyntaxError where the file's description contradicts itself
 */
export function leavesOf(metadata: FileMetaData): { readonly leaves: readonly ParquetLeaf[]; readonly nRows: number } {
  const found: Omit<ParquetLeaf, "chunks">[] = [];
  const walk = (node: SchemaTree, path: readonly string[], level: number, list: OpenList | null): void => {
    const { repetition_type: repetition, name } = node.element;
    const here = [...path, name];
    const below = level + (repetition === "REQUIRED" ? 0 : 1);
    const inside = repetition === "REPEATED" ? listAt(node, { path, level: below, outer: list }) : list;
    for (const child of node.children) walk(child, here, below, inside);
    if (node.children.length > 0) return;
    const place = inside && { depth: inside.depth, level: inside.level, field: here.slice(inside.nBefore).join(".") };
    found.push({ name: inside?.name ?? here.join("."), element: node.element, level: below, list: place });
  };
  for (const child of parquetSchema(metadata).children) walk(child, [], 0, null);
  const seen = new Set<string>();
  for (const { name } of found.filter(({ list }) => list === null)) {
    if (seen.has(name)) throw new SyntaxError(`each column must be named once: "${name}" stands twice`);
    seen.add(name);
  }
  const groups = metadata.row_groups.map(({ columns, num_rows }) => {
    if (columns.length !== found.length) {
      throw new SyntaxError(`each group must have ${found.length} columns: one has ${columns.length}`);
    }
    return { columns, nRows: Number(num_rows) };
  });
  const nRows = groups.reduce((sum, group) => sum + group.nRows, 0);
  if (nRows !== Number(metadata.num_rows) || groups.some((group) => !(group.nRows >= 0))) {
    throw new SyntaxError(`its groups must have its ${metadata.num_rows} rows: they have ${nRows}`);
  }
  const leaves = found.map((leaf, at): ParquetLeaf => ({
    ...leaf,
    chunks: groups.map(({ columns, nRows }) => {
      const { meta_data: meta, file_path: elsewhere } = columns[at];
      if (meta === undefined || elsewhere) {
        throw new SyntaxError(`the cells of "${leaf.name}" must be in the file: they are elsewhere`);
      }
      if (leaf.list === null && meta.path_in_schema.join(".") !== leaf.name) {
        throw new SyntaxError(`columns must stand in one order: "${leaf.name}" does not`);
      }
      return { meta, nRows };
    }),
  }));
  return { leaves, nRows };
}

/** A list that is walked through: its name, and how many names lie before those of its items' fields. */
interface OpenList {
  readonly name: string;
  readonly depth: number;
  readonly level: number;
  readonly nBefore: number;
}

/**
 * The list that a repeated node makes. **Source**: Parquet's "LogicalTypes", Lists: a group of its name with a repeated group in it, whose one child is
 * the item; older writers repeat the item itself.
 */
function listAt(
  node: SchemaTree,
  { path, level, outer }: { readonly path: readonly string[]; readonly level: number; readonly outer: OpenList | null },
): OpenList {
  const { name } = node.element;
  const isWrapped = node.children.length === 1 && name !== "array" && !name.endsWith("_tuple");
  return {
    name: outer?.name ?? (path.length > 0 ? path : [name]).join("."),
    depth: 1 + (outer?.depth ?? 0),
    level,
    nBefore: path.length + (isWrapped ? 2 : 1),
  };
}
