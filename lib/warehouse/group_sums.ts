import type { SettingSample } from "../evaluation/compare_curves.ts";
import type { PromptResults } from "../evaluation/systems.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import type { Warehouse } from "./open_warehouse.ts";
import type { SizedPart } from "./_parts.ts";
import { N_GROUPS, N_PLACES, overLevels, overSettings, type PromptPart, promptRows } from "./_prompt_query.ts";
import { INFINITE, type PromptSystem } from "./_prompt_settings.ts";
import { inner, select } from "./sql.ts";

/**
 * Sums of cost and quality under several settings, by group of prompts. They can be added, whatever part or shard they
 * are of.
 */
export interface GroupSums {
  /** Number of settings, s. */
  readonly nSettings: number;
  /** Prompts of each group, `[g]`. */
  readonly nPrompts: Float64Array;
  /** Sum of the costs of each group's prompts under each setting, `[s · g]`, USD. */
  readonly costUsd: Float64Array;
  /** Sum of the qualities, `[s · g]`. */
  readonly quality: Float64Array;
  /**
   * Prompts that each setting sends to each model, `[s · (m + 1)]`, those that go to none first; 0 where a setting has
   * no single choice.
   */
  readonly choices: Float64Array;
}

/** What is summed: a system at some values of its setting. */
export interface SumsInput {
  /** The system. */
  readonly system: PromptSystem;
  /** The settings; infinity is a value. */
  readonly values: readonly number[];
  /** False where only sums over all prompts are needed: all of them are then group 0. Default true. */
  readonly isGrouped?: boolean;
}

/** A query's memory on the server grows with the prompts that it groups: no more are grouped at once. */
export const MOST_PROMPTS_AT_ONCE = 1_000_000;

/** The query of sums by group of prompts, setting and chosen model. */
export function sumsQuery(
  warehouse: Warehouse,
  part: PromptPart,
  { system, values, isGrouped = true }: SumsInput,
): string {
  const finite = values.map((value) => Math.min(value, INFINITE));
  const { levels, settingLevels, setting } = system;
  return select({
    columns: {
      g: isGrouped ? `intDiv(h, ${N_PLACES}) % ${N_GROUPS}` : "0",
      i: "i",
      chosen: setting.choice,
      n: "count()",
      costs: `sum(${setting.costUsd})`,
      qualities: `sum(${setting.quality})`,
    },
    from: inner(
      overLevels(overSettings(overLevels(promptRows(warehouse, part), levels), { l: finite }), settingLevels),
    ),
    groupBy: ["g", "i", "chosen"],
  });
}

/** Sums to which nothing was added. */
export function emptySums(nSettings: number, nModels: number): GroupSums {
  return {
    nSettings,
    nPrompts: new Float64Array(N_GROUPS),
    costUsd: new Float64Array(nSettings * N_GROUPS),
    quality: new Float64Array(nSettings * N_GROUPS),
    choices: new Float64Array(nSettings * (nModels + 1)),
  };
}

/**
 * Adds what a system did on some prompts under one of its settings.
 *
 * @param groups the group of each prompt
 */
export function addResults(
  sums: GroupSums,
  setting: number,
  { costUsd, quality, choices }: PromptResults,
  groups: Uint16Array,
): void {
  const nCells = sums.choices.length / sums.nSettings;
  for (let i = 0; i < groups.length; i++) {
    const at = setting * N_GROUPS + groups[i];
    if (setting === 0) sums.nPrompts[groups[i]]++;
    sums.costUsd[at] += costUsd[i];
    sums.quality[at] += quality[i];
    sums.choices[setting * nCells + (choices === null ? 0 : choices[i] + 1)]++;
  }
}

/** Sums of a part, a stretch of places at a time where the part is large. */
export async function groupSums(
  warehouse: Warehouse,
  { part, nExpected }: SizedPart,
  input: SumsInput,
  doing: string,
): Promise<GroupSums> {
  const sums = emptySums(input.values.length, warehouse.models.length);
  const [from, to] = part.places;
  const nStretches = Math.max(1, Math.ceil(nExpected / MOST_PROMPTS_AT_ONCE));
  const cut = (at: number): number => from + Math.floor((to - from) * at / nStretches);
  for (let at = 0; at < nStretches; at++) {
    const stretch: PromptPart = { ...part, places: [cut(at), cut(at + 1)] };
    const take = (row: readonly string[]): void => addRow(sums, row);
    await warehouse.connection.eachRow(sumsQuery(warehouse, stretch, input), doing, { byPrompt: true, take });
  }
  return sums;
}

function addRow(sums: GroupSums, row: readonly string[]): void {
  const [g, setting, chosen, n, cost, quality] = row.map(Number);
  // Each setting counts each prompt once.
  if (setting === 0) sums.nPrompts[g] += n;
  sums.costUsd[setting * N_GROUPS + g] += cost;
  sums.quality[setting * N_GROUPS + g] += quality;
  sums.choices[setting * (sums.choices.length / sums.nSettings) + chosen] += n;
}

/** An array of numbers as the server writes it. */
export function numbersIn(cell: string): number[] {
  return cell === "[]" ? [] : cell.slice(1, -1).split(",").map(Number);
}

/** Number of prompts. */
export function promptsOf({ nPrompts }: GroupSums): number {
  return nPrompts.reduce((sum, n) => sum + n, 0);
}

/** Mean cost and quality of each setting. */
export function meansOf(sums: GroupSums): OperatingPoint[] {
  const n = promptsOf(sums);
  const mean = (values: Float64Array, s: number): number =>
    values.subarray(s * N_GROUPS, (s + 1) * N_GROUPS).reduce((sum, value) => sum + value, 0) / n;
  return Array.from({ length: sums.nSettings }, (_, s) => ({
    costUsd: mean(sums.costUsd, s),
    quality: mean(sums.quality, s),
  }));
}

/**
 * The groups as a sample that can be resampled: where the prompts of memory stand, a group stands with mean + G/N ·
 * (its sum − its prompts · mean).
 *
 * The mean over the groups is the mean over the prompts. Resampling the groups moves it as resampling prompts would: a
 * group is a random set of prompts, by a hash of their ids, so that (Σ w S ÷ Σ w n) for weights w of the groups, to
 * first order in their spread, is what this sample gives. All systems have the same groups, so that comparisons stay
 * paired. With G = 4,096 a standard error is right within 1.1 % (one standard deviation, 1 ÷ √(2G)); where there are
 * fewer prompts than groups it is that of the prompts themselves.
 *
 * **Source**: the delete-a-group idea of survey statistics; Davison and Hinkley 1997, *Bootstrap Methods and their
 * Application*, section 2.7 (linear approximation).
 */
export function sampleOfGroups(sums: GroupSums): SettingSample {
  const n = promptsOf(sums);
  const means = meansOf(sums);
  const spread = (values: Float64Array, of: (point: OperatingPoint) => number): Float64Array =>
    values.map((sum, at) => {
      const mean = of(means[Math.floor(at / N_GROUPS)]);
      return mean + N_GROUPS / n * (sum - sums.nPrompts[at % N_GROUPS] * mean);
    });
  return {
    nSettings: sums.nSettings,
    costUsd: spread(sums.costUsd, ({ costUsd }) => costUsd),
    quality: spread(sums.quality, ({ quality }) => quality),
  };
}

/** The sums of some settings, in the order given. */
export function sumsOfSettings(sums: GroupSums, settings: readonly number[]): GroupSums {
  const nCells = sums.choices.length / sums.nSettings;
  const picked = (values: Float64Array, width: number): Float64Array => {
    const result = new Float64Array(settings.length * width);
    settings.forEach((s, at) => result.set(values.subarray(s * width, (s + 1) * width), at * width));
    return result;
  };
  return {
    nSettings: settings.length,
    nPrompts: sums.nPrompts,
    costUsd: picked(sums.costUsd, N_GROUPS),
    quality: picked(sums.quality, N_GROUPS),
    choices: picked(sums.choices, nCells),
  };
}
