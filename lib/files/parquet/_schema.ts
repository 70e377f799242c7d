import { type ColumnMetaData, type FileMetaData, parquetSchema, type SchemaElement, type SchemaTree } from "hyparquet";

/** A column of cells in a Parquet file. */
export interface ParquetLeaf {
  /** Its name; a field of a struct has the struct's before it: `usage.prompt_tokens`. */
  readonly name: string;
  readonly element: SchemaElement;
  /** Definition level of a cell that is there; lower ones are missing. 0 where none can be missing. */
  readonly level: number;
  /** True for lists, maps and what lies in them: a row has no single cell there. */
  readonly isNested: boolean;
  /** The places of its pieces, one for each group of rows. */
  readonly chunks: readonly ParquetChunk[];
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
  const walk = (node: SchemaTree, path: readonly string[], level: number, nestedIn: string | null): void => {
    const { repetition_type: repetition, name } = node.element;
    const here = [...path, name];
    // A list is a group of its name with a repeated group in it; older writers repeat the column itself.
    const nested = nestedIn ?? (repetition === "REPEATED" ? (path.length > 0 ? path : here).join(".") : null);
    const below = level + (repetition === "REQUIRED" ? 0 : 1);
    if (node.children.length > 0) { for (const child of node.children) walk(child, here, below, nested); }
    else found.push({ name: nested ?? here.join("."), element: node.element, level: below, isNested: nested !== null });
  };
  for (const child of parquetSchema(metadata).children) walk(child, [], 0, null);
  const seen = new Set<string>();
  for (const { name } of found.filter(({ isNested }) => !isNested)) {
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
      if (!leaf.isNested && meta.path_in_schema.join(".") !== leaf.name) {
        throw new SyntaxError(`columns must stand in one order: "${leaf.name}" does not`);
      }
      return { meta, nRows };
    }),
  }));
  return { leaves, nRows };
}
