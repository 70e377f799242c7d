import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import { inFolder } from "./_files.ts";
import { FUZZED, fuzzedFile, seedsOf } from "./_fuzzed_files.ts";
import { fateOfFile } from "./_read_any.ts";

for (const format of FUZZED.filter((format) => format !== "pickle")) {
  Deno.test(`mutated files of ${format} are read or refused in one clear line, never more (deno task fuzz tries more)`, () =>
    inFolder(async (folder) => {
      const random = seededRandom(1, `fuzz ${format}`);
      const seeds = seedsOf(format);
      let nRefused = 0;
      for (let i = 0; i < 40; i++) {
        const { bytes } = fuzzedFile(seeds[random.integer(seeds.length)][1], format, random);
        if (await fateOfFile(bytes, `${folder}/mutated`) === "refused") nRefused++;
      }
      assert.ok(nRefused > 5, String(nRefused));
    }));
}
