import { join } from "node:path";
import { type CommandRunner, runCommand } from "../../base/python_index.ts";
import { suggestion } from "../../base/suggestion.ts";
import { listed } from "../../base/words.ts";
import type { OutcomeTable } from "../../outcomes/outcome_table.ts";
import { loadOutcomes } from "../load_outcomes.ts";
import { fetchPackaged, PACKAGED_OUTCOMES, stateOfPackaged } from "./packaged_outcomes.ts";

/**
 * Loads outcomes that somebody published in a package of the Python package index, and fetches them first where they are not there yet: by pip,
 * each file checked by its size and SHA-256. `source.notes` says whose work they are.
 *
 * @param name `"paretobandit"`: 3,609 prompts with the rewards and costs of three models of 2025, 0.7 MB
 * @param folder where data sets are kept, each in a folder of its name, such as `data/raw`
 * @param options `run`: starts python3 with arguments; default in a process of its own
 * @throws TypeError for another name; Error where the files cannot be had or are not the published ones
 */
export async function fetchOutcomes(
  name: string,
  folder: string,
  { run = runCommand }: { readonly run?: CommandRunner } = {},
): Promise<OutcomeTable> {
  const packaged = PACKAGED_OUTCOMES.find((known) => known.name === name);
  if (packaged === undefined) {
    const known = PACKAGED_OUTCOMES.map(({ name }) => name);
    throw new TypeError(
      `Cannot fetch outcomes as they must be one of ${listed(known)}: "${name}" is not${suggestion(name, known, "")}`,
    );
  }
  const path = join(folder, name);
  if (await stateOfPackaged(packaged, path) !== "right") {
    await fetchPackaged(packaged, path, { from: null, run });
  }
  return await loadOutcomes(path);
}
