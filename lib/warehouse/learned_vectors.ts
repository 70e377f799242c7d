import type { RidgeCoefficients } from "../compute/ridge.ts";
import { RidgeSums, type SummedRidge } from "../compute/ridge_sums.ts";
import { type PromptPart, promptRows } from "./_prompt_query.ts";
import type { Levels, PromptPredictor } from "./_prompt_settings.ts";
import type { Warehouse } from "./open_warehouse.ts";
import { inner, numberList, numberText, select, textList } from "./sql.ts";

/** What was learned from the vectors of some prompts. */
export interface LearnedVectors {
  /** Sums, of which the columns of y are the qualities of the models, then the indicators of the evaluations. */
  readonly sums: RidgeSums;
  /** Number of models. */
  readonly nModels: number;
  /** Number of evaluations; 0 where there are none to tell apart. */
  readonly nEvaluations: number;
}

const DOING = "learn from vectors";
/** Rows that are added to the sums at a time. */
const ROWS_AT_A_TIME = 4096;

/** The query for the numbers of prompts, and the least and greatest length of their vectors. */
export function vectorLengthsQuery(warehouse: Warehouse, part: PromptPart): string {
  const columns = { n: "count()", least: "min(length(v))", most: "max(length(v))" };
  return select({ columns, from: inner(promptRows(warehouse, part)) });
}

/** The query for each prompt's vector, qualities, and the place of its evaluation, 0 for none. */
export function vectorsQuery(warehouse: Warehouse, part: PromptPart, evaluations: readonly string[]): string {
  const place = evaluations.length === 0 ? "0.0" : `toFloat64(indexOf(${textList(evaluations)}, e))`;
  return select({ columns: { v: "v", q: "q", place }, from: inner(promptRows(warehouse, part)) });
}

/**
 * Reads the vectors of a part in one stream, and keeps sums of their products: a server of 2018 takes some hundred
 * times longer for the products themselves, so here, and only for what is learned from, rows leave the server.
 *
 * @param evaluations the evaluations that are told apart
 * @throws RangeError where vectors are not of one length, or not finite; WarehouseError where the server does not
 * answer, refuses or breaks off
 */
export async function learnVectors(
  warehouse: Warehouse,
  part: PromptPart,
  evaluations: readonly string[],
): Promise<LearnedVectors> {
  const { connection, columns, models } = warehouse;
  const [[n, least, most]] = (await connection.rows(vectorLengthsQuery(warehouse, part), DOING, { byPrompt: true }))
    .map((row) => row.map(Number));
  if (least === 0 || least !== most) {
    throw new RangeError(
      `Cannot ${DOING} as every prompt must have one of the same length: in "${
        columns.vector!.name
      }" lengths go from ${least} to ${most}`,
    );
  }
  const learned = { sums: new RidgeSums(), nModels: models.length, nEvaluations: evaluations.length };
  const reader = new RowReader(most, learned, columns.vector!.type.includes("64") ? 8 : 4);
  await connection.stream(vectorsQuery(warehouse, part, evaluations), DOING, (bytes) => reader.read(bytes));
  await reader.end();
  if (learned.sums.nRows !== n) {
    throw new RangeError(
      `Cannot ${DOING} as the server must send all of them: it sent ${learned.sums.nRows} of ${n}; repeat the command`,
    );
  }
  return learned;
}

/** Adds rows to sums as their bytes come: a vector, the qualities, the place of the evaluation. */
class RowReader {
  #rest = new Uint8Array(0);
  #nInBlock = 0;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #rowBytes: number;
  readonly #heads: readonly [vector: readonly number[], qualities: readonly number[]];

  constructor(readonly nDims: number, readonly learned: LearnedVectors, readonly width: 4 | 8) {
    const { nModels } = learned;
    this.#heads = [lengthBytes(nDims), lengthBytes(nModels)];
    this.#rowBytes = this.#heads[0].length + nDims * width + this.#heads[1].length + 8 * nModels + 8;
    this.#x = new Float64Array(ROWS_AT_A_TIME * nDims);
    this.#y = new Float64Array(ROWS_AT_A_TIME * this.#nTargets);
  }

  get #nTargets(): number {
    return this.learned.nModels + this.learned.nEvaluations;
  }

  async read(bytes: Uint8Array): Promise<void> {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    const view = new DataView(all.buffer);
    let at = 0;
    for (; at + this.#rowBytes <= all.length; at += this.#rowBytes) {
      this.#addRow(view, at);
      if (this.#nInBlock === ROWS_AT_A_TIME) await this.#addBlock();
    }
    this.#rest = all.slice(at);
  }

  async end(): Promise<void> {
    if (this.#rest.length > 0) throw brokenOff(this.#rest);
    if (this.#nInBlock > 0) await this.#addBlock();
  }

  #addRow(view: DataView, start: number): void {
    const { nModels } = this.learned;
    let at = start;
    const skip = (head: readonly number[]): void => {
      for (const byte of head) if (view.getUint8(at++) !== byte) throw brokenOff(new Uint8Array(view.buffer, start));
    };
    skip(this.#heads[0]);
    const x = this.#nInBlock * this.nDims;
    for (let k = 0; k < this.nDims; k++, at += this.width) {
      this.#x[x + k] = this.width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
    }
    skip(this.#heads[1]);
    const y = this.#nInBlock * this.#nTargets;
    for (let j = 0; j < nModels; j++, at += 8) this.#y[y + j] = view.getFloat64(at, true);
    this.#y.fill(0, y + nModels, y + this.#nTargets);
    const place = view.getFloat64(at, true);
    if (place > 0) this.#y[y + nModels + place - 1] = 1;
    this.#nInBlock++;
  }

  async #addBlock(): Promise<void> {
    const rows = this.#nInBlock;
    const x = { rows, cols: this.nDims, values: this.#x.subarray(0, rows * this.nDims) };
    const y = { rows, cols: this.#nTargets, values: this.#y.subarray(0, rows * this.#nTargets) };
    if (!x.values.every(Number.isFinite)) {
      throw new RangeError(`Cannot ${DOING} as their numbers must be finite: one is not; encode its prompt anew`);
    }
    await this.learned.sums.add(x, y);
    this.#nInBlock = 0;
  }
}

/** A server that breaks off writes why. */
function brokenOff(bytes: Uint8Array): RangeError {
  const said = new TextDecoder().decode(bytes).match(/Code: \d+[\s\S]{0,300}/)?.[0] ??
    "the rows end in the middle of one";
  return new RangeError(`Cannot ${DOING} as the server must send all of them: ${said}; repeat the command`);
}

/** A length as RowBinary writes it: seven bits a byte, the lowest first. */
function lengthBytes(length: number): number[] {
  return length < 128 ? [length] : [128 + length % 128, ...lengthBytes(Math.floor(length / 128))];
}

/** The ridge regression of each model's quality. */
export function fitQualities({ sums, nModels }: LearnedVectors, alphas: readonly number[]): SummedRidge {
  return sums.fit(alphas, [0, nModels]);
}

/** The ridge regression of the evaluations' indicators. */
export function fitEvaluations(
  { sums, nModels, nEvaluations }: LearnedVectors,
  alphas: readonly number[],
): SummedRidge {
  return sums.fit(alphas, [nModels, nModels + nEvaluations]);
}

/** The predictions of a ridge regression for a prompt's vector, as SQL: an array. */
function predictedList({ means, intercept, weights }: RidgeCoefficients): string {
  const t = intercept.length;
  const predicted = Array.from(intercept, (value, j) => {
    const own = weights.filter((_, at) => at % t === j);
    const atZero = value - means.reduce((sum, mean, k) => sum + mean * own[k], 0);
    return `${numberText(atZero)} + arraySum((coordinate, weight) -> coordinate * weight, v, ${numberList(own)})`;
  });
  return `[${predicted.join(", ")}]`;
}

/** A linear router: predicted qualities, and one cost a model. */
export function linearPredictor(qualities: RidgeCoefficients, costUsd: readonly number[]): PromptPredictor {
  return { quality: predictedList(qualities), costUsd };
}

/**
 * A group router: the evaluation with the greatest prediction, and what is known of it.
 *
 * @param byPlace of the place of an evaluation, an SQL expression from 1 on: the predictions
 */
export function groupPredictor(
  evaluations: RidgeCoefficients,
  byPlace: (place: string) => PromptPredictor,
): PromptPredictor {
  const levels: Levels = [{ told: predictedList(evaluations) }, { place: "indexOf(told, arrayReduce('max', told))" }];
  return { levels, ...byPlace("place") };
}
