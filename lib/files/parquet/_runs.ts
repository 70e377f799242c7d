/** Wider numbers would stand for dictionaries of more than 16 million entries. */
const MOST_BITS = 24;

/**
 * Fills `output` with the numbers that Parquet packs as runs of equal ones and as groups of eight of a few bits each.
 *
 * hyparquet does not read this encoding here, as it would write out a run of any length that a hostile file claims.
 *
 * **Source**: Parquet's "RLE / bit-packing hybrid".
 *
 * @throws SyntaxError where the bytes end too soon
 */
export function readRuns(bytes: Uint8Array, bitWidth: number, output: Uint8Array | Int32Array): void {
  if (bitWidth > MOST_BITS) {
    throw new SyntaxError(`packed numbers must have at most ${MOST_BITS} bits: they have ${bitWidth}`);
  }
  const n = output.length;
  const nValueBytes = (bitWidth + 7) >> 3;
  const mask = 2 ** bitWidth - 1;
  let at = 0;
  let filled = 0;
  while (filled < n) {
    let header = 0;
    let shift = 0;
    let byte = 0x80;
    for (; byte >= 0x80; shift += 7) {
      if (at >= bytes.length || shift > 28) throw tooShort();
      byte = bytes[at++];
      header += (byte & 0x7f) * 2 ** shift;
    }
    if (header % 2 === 0) {
      if (at + nValueBytes > bytes.length) throw tooShort();
      let value = 0;
      for (let i = 0; i < nValueBytes; i++) value |= bytes[at++] << (8 * i);
      const end = Math.min(n, filled + header / 2);
      output.fill(value, filled, end);
      filled = end;
    } else {
      const nGroups = (header - 1) / 2;
      const end = Math.min(n, filled + 8 * nGroups);
      if (at + Math.ceil((end - filled) * bitWidth / 8) > bytes.length) throw tooShort();
      let bits = 0;
      let nBits = 0;
      let from = at;
      for (; filled < end; filled++) {
        for (; nBits < bitWidth; nBits += 8) bits |= bytes[from++] << nBits;
        output[filled] = bits & mask;
        bits >>>= bitWidth;
        nBits -= bitWidth;
      }
      at += nGroups * bitWidth;
    }
  }
}

function tooShort(): SyntaxError {
  return new SyntaxError("packed numbers must be whole: they end too soon");
}
