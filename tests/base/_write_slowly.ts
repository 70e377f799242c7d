// Begins a file, or a folder of files, in the folder it is told, says so, and never ends by itself.
import { inUnfinishedFolder, openUnfinished } from "../../lib/base/unfinished.ts";

const [what, target] = Deno.args;
const wait = (): Promise<never> =>
  new Promise(() => {
    // deno-lint-ignore no-console -- the test waits for this line
    console.log("begun");
    setInterval(() => {}, 1000);
  });
if (what === "file") {
  const { file } = await openUnfinished(target);
  await file.write(new Uint8Array(10));
  await wait();
} else {
  await inUnfinishedFolder(target, async (folder) => {
    await Deno.writeTextFile(`${folder}/half`, "half");
    await wait();
  });
}
