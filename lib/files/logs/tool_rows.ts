import { helmRows } from "./_helm.ts";
import { inspectRows } from "./_inspect.ts";
import { otelRows } from "./_otel.ts";
import { promptfooRows } from "./_promptfoo.ts";
import { isRow, type Row } from "./_row.ts";

export { inspectRow } from "./_inspect.ts";
export type { Row } from "./_row.ts";

/**
 * The rows that an object of an evaluation tool holds where it is no row itself: a whole log, or a record with arrays of what counts. Their columns
 * have the tool's name before a dot, by which its format knows them again.
 *
 * @param item a JSON file that is one object, a line of JSON Lines, or an item of a JSON array
 * @returns `null` where the object is of no known tool
 */
export function rowsOfTool(item: unknown): readonly Row[] | null {
  if (!isRow(item)) return null;
  return inspectRows(item) ?? promptfooRows(item) ?? helmRows(item) ?? otelRows(item);
}
