import assert from "node:assert/strict";
import { bytesInFile, bytesInMemory, ByteWindow } from "../../lib/files/byte_source.ts";
import { readPickled } from "../../lib/files/file_format.ts";
import { readPandasFrame } from "./pickle/_pandas_frame.ts";
import { readSource } from "../../lib/files/_read_source.ts";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import { sha256Beside, sha256Of } from "../../lib/base/sha256.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { realRows } from "../_tables.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);

/** A source that is read piece by piece, as a file is. */
function piecemeal(bytes: Uint8Array): ReturnType<typeof bytesInMemory> {
  return { ...bytesInMemory(bytes), whole: null };
}

Deno.test("ByteWindow gives any part of a source, whatever its own length", () => {
  const random = seededRandom(1, "window");
  const bytes = Uint8Array.from({ length: 1000 }, () => random.integer(128));
  const text = new TextDecoder().decode(bytes);
  for (const length of [1, 7, 100, 5000]) {
    const window = new ByteWindow(piecemeal(bytes), length);
    for (let i = 0; i < 500; i++) {
      const from = random.integer(1001);
      const to = from + random.integer(1001 - from);
      assert.deepEqual(window.part(from, to), bytes.subarray(from, to));
      assert.equal(window.latin1(from, to), text.slice(from, to));
    }
    for (let from = 0; from < 990; from += 10) assert.equal(window.latin1(from, from + 9), text.slice(from, from + 9));
  }
});

Deno.test("readPickled() reads the same from a file as from memory", () => {
  for (const name of [...Deno.readDirSync(FIXTURES)].map(({ name }) => name).filter((name) => name.endsWith(".pkl"))) {
    const path = new URL(name, FIXTURES);
    const cells = (pickle: Parameters<typeof readPickled>[0]): unknown[] =>
      [...readPickled(pickle, { pool: "easy/3/strong_to_weak" }).frame.columns].map((
        [name, column],
      ) => [name, Array.from(column, String)]);
    using file = Deno.openSync(path);
    assert.deepEqual(cells(bytesInFile(file)), cells(Deno.readFileSync(path)), name);
  }
});

Deno.test({
  name: "loadOutcomes() reads the real rows in windows: texts in Latin-1, in UTF-8, shared and cut by a window's end",
  ignore: realRows() === null,
  async fn(): Promise<void> {
    const path = realRows()!;
    const table = await loadOutcomes(path);
    const frame = readPandasFrame(Deno.readFileSync(path));
    const texts = new Set(Array.from(frame.columns.get("prompt")!, String));
    assert.ok(table.prompts!.every((prompt) => texts.has(prompt)));
    assert.ok(table.prompts!.some((prompt) => /[\u0080-\uffff]/.test(prompt)), "some are not ASCII");
  },
});

Deno.test("sha256Beside() gives the hash of a large file, with a worker, and of a small one", async () => {
  const path = await Deno.makeTempFile();
  try {
    for (const size of [3, 2 ** 25]) {
      await Deno.writeFile(path, new Uint8Array(size).fill(7));
      assert.equal(await sha256Beside(path, size), sha256Of(path));
    }
    assert.equal(sha256Of(path).length, 64);
    await Deno.writeTextFile(path, "abc"); // the example of FIPS 180-2
    assert.equal(await sha256Beside(path, 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("loadOutcomes() never decodes the responses: bytes that are no text there harm nobody who does not ask for them", async () => {
  const bytes = Deno.readFileSync(new URL("pandas2_protocol5.pkl", FIXTURES));
  const response = bytes.findIndex((byte, at) => byte === 0x8c && bytes[at + 1] === 1 && bytes[at + 2] === 0x61); // "a"
  assert.ok(response > 0);
  bytes[response + 2] = 0xff;
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    assert.deepEqual((await loadOutcomes(path)).prompts, ["['Zero?']", "['One – größer?']"]);
    assert.throws(
      () => readPandasFrame(bytes).columns.get("small|model_response"),
      /its texts must be UTF-8: the one at byte \d+ is not/,
    );
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("readSource() refuses a file that is changed while it is read", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.copyFile(new URL("pandas2_protocol5.pkl", FIXTURES), path);
    assert.equal((await readSource(path, ({ nRows }) => nRows, {})).taken, 3);
    const change = (): void => Deno.writeTextFileSync(path, "more", { append: true });
    await assert.rejects(
      readSource(path, change, {}),
      /^Error: Cannot read the file as it must stay as it is meanwhile: it was/,
    );
  } finally {
    await Deno.remove(path);
  }
});
