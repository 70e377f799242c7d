import type { FileFormat } from "./frame.ts";
import { isZip } from "./zip_entries.ts";

/** What is in a file by its first bytes: a table, or a zip file that may be a log. */
export function contentsOf(start: Uint8Array, path: string): FileFormat | "zip" {
  return isZip(start) ? "zip" : formatOf(start, path);
}

/** The format by the first bytes that are no white space. */
function formatOf(bytes: Uint8Array, name: string): FileFormat {
  if (bytes[0] === 0x80) return "pickle";
  if (beginsWith(bytes, "PAR1")) return "parquet";
  const foreign = FOREIGN.find(({ begins }) => begins.some((begin) => beginsWith(bytes, begin)));
  if (foreign !== undefined) throw unknown(name, `it is ${foreign.what}`, { remedy: foreign.remedy });
  if (beginsWith(bytes.subarray(TAR_PLACE), "ustar")) throw unknown(name, "it is a tar archive", { remedy: UNPACK });
  if (bytes.length === 0) throw unknown(name, "it is empty");
  const start = beginsWith(bytes, "\xef\xbb\xbf") ? 3 : 0;
  const first = bytes.subarray(start, start + 4096).find((byte) => byte > 0x20);
  if (bytes.subarray(0, 16).includes(0)) {
    throw unknown(name, "it is not text, or UTF-16 without a mark", { remedy: "save it as UTF-8, or as one of them" });
  }
  return first === 0x7b ? "jsonl" : first === 0x5b ? "json" : "csv";
}

const TAR_PLACE = 257;
const UNPACK = "unpack it first";
const BY_PANDAS = "read it by pandas and save it by to_parquet()";

/** Formats that are recognised only to name them in errors, by their first bytes as Latin-1. */
const FOREIGN: readonly { readonly what: string; readonly begins: readonly string[]; readonly remedy: string }[] = [
  { what: "an SQLite database", begins: ["SQLite format"], remedy: "save the rows of its table as CSV" },
  { what: "a numpy array", begins: ["\x93NUM"], remedy: BY_PANDAS },
  { what: "an Arrow or Feather file", begins: ["ARROW1", "\xff\xff\xff\xff", "FEA1"], remedy: BY_PANDAS },
  { what: "an ORC file", begins: ["ORC"], remedy: BY_PANDAS },
  { what: "an HDF5 file", begins: ["\x89HDF"], remedy: BY_PANDAS },
  { what: "an Avro file", begins: ["Obj\x01"], remedy: BY_PANDAS },
  { what: "an Excel workbook", begins: ["\xd0\xcf\x11\xe0"], remedy: "save its sheet as CSV" },
  { what: "a PDF file", begins: ["%PDF"], remedy: "save its table as CSV" },
  {
    what: "a pickle of protocol 0",
    begins: ["ccopy_reg\n", "ccopyreg\n", "cpandas.", "(lp", "(dp"],
    remedy: "save it by a newer protocol, as df.to_pickle() does",
  },
  { what: "packed by lzma", begins: ["\x5d\x00\x00"], remedy: UNPACK },
  { what: "a 7z or RAR archive", begins: ["7z\xbc\xaf", "Rar!"], remedy: UNPACK },
  { what: "an empty zip file", begins: ["PK\x05\x06"], remedy: "fetch it again" },
  { what: "a web page", begins: ["<!", "<html", "<HTML"], remedy: "fetch the file itself" },
  { what: "XML", begins: ["<?xml"], remedy: "save its table as CSV" },
  {
    what: "only the pointer of Git LFS to a file",
    begins: ["version https://git-lfs"],
    remedy: "fetch the file by git lfs pull",
  },
];

function beginsWith(bytes: Uint8Array, latin1: string): boolean {
  for (let at = 0; at < latin1.length; at++) if (bytes[at] !== latin1.charCodeAt(at)) return false;
  return true;
}

/** The error of a file that is no table. */
export function unknown(
  name: string,
  found: string,
  { remedy = "save it as one of them", cause }: { readonly remedy?: string; readonly cause?: unknown } = {},
): SyntaxError {
  return new SyntaxError(
    `Cannot load "${name}" as it must be a pickle of a pandas data frame, Parquet, CSV, JSON Lines or JSON: ${found}${
      remedy === "" ? "" : `; ${remedy}`
    }`,
    { cause },
  );
}
