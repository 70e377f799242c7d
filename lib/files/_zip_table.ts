import { listed } from "../base/words.ts";
import { unknown } from "./_formats.ts";
import { zipEntries, type ZipEntry } from "./zip_entries.ts";

/** What macOS and others put beside the files. */
const BESIDE = /(^|\/)(__MACOSX\/|\.)|\/$/;
const TABLE = /\.(csv|tsv|txt|jsonl?|ndjson|parquet|pkl|pickle|eval)(\.(gz|bz2|xz|zst))?$/i;
/** A sheet of a workbook of Excel or LibreOffice. */
const WORKBOOK = /^(xl\/|\[Content_Types\]\.xml$|content\.xml$)/;

/**
 * The bytes of the only table in a zip file.
 *
 * @throws SyntaxError where it has none, several, or is a workbook; or where the table is longer than `most`
 */
export function tableInZip(bytes: Uint8Array, path: string, most: number): Uint8Array {
  const entries = zipEntries(bytes).filter(({ name }) => !BESIDE.test(name));
  if (entries.some(({ name }) => WORKBOOK.test(name))) {
    throw unknown(path, "it is an Excel workbook or another office file", { remedy: "save its sheet as CSV" });
  }
  const tables = entries.filter(({ name }) => TABLE.test(name));
  if (tables.length !== 1) throw unknown(path, foundIn(entries, tables), { remedy: REMEDY });
  const [table] = tables;
  if (table.size > most) {
    throw unknown(path, `"${table.name}" in the zip file has ${table.size} bytes, more than ${most}`, {
      remedy: REMEDY,
    });
  }
  return table.bytes();
}

const REMEDY = "unpack it into a folder, which is read as one table, or name one of its files";

function foundIn(entries: readonly ZipEntry[], tables: readonly ZipEntry[]): string {
  const names = (tables.length > 0 ? tables : entries).map(({ name }) => name);
  return `it is a zip file of ${tables.length > 0 ? `${tables.length} tables, ` : "no table but "}${listed(names, 3)}`;
}
