import { listed } from "../base/words.ts";
import { numberOfCell, rowError } from "./frame.ts";
import { measuredNumber, shareOfText } from "./_number_cells.ts";
import type { NumberTally } from "./_number_tally.ts";

/** Pairs of verdicts as graders write them, good and bad; all words of a file must be of one pair. */
const VERDICTS: readonly (readonly [good: readonly string[], bad: readonly string[]])[] = [
  [["pass", "passed"], ["fail", "failed"]],
  [["yes", "y"], ["no", "n"]],
  [["ja", "j"], ["nein", "n"]],
  [["oui"], ["non"]],
  [["sí", "si"], ["no"]],
  [["wahr"], ["falsch"]],
  [["vrai"], ["faux"]],
  [["verdadero", "verdadeiro", "vero"], ["falso"]],
  [["richtig"], ["falsch"]],
  [["✓", "✔", "✅"], ["✗", "✘", "✖", "❌"]],
  [["correct", "right"], ["incorrect", "wrong"]],
  [["c"], ["i"]],
  [["t"], ["f"]],
  [["success", "succeeded"], ["failure", "failed"]],
];

/** Options of a column of qualities. */
export interface QualityOptions {
  /** The scale of the qualities. */
  readonly qualityRange: readonly [number, number];
  /** The qualities of words, on that scale. */
  readonly qualityWords?: Readonly<Record<string, number>>;
  /** Values that stand for a missing quality. */
  readonly missingValues?: readonly (string | number)[];
}

/** A column of qualities. */
export interface QualityColumn {
  readonly name: string;
  readonly cells: ArrayLike<unknown>;
  readonly decimalComma: boolean;
  readonly modelOf: (row: number) => string;
}

/**
 * Reads a column of qualities as numbers of 0 to 1.
 *
 * @throws TypeError for a word that is no number, RangeError for a number outside the scale; each names the option that helps
 */
export function qualityReader(
  column: QualityColumn,
  options: QualityOptions,
  tally: NumberTally,
): (row: number) => number {
  const { name, cells, decimalComma } = column;
  const [low, high] = options.qualityRange;
  const isUnit = low === 0 && high === 1;
  const isMissing = missingTest(options.missingValues);
  let plain: string | null = null;
  let percent: string | null = null;
  const raw = (row: number): number => {
    const cell = cells[row];
    if (isMissing(cell)) {
      tally.nMissingValues++;
      return NaN;
    }
    const { qualityWords } = options;
    if (typeof cell === "number" && qualityWords === undefined) return cell;
    const text = String(cell).trim();
    if (qualityWords !== undefined && Object.hasOwn(qualityWords, text)) return tally.word(text, qualityWords[text]);
    const number = measuredNumber(cell, "quality", { decimalComma });
    if (number) plain ??= text;
    const ofPercent = number === undefined ? shareOfText(text, decimalComma) : undefined;
    if (ofPercent !== undefined) percent ??= text;
    if (plain !== null && percent !== null) throw rowError(twoWays(name, row, [plain, percent]), row);
    if (number !== undefined) return number;
    const share = ofPercent ?? verdict(text, tally);
    if (share !== undefined) return low + share * (high - low);
    throw rowError(
      new TypeError(
        `the column "${name}" must hold numbers, true or false: row ${row + 1} has "${
          shown(text)
        }"; say what it is by qualityWords (--quality-words "${
          shown(text)
        }=0"), or that it means none by missingValues (--missing-values "${shown(text)}")`,
      ),
      row,
    );
  };
  if (isUnit && /(percent|percentage|pct|%\)?)$/i.test(name.trim())) tally.percents.set(name, 0);
  return (row) => {
    const value = raw(row);
    if (value > (tally.percents.get(name) ?? Infinity)) tally.percents.set(name, value);
    const scaled = isUnit ? value : (value - low) / (high - low);
    if (scaled < 0 || scaled > 1) throw rowError(outsideScale(column, options.qualityRange, { row, isMissing }), row);
    return scaled;
  };
}

function twoWays(name: string, row: number, [plain, percent]: readonly [string, string]): TypeError {
  return new TypeError(
    `the column "${name}" must write qualities in one way: row ${
      row + 1
    } makes it "${plain}" beside "${percent}"; write all with or all without a per cent sign`,
  );
}

function shown(text: string): string {
  return text.slice(0, 40);
}

/** Recognises the cells that stand for a missing value by the options. */
export function missingTest(values: readonly (string | number)[] = []): (cell: unknown) => boolean {
  if (values.length === 0) return () => false;
  const texts = new Set(values.map((value) => String(value).trim().toLowerCase()));
  const numbers = new Set(values.map((value) => numberOfCell(value)).filter((value) => value !== undefined));
  return (cell) => {
    if (typeof cell === "number") return numbers.has(cell);
    if (cell === null || cell === undefined) return false;
    const number = numberOfCell(cell);
    return texts.has(String(cell).trim().toLowerCase()) || (number !== undefined && numbers.has(number));
  };
}

/** 1 or 0 for a verdict in words, `undefined` for another word, or one that is not of the kind of those before. */
function verdict(text: string, tally: NumberTally): number | undefined {
  const word = text.toLowerCase();
  const kind = VERDICTS.findIndex(([good, bad], kind) =>
    (tally.verdictKind < 0 || tally.verdictKind === kind) && (good.includes(word) || bad.includes(word))
  );
  if (kind < 0) return undefined;
  const isOfOne = VERDICTS.filter(([good, bad]) => good.includes(word) || bad.includes(word)).length === 1;
  // "failed" and "no" are in several pairs, so they do not decide between them.
  if (isOfOne) tally.verdictKind = kind;
  return tally.word(text, VERDICTS[kind][0].includes(word) ? 1 : 0);
}

interface Outside {
  readonly row: number;
  readonly isMissing: (cell: unknown) => boolean;
}

/** Describes a violation of the scale: by one value, by one model, or by all of them. */
function outsideScale(
  { name, cells, modelOf }: QualityColumn,
  [low, high]: readonly [number, number],
  { row: first, isMissing }: Outside,
): RangeError {
  const outside = new Map<number, number>();
  let nNumbers = 0;
  const spans = new Map<string, [least: number, most: number]>();
  for (let row = 0; row < cells.length; row++) {
    const value = isMissing(cells[row]) ? NaN : numberOfCell(cells[row]) ?? NaN;
    if (Number.isNaN(value)) continue;
    nNumbers++;
    const [least, most] = spans.get(modelOf(row)) ?? [Infinity, -Infinity];
    spans.set(modelOf(row), [Math.min(least, value), Math.max(most, value)]);
    if (!(value >= low && value <= high)) outside.set(value, (outside.get(value) ?? 0) + 1);
  }
  const isIn = ([least, most]: readonly [number, number]): boolean => least >= low && most <= high;
  const inside = [...spans.keys()].filter((model) => isIn(spans.get(model)!));
  const found = `row ${first + 1} of "${name}" has ${numberOfCell(cells[first]) ?? shown(String(cells[first]))}`;
  const scale = "name its scale by qualityRange (--quality-range LOW,HIGH)";
  if (outside.size === 1 && [...outside.values()][0] < nNumbers) {
    const [[value, count]] = outside;
    return new RangeError(
      `the quality must be in ${low} to ${high}: ${found}, the only value outside, in ${count} of ${cells.length} rows; if it means that there is none, say so by missingValues (--missing-values ${value}); if it means another quality, by qualityWords (--quality-words "${value}=${
        (low + high) / 2
      }"); else ${scale}`,
    );
  }
  if (inside.length > 0 && inside.length < spans.size && spans.size < 1000) {
    const others = [...spans].filter(([, span]) => !isIn(span));
    return new RangeError(
      `the quality must be in ${low} to ${high}: ${found}; the models may be graded on different scales, as ${
        listed(inside, 3)
      } lie${inside.length === 1 ? "s" : ""} within it and ${
        others.slice(0, 3).map(([model, [least, most]]) => `"${model}" in ${least} to ${most}`).join(", ")
      }: bring them to one scale, or ${scale}`,
    );
  }
  const all = [...spans.values()];
  const least = Math.min(...all.map(([value]) => value));
  const most = Math.max(...all.map(([, value]) => value));
  const span = least === most ? "" : `, all lie in ${least} to ${most}`;
  return new RangeError(`the quality must be in ${low} to ${high}: ${found}${span}; ${scale}`);
}
