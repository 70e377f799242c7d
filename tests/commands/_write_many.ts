// Writes many files into the folder it is told, as a command does at its end.
import { holdInterrupts } from "../../lib/base/interrupt.ts";
import { writeFolder } from "../../lib/base/write_folder.ts";

holdInterrupts();
const [folder, count] = Deno.args;
await writeFolder(
  folder,
  new Map(Array.from({ length: Number(count) }, (_, i) => [`tables/${i}.csv`, `number\n${i}\n`])),
);
// deno-lint-ignore no-console
console.log("went on");
