// Mutates pickles and reads them: deno task fuzz [--files N] [--seed N]. A crash, a hang or too much memory ends it with the bytes that did it.
import { parseArgs } from "node:util";
import { seededRandom } from "../lib/random.ts";
import { mutated } from "./outcomes/_mutations.ts";
import { type Fate, fateOf } from "./outcomes/_read_any.ts";

const { values } = parseArgs({ options: { files: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } } });
const FIXTURES = new URL("fixtures/", import.meta.url), nFiles = Number(values.files), random = seededRandom(Number(values.seed), "fuzz");
const MOST_SECONDS = 2;

// deno-lint-ignore no-console
const say = (line: string): void => console.log(line);
const names = [...Deno.readDirSync(FIXTURES)].map(({ name }) => name).filter((name) => name.endsWith(".pkl")).sort();
const files = names.map((name) => Deno.readFileSync(new URL(name, FIXTURES)));
const fates: Record<Fate, number> = { "table": 0, "no table": 0, "refused": 0 };
let slowest = 0, largest = 0;
const start = performance.now();
for (let i = 0; i < nFiles; i++) {
  const from = random.integer(files.length), { bytes, names: mutations } = mutated(files[from], random), began = performance.now();
  try {
    fates[fateOf(bytes)]++;
    const seconds = (performance.now() - began) / 1000;
    slowest = Math.max(slowest, seconds);
    if (seconds > MOST_SECONDS) throw new Error(`it took ${seconds.toFixed(1)} s`);
    if (i % 1000 === 0) largest = Math.max(largest, Deno.memoryUsage().rss);
  } catch (error) {
    say(
      `File ${i} (${names[from]}: ${mutations.join(", ")}) was neither read nor refused: ${error instanceof Error ? error.stack : error}`,
    );
    say(btoa(String.fromCharCode(...bytes)));
    Deno.exit(1);
  }
}
say(
  `${nFiles} mutated pickles in ${((performance.now() - start) / 1000).toFixed(0)} s: ${JSON.stringify(fates)}; slowest ${
    (slowest * 1000).toFixed(0)
  } ms, process at most ${(largest / 1e6).toFixed(0)} MB`,
);
