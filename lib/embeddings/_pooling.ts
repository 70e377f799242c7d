/**
 * Returns the mean over the word pieces, scaled to Euclidean length one: the pooling of the sentence-transformers encoders.
 *
 * @param hidden the network's last layer for one text, row-major `[nTokens · nDims]`
 */
export function meanUnitVector(hidden: Float32Array, nDims: number): Float32Array {
  const sum = new Float64Array(nDims);
  for (let at = 0; at < hidden.length; at += nDims) {
    for (let d = 0; d < nDims; d++) sum[d] += hidden[at + d];
  }
  let squares = 0;
  for (let d = 0; d < nDims; d++) squares += sum[d] * sum[d];
  const norm = Math.sqrt(squares);
  const vector = new Float32Array(nDims);
  for (let d = 0; d < nDims; d++) vector[d] = sum[d] / norm;
  return vector;
}
