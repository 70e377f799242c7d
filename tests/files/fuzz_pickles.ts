// Mutates pickles and reads them: deno task fuzz [--files N] [--seed N]. A crash, a hang or too much memory ends it with the bytes that did it.
import { type CommandSpec, numberOption, readOptions, WHOLE_NUMBER } from "../../lib/commands/command_options.ts";
import { helpText } from "../../lib/commands/help_text.ts";
import { progressBar } from "../../lib/base/progress.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { mutated } from "./_mutations.ts";
import { type Fate, fateOf } from "./_read_any.ts";

const SPEC: CommandSpec = {
  name: "fuzz",
  summary:
    "Reads mutated pickles: each must be read or refused in one clear line. The run ends at the first that does " +
    "neither, and prints its bytes.",
  options: {
    files: { value: "N", says: "how many are read", default: "100000" },
    seed: { value: "N", says: "seed of the mutations", default: "1" },
  },
  example: "--files 5000 --seed 7",
};

const MOST_SECONDS = 2;

// deno-lint-ignore no-console
const say = (line: string): void => console.log(line);
const { nFiles, random } = told(Deno.args);
const FIXTURES = new URL("fixtures/", import.meta.url);

/** What the options say. */
function told(args: readonly string[]): { readonly nFiles: number; readonly random: ReturnType<typeof seededRandom> } {
  try {
    const input = readOptions(args, SPEC);
    if (input.isOn("help")) {
      say(helpText(SPEC));
      Deno.exit(0);
    }
    return {
      nFiles: numberOption(input, "files", WHOLE_NUMBER),
      random: seededRandom(numberOption(input, "seed", WHOLE_NUMBER), "fuzz"),
    };
  } catch (error) {
    // deno-lint-ignore no-console
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}

const names = [...Deno.readDirSync(FIXTURES)].map(({ name }) => name).filter((name) => name.endsWith(".pkl")).sort();
const files = names.map((name) => Deno.readFileSync(new URL(name, FIXTURES)));
const fates: Record<Fate, number> = { "table": 0, "no table": 0, "refused": 0 };
let slowest = 0;
let largest = 0;
const start = performance.now();
const bar = progressBar("Reading mutated pickles");
for (let i = 0; i < nFiles; i++) {
  const from = random.integer(files.length);
  const { bytes, names: mutations } = mutated(files[from], random);
  const began = performance.now();
  try {
    fates[fateOf(bytes)]++;
    const seconds = (performance.now() - began) / 1000;
    slowest = Math.max(slowest, seconds);
    if (seconds > MOST_SECONDS) throw new Error(`it took ${seconds.toFixed(1)} s`);
    if (i % 100 === 0) bar.update(i, nFiles);
    if (i % 1000 === 0) largest = Math.max(largest, Deno.memoryUsage().rss);
  } catch (error) {
    bar.stop();
    say(
      `File ${i} (${names[from]}: ${mutations.join(", ")}) was neither read nor refused: ${
        error instanceof Error ? error.stack : error
      }`,
    );
    say(btoa(String.fromCharCode(...bytes)));
    Deno.exit(1);
  }
}
bar.update(nFiles, nFiles);
bar.stop();
say(
  `${nFiles} mutated pickles in ${((performance.now() - start) / 1000).toFixed(0)} s: ${
    JSON.stringify(fates)
  }; slowest ${(slowest * 1000).toFixed(0)} ms, process at most ${(largest / 1e6).toFixed(0)} MB`,
);
