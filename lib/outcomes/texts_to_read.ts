import type { OutcomeTable } from "./outcome_table.ts";
import { lastQuestions, readPromptText, wholeTexts } from "./prompt_text.ts";

/** A shared beginning of so many characters fills about half of the 256 word pieces that MiniLM reads. */
const LONG_PREFIX = 500;

/** The texts that an encoder is given for the prompts of a table. */
export interface TextsToRead {
  /** A text for each prompt. */
  readonly texts: readonly string[];
  /** A sentence for each evaluation of whose prompts a beginning was left out. */
  readonly notes: readonly string[];
  /** The beginnings that were left out. */
  readonly leftOut: readonly string[];
}

/**
 * The texts that our protocol gives to an encoder: what differs between the prompts of an evaluation.
 *
 * An encoder reads the beginning of a text. Where nearly all prompts of an evaluation begin with the same examples, it
 * reads those and not the question, all prompts get nearly one vector, and every learned router falls back to Zero. So
 * a long shared beginning is left out; a prompt that does not begin so stays whole. A short one stays: it leaves room
 * for the question, and it tells the kind of task, which gives a router most of its gain. **Differs from** the paper,
 * which gives the whole prompt and reads 128 word pieces of it.
 *
 * Other ways to read long prompts were measured and are not built, as none is better by more than 1.3 standard errors.
 * Gains over Zero, mean of four splits, of MiniLM-L6 (standard errors .0013 to .0024 on 3,164 real prompts of
 * RouterBench, .0002 to .0009 on paretobandit); a window has 450 characters, about 128 word pieces, and vectors are
 * averaged:
 *
 * | what is read | real: KNN, k chosen | Linear, α chosen | Best router | paretobandit: KNN | Linear | Best router |
 * |---|---|---|---|---|---|---|
 * | 128 word pieces of what differs | .0318 | .0293 | .0292 | .0044 | .0038 | .0054 |
 * | 128 word pieces of whole prompts | .0294 | .0299 | .0299 | – | – | – |
 * | 256 word pieces of it, the encoder's own limit | – | – | – | .0047 | .0037 | .0053 |
 * | first and last window | .0321 | .0324 | .0308 | .0040 | .0040 | .0054 |
 * | all windows | – | – | – | .0037 | .0039 | .0051 |
 *
 * @param options `whole`: leave nothing out; default false
 * @throws TypeError where the table has no texts
 * @example
 * ```ts
 * import { simulateOutcomes } from "./simulate_outcomes.ts";
 * import { textsToRead } from "./texts_to_read.ts";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 }); // no examples before the questions
 * assert.deepEqual(textsToRead(outcomes), { texts: outcomes.prompts, notes: [], leftOut: [] });
 * ```
 */
export function textsToRead(
  outcomes: OutcomeTable,
  { whole = false }: { readonly whole?: boolean } = {},
): TextsToRead {
  if (whole) return { texts: wholeTexts(outcomes), notes: [], leftOut: [] };
  const { texts, nRemoved, prefixes } = lastQuestions(outcomes);
  const notes: string[] = [];
  const leftOut: string[] = [];
  const cut = new Map([...prefixes].filter(([, { length }]) => length >= LONG_PREFIX));
  for (const [evalName, prefix] of cut) {
    const nCut = nRemoved.reduce(
      (count, removed, i) => count + Number(removed > 0 && outcomes.evalNames[i] === evalName),
      0,
    );
    if (nCut === 0) continue;
    if (!leftOut.includes(prefix)) leftOut.push(prefix);
    const nPrompts = outcomes.evalNames.filter((name) => name === evalName).length;
    notes.push(
      `The first ${
        prefix.length.toLocaleString("en-US")
      } characters of ${nCut} of ${nPrompts} prompts of ${evalName} are the same and are not read`,
    );
  }
  return {
    texts: texts.map((text, i) => {
      const evalName = outcomes.evalNames[i];
      return nRemoved[i] > 0 && !cut.has(evalName) ? prefixes.get(evalName) + text : text;
    }),
    notes,
    leftOut,
  };
}

/**
 * The text that an encoder is given for a prompt of unknown evaluation: its text without the longest known beginning. A
 * prompt that is only such a beginning stays whole, as in {@linkcode textsToRead}.
 *
 * @example
 * ```ts
 * import { textWithout } from "./texts_to_read.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(textWithout("Is grass green? Yes. Is snow white?", ["Is grass green? Yes. "]), "Is snow white?");
 * ```
 */
export function textWithout(prompt: string, beginnings: readonly string[]): string {
  const text = readPromptText(prompt);
  const length = beginnings.reduce((longest, beginning) => {
    const isCut = text.startsWith(beginning) && text.slice(beginning.length).trim() !== "";
    return isCut ? Math.max(longest, beginning.length) : longest;
  }, 0);
  return text.slice(length);
}
