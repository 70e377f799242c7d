import { counted, listed } from "../base/words.ts";

/** Counts the uses of options while the numbers of a table are read. Every option that was given is used or reported as without effect. */
export class NumberTally {
  /** Words and the qualities that they were read as. */
  private readonly words = new Map<string, number>();
  /** The kind of verdicts that the file has; −1 before the first. */
  verdictKind = -1;
  nMissingValues = 0;
  /** Costs that were missing and are tokens × price now. */
  nPriced = 0;
  /** Costs that could be compared with tokens × price. */
  nChecked = 0;
  /** The columns of costs that responseCostUsd overruled. */
  readonly overruled = new Set<string>();
  /** True where a cost was made of responseCostUsd, or a price list. */
  usedResponseCosts = false;
  usedPrices = false;
  /** The greatest number of each column of qualities whose name says per cent. */
  readonly percents = new Map<string, number>();
  /** Sentences of the columns' readers. */
  readonly said = new Set<string>();

  /** Notes a word that was read as a quality. */
  word(text: string, value: number): number {
    this.words.set(text, value);
    return value;
  }

  /** The notes, a sentence each. */
  notes(
    models: readonly string[],
    options: {
      readonly priceList?: Readonly<Record<string, unknown>>;
      readonly responseCostUsd?: Readonly<Record<string, number>>;
      readonly missingValues?: readonly (string | number)[];
    },
  ): string[] {
    const notes: string[] = [...this.said];
    const { priceList, responseCostUsd, missingValues } = options;
    for (const name of this.percents.keys()) {
      notes.push(
        `"${name}" is taken as shares of 1, as all its numbers lie in 0 to 1; --quality-range 0,100 reads per cent`,
      );
    }
    if (this.words.size > 0) {
      const words = [...this.words].slice(0, 8).map(([word, value]) => `"${word}" as ${value}`);
      notes.push(`words read as qualities: ${words.join(", ")}`);
    }
    if (missingValues !== undefined) {
      const values = listed(missingValues.map(String), 3);
      notes.push(`${counted(this.nMissingValues, "cell")} taken for missing, as ${values} means none`);
    }
    if (this.nPriced > 0) notes.push(`${counted(this.nPriced, "missing cost")} filled by tokens × price`);
    if (this.nChecked > 0) notes.push(`${counted(this.nChecked, "cost")} compared with tokens × price`);
    if (priceList !== undefined && !this.usedPrices && this.nPriced + this.nChecked === 0) {
      notes.push("the price list had no effect on costs: no row has token counts and a model of the list");
    }
    if (this.overruled.size > 0) {
      notes.push(`costs of responseCostUsd taken instead of those in ${listed([...this.overruled], 3)}`);
    }
    const known = new Set(models);
    const unknown = Object.keys(responseCostUsd ?? {}).filter((model) => !known.has(model));
    if (unknown.length > 0) {
      notes.push(`responseCostUsd had no effect for ${listed(unknown, 3)}: no model has that name`);
    }
    if (
      responseCostUsd !== undefined && !this.usedResponseCosts && unknown.length < Object.keys(responseCostUsd).length
    ) {
      notes.push("responseCostUsd had no effect: every outcome has a cost");
    }
    return notes;
  }
}
