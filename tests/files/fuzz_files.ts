// Mutates files of every format and reads them: deno task fuzz [--files N] [--seed N] [--only FORMATS]. A crash, a hang or too much memory ends it
// with the bytes that did it.
import {
  type CommandSpec,
  listOption,
  numberOption,
  readOptions,
  WHOLE_NUMBER,
} from "../../lib/commands/command_options.ts";
import { helpText } from "../../lib/commands/help_text.ts";
import { progressBar } from "../../lib/base/progress.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { FUZZED, type Fuzzed, fuzzedFile, seedsOf } from "./_fuzzed_files.ts";
import { type Fate, fateOf, fateOfFile } from "./_read_any.ts";

const SPEC: CommandSpec = {
  name: "fuzz",
  summary:
    "Reads mutated files: each must be read or refused in one clear line. The run ends at the first that does neither, and prints its bytes.",
  options: {
    files: { value: "N", says: "how many of each format are read", default: "5000" },
    only: { value: "FORMATS", says: `some of ${FUZZED.join(", ")}; without it all` },
    seed: { value: "N", says: "seed of the mutations", default: "1" },
  },
  example: "--files 20000 --only pickle --seed 7",
};
const MOST_SECONDS = 3;
const MOST_BYTES = 1e9;

// deno-lint-ignore no-console
const say = (line: string): void => console.log(line);

/** What was seen of a format. */
interface Seen {
  readonly fates: Record<Fate, number>;
  slowestSeconds: number;
  largestBytes: number;
}

async function fuzz(format: Fuzzed, nFiles: number, seed: number): Promise<Seen> {
  const random = seededRandom(seed, `fuzz ${format}`);
  const seeds = seedsOf(format);
  const seen: Seen = { fates: { "table": 0, "no table": 0, "refused": 0 }, slowestSeconds: 0, largestBytes: 0 };
  const bar = progressBar(`Reading mutated files: ${format}`);
  const folder = await Deno.makeTempDir();
  try {
    for (let i = 0; i < nFiles; i++) {
      const [name, whole] = seeds[random.integer(seeds.length)];
      const { bytes, names } = fuzzedFile(whole, format, random);
      const began = performance.now();
      try {
        const fate = format === "pickle" ? fateOf(bytes) : await fateOfFile(bytes, `${folder}/mutated`);
        seen.fates[fate]++;
        const seconds = (performance.now() - began) / 1000;
        const { rss } = Deno.memoryUsage();
        seen.slowestSeconds = Math.max(seen.slowestSeconds, seconds);
        seen.largestBytes = Math.max(seen.largestBytes, rss);
        if (seconds > MOST_SECONDS) throw new Error(`it took ${seconds.toFixed(1)} s`);
        if (rss > MOST_BYTES) throw new Error(`the process has ${(rss / 1e6).toFixed(0)} MB`);
      } catch (error) {
        bar.stop();
        say(
          `File ${i} of ${format} (${name}: ${names.join(", ")}) was neither read nor refused: ${
            error instanceof Error ? error.stack : error
          }`,
        );
        say(bytes.toBase64());
        Deno.exit(1);
      }
      if (i % 100 === 0) bar.update(i, nFiles);
    }
    bar.update(nFiles, nFiles);
  } finally {
    bar.stop();
    await Deno.remove(folder, { recursive: true });
  }
  return seen;
}

async function main(args: readonly string[]): Promise<void> {
  const input = readOptions(args, SPEC);
  if (input.isOn("help")) return say(helpText(SPEC));
  const nFiles = numberOption(input, "files", WHOLE_NUMBER);
  const seed = numberOption(input, "seed", WHOLE_NUMBER);
  for (const format of listOption(input, "only", FUZZED) ?? FUZZED) {
    const start = performance.now();
    const { fates, slowestSeconds, largestBytes } = await fuzz(format, nFiles, seed);
    say(
      `${nFiles} mutated files of ${format} in ${((performance.now() - start) / 1000).toFixed(0)} s: ${
        Object.entries(fates).map(([fate, count]) => `${count} ${fate}`).join(", ")
      }; slowest ${(slowestSeconds * 1000).toFixed(0)} ms, process at most ${(largestBytes / 1e6).toFixed(0)} MB`,
    );
  }
}

try {
  await main(Deno.args);
} catch (error) {
  // deno-lint-ignore no-console
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
