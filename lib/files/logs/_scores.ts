import { listed } from "../../base/words.ts";
import { type Frame, textOfCell } from "../frame.ts";

/** Options of grades by a tool. */
export interface ScoreChoice {
  /** The tool, in sentences. */
  readonly title: string;
  /** "scorer", "metric". */
  readonly what: string;
  /** The beginning of a grader's column, before its name. */
  readonly prefix?: string;
  /** The column that the options name, or its grader. */
  readonly given: string | undefined;
}

/** The grade of each row. */
export interface Scores {
  readonly cells: readonly unknown[];
  /** Graders whose grades were taken. */
  readonly names: readonly string[];
}

/**
 * The grade of each row: that of the grader which the options name, else of the only one that graded the row. Tools grade evaluations by different
 * graders, so one is chosen for each row, not for the file.
 *
 * @param graders columns of the grades of a row
 * @throws TypeError where a row has several and none is chosen, or no row has the one that is chosen
 */
export function scoresOfRows(
  frame: Frame,
  graders: (row: number) => readonly string[],
  { title, what, prefix = "", given }: ScoreChoice,
): Scores {
  const wanted = given === undefined ? [] : [given, prefix + given];
  const plain = (name: string): string => name.slice(prefix.length);
  const names = new Set<string>();
  const all = new Set<string>();
  const cells = Array.from({ length: frame.nRows }, (_, row) => {
    const there = graders(row).filter((name) => textOfCell(frame.columns.get(name)?.[row]) !== null);
    for (const name of there) all.add(plain(name));
    const chosen = there.find((name) => wanted.includes(name)) ?? (there.length === 1 ? there[0] : undefined);
    if (chosen !== undefined) {
      names.add(plain(chosen));
      return frame.columns.get(chosen)![row];
    }
    if (there.length > 1) throw severalGraders(title, what, there.map(plain));
    return null;
  });
  if (given !== undefined && ![...names].some((name) => wanted.includes(name) || wanted.includes(prefix + name))) {
    throw new TypeError(
      `${title} must have the ${what} that is named (--columns quality=NAME): "${given}" is none; it has ${
        listed([...all]) || "none"
      }`,
    );
  }
  return { cells, names: [...names] };
}

function severalGraders(title: string, what: string, names: readonly string[]): TypeError {
  const shown = names.slice(0, 12).map((name) => `"${name}"`).join(" and ");
  return new TypeError(
    `${title} must be graded by one ${what}: it has ${shown}; choose one by columns.quality (--columns quality=${
      names[0]
    })`,
  );
}
