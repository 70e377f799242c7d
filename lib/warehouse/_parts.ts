import { FIT_SHARE, TRAIN_SHARE } from "../evaluation/evaluation_data.ts";
import { N_PLACES, type PromptPart } from "./_prompt_query.ts";
import type { Warehouse } from "./open_warehouse.ts";
import type { WarehouseAudit } from "./warehouse_audit.ts";

/** A part of a table's prompts, and about how many they are. */
export interface SizedPart {
  /** Which prompts. */
  readonly part: PromptPart;
  /** About how many. */
  readonly nExpected: number;
}

/** The parts of an evaluation. */
export interface PartsOfTable {
  /** What is learned from. */
  readonly learn: SizedPart;
  /** What settings are chosen on. */
  readonly choose: SizedPart;
  /** What is measured. */
  readonly test: SizedPart;
}

/** More prompts than these make means, fits and choices no better that matter, but take longer. */
const MOST_LEARNED = 200_000, MOST_CHOSEN = 50_000;

/** Deals the prompts to parts, of which those for learning and choosing are no larger than they need to be. */
export function partsOfTable(
  { models }: Pick<Warehouse, "models">,
  { audit, seed, evalName = null, hasGaps, trainShare = TRAIN_SHARE }: {
    readonly audit: WarehouseAudit;
    readonly seed: number;
    readonly evalName?: string | null;
    readonly hasGaps: boolean;
    readonly trainShare?: number;
  },
): PartsOfTable {
  const ofName = audit.evaluations.find(({ name }) => name === evalName);
  if (evalName !== null && ofName === undefined) {
    throw new RangeError(
      `Cannot evaluate "${evalName}" as it must be one of the table's evaluations: it is none; see deno task audit`,
    );
  }
  const nPrompts = ofName === undefined ? audit.nPrompts : ofName.nRows / models.length;
  const sized = (part: PromptPart, most: number): SizedPart => {
    const [from, to] = part.places;
    const nThere = nPrompts * (to - from) / N_PLACES;
    const share = Math.min(1, most / Math.max(1, nThere));
    return { part: { ...part, places: [from, from + Math.ceil((to - from) * share)] }, nExpected: nThere * share };
  };
  const { learn, choose, test } = dealtParts({ seed, trainShare, evalName, hasGaps });
  return { learn: sized(learn, MOST_LEARNED), choose: sized(choose, MOST_CHOSEN), test: sized(test, Infinity) };
}

/**
 * The parts before any is made smaller: the first places to the test, the next to choosing, the others to learning;
 * shares as in memory.
 */
export function dealtParts(
  { trainShare, ...rest }: Omit<PromptPart, "places"> & { readonly trainShare: number },
): Readonly<Record<"learn" | "choose" | "test", PromptPart>> {
  const testEnd = Math.round(N_PLACES * (1 - trainShare));
  const chooseEnd = testEnd + Math.round((N_PLACES - testEnd) * (1 - FIT_SHARE));
  return {
    test: { ...rest, places: [0, testEnd] },
    choose: { ...rest, places: [testEnd, chooseEnd] },
    learn: { ...rest, places: [chooseEnd, N_PLACES] },
  };
}
