import { type LoadCounts, type OutcomeAudit, wrongFindings } from "../audit/audit_outcomes.ts";
import { paragraph } from "../base/wrapped.ts";
import { counted } from "../base/words.ts";
import type { Encoder } from "../embeddings/embeddings.ts";
import { type EvaluatedTable, ROUTER_FAMILIES } from "../experiments/evaluate_table.ts";
import { type LoadedOutcomes, loadWithCounts } from "../files/load_outcomes.ts";
import type { RetrievedRecords } from "../files/retrieved_records.ts";
import { type OutcomeTable, selectEvals } from "../outcomes/outcome_table.ts";
import { simulateOutcomes } from "../outcomes/simulate_outcomes.ts";
import type { ProjectFolders } from "./command.ts";
import { choiceOption, type CommandInput, listOption, seedOf } from "./command_options.ts";
import { isThere, SIMULATED, tableOf } from "./known_tables.ts";
import { loadOptionsOf } from "./table_options.ts";
import { shareWithout, trainingWords, trainShareOf } from "./train_share.ts";

/** A table, and what the options ask for. */
export interface AskedTable {
  readonly file: string;
  readonly outcomes: OutcomeTable;
  /** Counts of its reading; a simulated table was not read. */
  readonly counts?: LoadCounts;
  readonly retrieved: RetrievedRecords;
  readonly settings: EvaluatedTable["settings"];
  readonly testIds: ReadonlySet<string> | undefined;
  readonly notes: readonly string[];
}

/**
 * Loads the table that a word names: a file, a folder, a data set that was fetched, or `simulated`.
 *
 * @throws as `loadOutcomes`; TypeError where an option does not fit the table
 */
export async function askedOf(input: CommandInput, { raw }: ProjectFolders, word: string): Promise<AskedTable> {
  const { path: file, notes } = tableOf({ words: [word] }, raw);
  const isSimulated = word === SIMULATED && !isThere(word);
  const routers = listOption(input, "routers", ROUTER_FAMILIES) ?? [];
  const evalNames = listOption(input, "eval");
  const seed = seedOf(input);
  const split = choiceOption(input, "split", ["chance", "given"]) ?? "chance";
  const share = trainShareOf(input, split);
  const { table, counts, heldOut, retrieved } = isSimulated
    ? simulated(seed)
    : await loadWithCounts(file, await loadOptionsOf(input));
  const outcomes = evalNames === null ? table : selectEvals(table, evalNames);
  const testIds = split === "given" ? heldOut() : undefined;
  const trainShare = testIds === undefined ? share : shareWithout(outcomes, testIds);
  return {
    file,
    outcomes,
    counts,
    retrieved,
    settings: { seed, split, trainShare, routers, evalNames },
    testIds,
    notes,
  };
}

/** The built-in outcomes, as `reproduce` simulates them. */
function simulated(seed: number): Omit<LoadedOutcomes, "counts"> & { readonly counts?: LoadCounts } {
  const heldOut = (): never => {
    throw new TypeError(
      "Cannot take the given split of simulated outcomes as they have none; leave out --split, or take --split chance",
    );
  };
  return { table: simulateOutcomes({ seed }), heldOut, retrieved: new Map() };
}

/** Tells what is evaluated, before the work. */
export function sayAsked(
  { file, outcomes, settings: { seed, split, trainShare }, notes }: AskedTable,
  { encoder, audit, notes: more }: {
    readonly encoder: Encoder | null;
    readonly audit: OutcomeAudit;
    readonly notes: readonly string[];
  },
  speak: (text: string) => void,
): void {
  const size = `${counted(outcomes.promptIds.length, "prompt")} × ${counted(outcomes.models.length, "model")}`;
  const learned = trainingWords(outcomes, { trainShare, split, seed });
  const made = `Encoder: ${encoder?.name ?? "none"}. Seed: ${seed}. Training: ${learned}.`;
  speak(paragraph(`Outcomes: ${outcomes.source.name} (${size}). ${made}`));
  for (const line of [...outcomes.source.notes, ...notes, ...more]) speak(paragraph(line, "  "));
  for (const { summary } of wrongFindings(audit)) {
    speak(paragraph(`Wrong for a comparison: ${summary}. See deno task audit ${file}`, "  "));
  }
}
