/** Word pieces that an encoder reads, by its name: the lexical one reads all. `null` where the name does not say. */
export function wordPiecesRead(encoderName: string): number | null {
  if (encoderName.startsWith("lexical")) return Number.MAX_SAFE_INTEGER;
  const pieces = encoderName.match(/(\d+) word pieces/);
  return pieces === null ? null : Number(pieces[1]);
}
