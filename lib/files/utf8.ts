/** V8 holds no longer text. */
export const MOST_TEXT_BYTES: number = 2 ** 29 - 24;

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Bytes as a text.
 *
 * @throws SyntaxError where they are too many, or not UTF-8
 */
export function utf8(bytes: Uint8Array): string {
  if (bytes.length > MOST_TEXT_BYTES) {
    throw new SyntaxError(
      `Cannot read the text as it must be at most ${MOST_TEXT_BYTES} bytes long in one piece: it has ${bytes.length}; save the file as JSON Lines, CSV or Parquet`,
    );
  }
  try {
    return DECODER.decode(bytes);
  } catch (cause) {
    throw notUtf8("it has other bytes", cause);
  }
}

/** The error of a text in another encoding. */
export function notUtf8(found: string, cause: unknown): SyntaxError {
  return new SyntaxError(`Cannot read the text as it must be UTF-8: ${found}; save the file as UTF-8`, { cause });
}
