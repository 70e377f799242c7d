import { listed } from "../base/words.ts";
import type { FramePart } from "./benchmarks/layout.ts";
import type { OutcomesOfParts } from "./outcomes_of_frame.ts";

/** Beginning of the names of files that hold test prompts. */
const TEST = /^test(?![a-z])/i;

/**
 * The prompts that a folder's makers hold out: those of the files whose names begin with "test". Those of the other files are for learning.
 *
 * @throws TypeError where no file is named so, or all are, or a prompt stands on both sides
 */
export function heldOutPrompts({ parts, prompts }: OutcomesOfParts, name: string): ReadonlySet<string> {
  const isTest = ({ path }: FramePart): boolean => TEST.test(path.replace(/^.*[\\/]/, ""));
  const nTests = parts.filter(isTest).length;
  if (nTests === 0 || nTests === parts.length) {
    throw new TypeError(
      `Cannot take the given split of "${name}" as some of its files must have names that begin with "test", and others not: ${
        listed(parts.map(({ path }) => path), 5)
      }; put the parts into files of one folder`,
    );
  }
  const sides = new Uint8Array(prompts.ids.length);
  let row = 0;
  for (const part of parts) {
    const side = isTest(part) ? 2 : 1;
    for (const end = row + part.nRows; row < end; row++) sides[prompts.promptOfRow[row]] |= side;
  }
  const both = sides.indexOf(3);
  if (both >= 0) {
    throw new TypeError(
      `Cannot take the given split of "${name}" as a prompt must be either for training or for the test: "${
        prompts.ids[both]
      }" stands in files of both; give each prompt an id of its own`,
    );
  }
  return new Set(prompts.ids.filter((_, at) => sides[at] === 2));
}
