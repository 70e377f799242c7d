import { readJsonRows } from "./json_frame.ts";
import type { Frame } from "./frame.ts";
import { parseJson } from "./_json_values.ts";
import { inspectRow, type Row } from "./logs/tool_rows.ts";
import { isZip, zipEntries, type ZipEntry } from "./zip_entries.ts";

/** One sample of one epoch: `samples/ID_epoch_1.json`. */
const SAMPLE = /^samples\/.*\.json$/;
/** The log without its samples: the first is written when a run ends, the other when it begins. */
const HEADERS: readonly string[] = ["header.json", "_journal/start.json"];

/**
 * The samples of a log that Inspect wrote as `.eval`: a zip file of `header.json` and a file for each sample, which are unpacked one at a time.
 *
 * @param path the file's name says what it is meant to be, should it be no whole zip file
 * @param mostBytes the longest unpacked sample
 * @returns `null` where the file is no zip file, or one of something else
 * @throws SyntaxError where a part is not JSON, or too long
 */
export function inspectArchiveFrame(bytes: Uint8Array, path: string, mostBytes: number): Frame | null {
  if (!isZip(bytes)) return null;
  const entries = entriesOf(bytes, path);
  const header = HEADERS.map((name) => entries.find((entry) => entry.name === name)).find((entry) => entry);
  if (header === undefined) return null;
  const spec = (jsonOf(header, mostBytes) as Row).eval as Row | undefined;
  if (typeof spec?.model !== "string") return null;
  return readJsonRows(samplesOf(entries, spec, mostBytes));
}

/** The parts of a zip file; none where it is cut and nothing says that it was a log. */
function entriesOf(bytes: Uint8Array, path: string): readonly ZipEntry[] {
  try {
    return zipEntries(bytes);
  } catch (cause) {
    if (path.endsWith(".eval")) throw cause;
    return [];
  }
}

function* samplesOf(entries: readonly ZipEntry[], spec: Row, mostBytes: number): Generator<Row> {
  for (const entry of entries) if (SAMPLE.test(entry.name)) yield inspectRow(spec, jsonOf(entry, mostBytes) as Row);
}

function jsonOf(entry: ZipEntry, mostBytes: number): unknown {
  if (entry.size > mostBytes) {
    throw new SyntaxError(
      `Cannot read the log as each of its samples must be at most ${mostBytes} bytes: "${entry.name}" has ${entry.size}; take it out of the log`,
    );
  }
  const text = new TextDecoder().decode(entry.bytes());
  try {
    return parseJson(text);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read the log as each of its parts must be JSON: "${entry.name}" is not (${(cause as Error).message})`,
      { cause },
    );
  }
}
