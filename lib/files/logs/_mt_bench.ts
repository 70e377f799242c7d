import { needCosts } from "../benchmarks/costs.ts";
import {
  ADDED_COSTS,
  type BenchmarkFormat,
  type BenchmarkLayout,
  distinct,
  formatColumns,
  selectRows,
  withColumns,
} from "../benchmarks/layout.ts";
import { type Frame, textOfCell } from "../frame.ts";

/** FastChat's grade for an answer in which its judge gave none. */
const NO_GRADE = -1;

/**
 * MT-bench's judgements of single answers (`model_judgment/JUDGE_single.jsonl`): a row a turn, with `question_id`, `model`, `judge`, `score` from 1 to 10
 * (−1 where the judge gave none) and `turn`. The turns' mean counts, since one model answers all turns of a question. The folder of the judgements and
 * `question.jsonl` (`question_id`, `category`, `turns`) has prompts, the question's first turn, and evaluations, its category. There are neither costs
 * nor token counts. Judgements of pairs tell which of two answers is better, and no answer's quality: they are refused.
 *
 * **Source**: `fastchat/llm_judge/common.py` (`play_a_match_single`, `play_a_match_pair`) and `show_result.py` of the Python package fschat 0.2.36.
 * RouteLLM's `judgements.jsonl` (repository lm-sys/RouteLLM, `benchmarks/mt-bench`) is of this layout.
 */
export const MT_BENCH: BenchmarkFormat = {
  name: "mt-bench",
  title: "a file of judgements of MT-bench",
  detects: ({ columns }): boolean =>
    columns.has("question_id") && columns.has("judge") && (columns.has("g1_winner") ||
      ["model", "score", "turn"].every((name) => columns.has(name))),
  layout(whole, { options }): BenchmarkLayout {
    if (whole.columns.has("g1_winner")) {
      throw new TypeError(
        `${this.title} must grade single answers: "g1_winner" tells which of a pair is better, and no answer's quality; load the judgements of --mode single (JUDGE_single.jsonl)`,
      );
    }
    const frame = withQuestions(whole);
    const columns = formatColumns(frame, this.title, {
      promptId: { names: ["question_id"], isNeeded: true },
      prompt: { names: ["first turn"], isNeeded: false },
      evalName: { names: ["category"], isNeeded: false },
      model: { names: ["model"], isNeeded: true },
      quality: { names: ["score"], isNeeded: true },
      ...ADDED_COSTS,
    }, options.columns);
    needCosts(this.title, distinct(frame, columns.model!), columns, options);
    const defaults = { repeats: "mean", qualityRange: [1, 10], missingValues: [NO_GRADE] } as const;
    return { frame, models: columns.model!, columns, defaults, parts: [] };
  },
};

/** The judgements, with their questions' first turns and categories where the questions' file is there. */
function withQuestions(whole: Frame): Frame {
  const ids = whole.columns.get("question_id")!;
  const turns = whole.columns.get("turns");
  const scores = whole.columns.get("score")!;
  const judged = selectRows(whole, (row) => textOfCell(scores[row]) !== null);
  if (turns === undefined) return judged;
  const questionOf = new Map<string, number>();
  for (let row = 0; row < whole.nRows; row++) {
    if (textOfCell(turns[row]) !== null) questionOf.set(String(ids[row]), row);
  }
  const ofQuestion = (cells: ArrayLike<unknown>): unknown[] =>
    Array.from(judged.columns.get("question_id")!, (id) => cells[questionOf.get(String(id)) ?? -1] ?? null);
  const categories = whole.columns.get("category");
  return withColumns(judged, {
    "first turn": ofQuestion(turns).map(firstOf),
    ...(categories === undefined ? {} : { category: ofQuestion(categories) }),
  });
}

/** The first of a list of texts, which a cell holds as JSON. */
function firstOf(cell: unknown): unknown {
  if (!/^\s*\[/.test(String(cell))) return cell;
  try {
    const items: unknown = JSON.parse(String(cell));
    return Array.isArray(items) ? items[0] ?? null : null;
  } catch {
    return cell; // A text that only begins like a list is the turn itself.
  }
}
