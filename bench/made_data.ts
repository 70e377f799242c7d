import { join } from "node:path";
import type { Matrix } from "../lib/compute/matrix.ts";
import { type OutcomeTable, outcomeTable } from "../lib/outcomes/outcome_table.ts";
import { PAPER_MODEL_ROWS, PRICE_USD_PER_MILLION_TOKENS } from "../lib/outcomes/paper_table.ts";
import { type Random, seededRandom } from "../lib/base/random.ts";

/** The paper's sizes: test prompts, training prompts, models. */
export const N_TEST = 10_949;
export const N_TRAIN = 25_548;
export const N_MODELS = 11;

const N_TOPICS = 200;
const NOISE = 0.8;

/** Vectors that lie in topics, as those of texts do: `rows × cols`. */
export function madeVectors(rows: number, cols: number, seed: number): Matrix {
  const topics = normals(seededRandom(1, `topics of ${cols}`), N_TOPICS * cols);
  const random = seededRandom(seed, "vectors");
  const values = normals(random, rows * cols);
  for (let i = 0; i < rows; i++) {
    const topic = random.integer(N_TOPICS) * cols;
    for (let j = 0; j < cols; j++) values[i * cols + j] = topics[topic + j] + NOISE * values[i * cols + j];
  }
  return { rows, cols, values };
}

/** Outcomes of so many prompts: qualities 0 or 1, costs about the paper's list prices. */
export function madeOutcomes(nPrompts: number, seed: number): OutcomeTable {
  const models = PAPER_MODEL_ROWS.map(({ model }) => model);
  const m = models.length;
  const random = seededRandom(seed, "outcomes");
  const prices = models.map((model) => PRICE_USD_PER_MILLION_TOKENS[model].completion / 1e4);
  return outcomeTable({
    models,
    promptIds: Array.from({ length: nPrompts }, (_, i) => `${i}`),
    evalNames: Array(nPrompts).fill("made"),
    prompts: null,
    latencySeconds: null,
    quality: Float64Array.from({ length: nPrompts * m }, (_, at) => random.uniform() < 0.3 + 0.05 * (at % m) ? 1 : 0),
    costUsd: Float64Array.from({ length: nPrompts * m }, (_, at) => prices[at % m] * (0.5 + random.uniform())),
    source: { kind: "simulated", name: "made for the bench", sha256: "", notes: [] },
  });
}

/** Standard normal numbers, both halves of Box and Muller's pairs. */
function normals(random: Random, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let at = 0; at < count; at += 2) {
    const length = Math.sqrt(-2 * Math.log(1 - random.uniform()));
    const angle = 2 * Math.PI * random.uniform();
    values[at] = length * Math.cos(angle);
    if (at + 1 < count) values[at + 1] = length * Math.sin(angle);
  }
  return values;
}

/** Writes numbers as they lie in memory, for numpy.fromfile. */
export async function writeNumbers(
  folder: string,
  arrays: Readonly<Record<string, Float32Array | Float64Array>>,
): Promise<void> {
  for (const [name, { buffer, byteOffset, byteLength }] of Object.entries(arrays)) {
    await Deno.writeFile(join(folder, name), new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
  }
}

/** Throws where two programs' numbers differ by more than `tolerance`, relative to the larger of 1 and ours. */
export function checkEqual(
  what: string,
  [ours, theirs]: readonly [ArrayLike<number>, ArrayLike<number>],
  tolerance: number,
): void {
  if (ours.length !== theirs.length) {
    throw new Error(
      `Cannot compare ${what} as both programs must find as many numbers: they are ${ours.length} and ${theirs.length}`,
    );
  }
  for (let i = 0; i < ours.length; i++) {
    if (Math.abs(ours[i] - theirs[i]) <= tolerance * Math.max(1, Math.abs(ours[i]))) continue;
    throw new Error(
      `Cannot time ${what} as both programs must find the same, to ${tolerance}: number ${i} is ${ours[i]} here and ${
        theirs[i]
      } there`,
    );
  }
}

/** The sum of each column of a row-major matrix. */
export function columnSums(values: Float64Array, nColumns: number): number[] {
  const sums = new Array<number>(nColumns).fill(0);
  for (let at = 0; at < values.length; at++) sums[at % nColumns] += values[at];
  return sums;
}
