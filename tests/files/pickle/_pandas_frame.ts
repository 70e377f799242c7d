import type { ByteSource } from "../../../lib/files/byte_source.ts";
import { frameOfPickle, type PandasFrame } from "../../../lib/files/pickle/pandas_frame.ts";
import { pandasGlobals } from "../../../lib/files/pickle/pandas_globals.ts";
import { readPickle } from "../../../lib/files/pickle/pickle_reader.ts";

/** Reads a pickled `pandas.DataFrame` alone, without what makes a table of outcomes of it. */
export function readPandasFrame(pickle: Uint8Array | ByteSource): PandasFrame {
  return frameOfPickle(readPickle(pickle, pandasGlobals));
}
