import type { DecodedArray, SchemaElement } from "hyparquet";
import { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { readDataPage } from "hyparquet/src/datapage.js";
import { deltaBinaryUnpack } from "hyparquet/src/delta.js";
import type { ParquetPage } from "./_pages.ts";
import { readRuns } from "./_runs.ts";

/** Limit for texts that are written as the part shared with the previous one and the rest, which may unpack to the square of their page. */
const MOST_SHARED_BYTES = 2 ** 28;

/** A page's values as hyparquet decodes them; it has levels no more, so its column counts as one that must be there. */
export function decoded({ bytes, nValues, encoding }: ParquetPage, element: SchemaElement): DecodedArray {
  if (element.type === "BOOLEAN" && encoding === "RLE") {
    const truths = new Uint8Array(nValues);
    readRuns(bytes.subarray(4), 1, truths);
    return Array.from(truths, (truth) => truth === 1);
  }
  if (encoding === "DELTA_BYTE_ARRAY") needRoomForShared(bytes, nValues);
  const header = {
    num_values: nValues,
    encoding,
    definition_level_encoding: "RLE",
    repetition_level_encoding: "RLE",
  } as const;
  const column = {
    type: element.type!,
    element,
    schemaPath: [],
    pathInSchema: [],
    codec: "UNCOMPRESSED" as const,
    parsers: DEFAULT_PARSERS,
  };
  return readDataPage(bytes, header, column).dataPage;
}

function needRoomForShared(bytes: Uint8Array, nValues: number): void {
  const shared = new Int32Array(nValues);
  deltaBinaryUnpack({ view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 }, nValues, shared);
  const nShared = shared.reduce((sum, length) => sum + length, 0);
  if (!(nShared <= MOST_SHARED_BYTES)) {
    throw new SyntaxError(`texts of a page must share at most ${MOST_SHARED_BYTES} bytes: they share ${nShared}`);
  }
}

/** The values with the meaning that the schema gives them. */
export function converted(page: ParquetPage, element: SchemaElement): DecodedArray {
  return convert(decoded(page, element), {
    ...{
      type: element.type!,
      element,
      schemaPath: [],
      pathInSchema: [],
      codec: "UNCOMPRESSED",
      parsers: DEFAULT_PARSERS,
    },
  });
}
