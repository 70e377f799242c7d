/** An object of JSON, or a row made of one: columns by name. */
export type Row = Readonly<Record<string, unknown>>;

/** True for an object that is neither `null` nor an array. */
export function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object in a field, an empty one where there is none. */
export function rowIn(row: Row, name: string): Row {
  const value = row[name];
  return isRow(value) ? value : {};
}

/** The objects of the array in a field, none where there is no array. */
export function rowsIn(row: Row, name: string): readonly Row[] {
  const value = row[name];
  return Array.isArray(value) ? value.filter(isRow) : [];
}

/** A row's fields that are texts, numbers or truths, each under `PREFIX.NAME`: columns that a user may name. */
export function plainFields(row: Row, prefix: string): Row {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      ["string", "number", "boolean"].includes(typeof value) ? [[`${prefix}.${name}`, value]] : []
    ),
  );
}
