/** pandas' cells that are missing. */
export const MISSING: ReadonlySet<string> = new Set([
  "pandas.NA",
  "pandas._libs.missing.NA",
  "pandas.NaT",
  "pandas._libs.tslibs.nattype.NaT",
]);
/** Names of types of columns, indexes and cells: pandas and pyarrow have more than are read here. */
const TYPE = /(Array|Index|Dtype|Type|Interval|Period|Offset|Timestamp|Timedelta|Scalar|Block|Manager|_unpickle\w*)$/;
const PACKAGES: ReadonlySet<string> = new Set(["pandas", "pyarrow", "geopandas", "pint_pandas", "polars"]);

/** The error of a name that is not on the list of what is made: of pandas' own types with what helps, of others with a warning. */
export function notNeeded(module: string, name: string): SyntaxError {
  const names =
    `Cannot read the pickle as it may name only what a table of outcomes needs: it names "${module}.${name}"`;
  if (PACKAGES.has(module.split(".")[0]) && TYPE.test(name)) {
    return new SyntaxError(
      `${names}, a type that is not read here; save the table by df.to_parquet("table.parquet"), or turn that column or index into text, by astype(str) or reset_index()`,
    );
  }
  return new SyntaxError(`${names}; nothing was executed, do not trust the file`);
}
