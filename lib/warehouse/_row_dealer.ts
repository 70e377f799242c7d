import type { AuditFinding } from "../audit/finding.ts";
import { numberOfCell } from "../files/frame.ts";
import type { OutcomeBlock } from "../files/outcome_blocks.ts";
import {
  groupedRows,
  MOST_STREAMED_EVALUATIONS,
  MOST_STREAMED_MODELS,
  N_WORDS,
  nNumbersOf,
  partsOfWord,
  type RowLayout,
  wordOf,
} from "./_bucket_prompts.ts";
import { CellSums, ModelSums } from "./_outcome_sums.ts";
import { promptHasher } from "./_prompt_hash.ts";
import { N_PLACES } from "./_prompt_query.ts";
import { ScratchRows } from "./_scratch_rows.ts";
import { findingsOfCells } from "./warehouse_findings.ts";
import { MOST_GRADES, type WarehouseAudit } from "./warehouse_audit.ts";

/** The name of evaluations in tables without one, as in memory. */
const ONE_EVALUATION = "all";

/** Names, numbered as they come. */
class Numbered {
  readonly names: string[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(private readonly most: number, private readonly what: string) {}

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    if (this.names.length === this.most) {
      throw new RangeError(`a table must have at most ${this.most} ${this.what}: it has more; name another column`);
    }
    this.#numbers.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}

/** Deals the rows of blocks to buckets, and counts. */
export class RowDealer {
  readonly rows: ScratchRows;
  readonly layout: RowLayout;
  readonly #models = new Numbered(MOST_STREAMED_MODELS, "models");
  readonly #evaluations = new Numbered(MOST_STREAMED_EVALUATIONS, "evaluations");
  readonly #hash: ReturnType<typeof promptHasher>;
  readonly #predicted: { readonly quality?: string; readonly costUsd?: string };
  readonly #evalNames: readonly string[] | null;
  readonly #sums: ModelSums[] = [];
  readonly #nRowsOf: number[] = [];
  readonly #grades = new Set<number>();
  readonly #cells = new Map<number, CellSums>();

  /** Makes the buckets. */
  constructor(
    folder: string,
    nBuckets: number,
    { predicted, seed, evalNames }: {
      readonly predicted: { readonly quality?: string; readonly costUsd?: string };
      readonly seed: number;
      readonly evalNames: readonly string[] | null;
    },
  ) {
    this.#predicted = predicted;
    this.#hash = promptHasher(seed);
    this.#evalNames = evalNames;
    this.layout = {
      models: this.#models.names,
      evalNames: this.#evaluations.names,
      predicted: { quality: predicted.quality !== undefined, costUsd: predicted.costUsd !== undefined },
    };
    this.rows = ScratchRows.open(folder, { nBuckets, nNumbers: nNumbersOf(this.layout), nWords: N_WORDS });
  }

  /** Deals the rows of a block. */
  take(block: OutcomeBlock): void {
    const { nRows, prompts } = block;
    const models = block.models.map((model) => this.#models.numberOf(model));
    const nBuckets = this.rows.nBuckets;
    const evaluationOf = this.#evaluationsOf(block);
    const predicted = [this.#predicted.quality, this.#predicted.costUsd].flatMap((name) =>
      name === undefined ? [] : [predictions(block, name)]
    );
    const sums = models.map(() => new ModelSums());
    // Rows of one prompt often follow one another, so its hash is kept.
    let key = -1, ofEvaluation = -1;
    let hash = { place: 0, group: 0 };
    const numbers = new Float64Array(2 + predicted.length), words = new Uint32Array(N_WORDS);
    for (let row = 0; row < nRows; row++) {
      const evaluation = evaluationOf(row);
      if (evaluation < 0) continue;
      const j = block.modelOf(row);
      const quality = block.quality(row), costUsd = block.costUsd(row);
      if (!isOutcome(quality, costUsd, row)) {
        sums[j].nInvalid++;
        continue;
      }
      if (prompts.codes[row] !== key || evaluation !== ofEvaluation) {
        key = prompts.codes[row];
        ofEvaluation = evaluation;
        hash = this.#hash(this.#evaluations.names[evaluation], idOf(prompts.texts[key], row));
      }
      sums[j].add(quality, costUsd);
      this.#nRowsOf[evaluation] = (this.#nRowsOf[evaluation] ?? 0) + 1;
      if (this.#grades.size < MOST_GRADES) this.#grades.add(quality);
      numbers[0] = quality;
      numbers[1] = costUsd;
      predicted.forEach((of, at) => numbers[2 + at] = of(row));
      words[0] = hash.place;
      words[1] = hash.group;
      words[2] = wordOf(models[j], evaluation);
      this.#cellOf(words[2]).add(hash, quality, costUsd);
      this.rows.add(Math.floor(hash.place % N_PLACES * nBuckets / N_PLACES), numbers, words);
    }
    // Sums of blocks are added, so that no small number is added to the sum of a whole file.
    models.forEach((model, j) => (this.#sums[model] ??= new ModelSums()).merge(sums[j]));
  }

  #cellOf(word: number): CellSums {
    const known = this.#cells.get(word);
    if (known !== undefined) return known;
    const cell = new CellSums();
    this.#cells.set(word, cell);
    return cell;
  }

  /** What makes a comparison wrong, as far as sums tell it. */
  findings(audit: WarehouseAudit): AuditFinding[] {
    const { models, evalNames } = this.layout;
    const cells = Array.from(this.#cells, ([word, sums]) => {
      const [j, evaluation] = partsOfWord(word);
      return sums.cell(evalNames[evaluation], j);
    });
    return findingsOfCells(cells, models, audit);
  }

  /** The number of each row's evaluation; −1 where it is not wanted. */
  #evaluationsOf({ evaluations }: OutcomeBlock): (row: number) => number {
    const wanted = this.#evalNames;
    const numberOf = (name: string): number =>
      wanted === null || wanted.some((start) => name.startsWith(start)) ? this.#evaluations.numberOf(name) : -1;
    if (evaluations === null) {
      const one = numberOf(ONE_EVALUATION);
      return () => one;
    }
    const numbers = evaluations.texts.map((name) => numberOf(name === null || name === "" ? ONE_EVALUATION : name));
    return (row) => numbers[evaluations.codes[row]];
  }

  /** What was counted, and that by prompt: it reads the buckets. */
  audit(): WarehouseAudit {
    const { models, evalNames } = this.layout;
    let nPrompts = 0, nRepeated = 0, nCells = 0;
    for (let bucket = 0; bucket < this.rows.nBuckets; bucket++) {
      const grouped = groupedRows(this.rows.read(bucket), models.length);
      nPrompts += grouped.nPrompts;
      nRepeated += grouped.nRepeated;
      for (const row of grouped.rowOf) if (row >= 0) nCells++;
    }
    return {
      nPrompts,
      models: models.map((model, j) => this.#sums[j].counts(model)),
      evaluations: evalNames.map((name, at) => ({ name, nRows: this.#nRowsOf[at] ?? 0 }))
        .filter(({ nRows }) => nRows > 0).sort((a, b) => b.nRows - a.nRows),
      isComplete: nRepeated === 0 && nCells === nPrompts * models.length,
      nRepeated,
      grades: [...this.#grades].sort((a, b) => a - b),
    };
  }
}

function isOutcome(quality: number, costUsd: number, row: number): boolean {
  if (Number.isNaN(quality) || Number.isNaN(costUsd)) return false;
  if (costUsd >= 0 && costUsd < Infinity) return true;
  throw new RangeError(`a cost must be 0 USD or more: row ${row + 1} has ${costUsd}`);
}

function idOf(text: string | null, row: number): string {
  if (text !== null && text !== "") return text;
  throw new TypeError(`each row must say which prompt it is about: row ${row + 1} is empty`);
}

function predictions({ frame }: OutcomeBlock, name: string): (row: number) => number {
  const column = frame.columns.get(name);
  if (column === undefined) throw new TypeError(`all rows must have a column "${name}": some have none`);
  return (row) => {
    const value = numberOfCell(column[row]);
    if (value !== undefined && Number.isFinite(value)) return value;
    throw new TypeError(
      `the column "${name}" must hold numbers: row ${row + 1} has "${String(column[row]).slice(0, 40)}"`,
    );
  };
}
