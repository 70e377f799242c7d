import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { loadOutcomes } from "../../../lib/files/load_outcomes.ts";
import { OtherCell } from "../../../lib/files/pickle/_numpy_array.ts";
import { readPandasFrame } from "./_pandas_frame.ts";

const FIXTURES = new URL("../../fixtures/pandas_types/", import.meta.url);
const PANDAS = ["pandas15", "pandas2", "pandas3"];

const LONG: Readonly<Record<string, readonly unknown[]>> = {
  sample_id: [10, 10, 11, 11, 12, 12],
  prompt: ["Zero?", "Zero?", "Größer?", "Größer?", "Two 😀?", "Two 😀?"],
  model: ["small", "large", "small", "large", "small", "large"],
  quality: [0, 1, 1, 1, 0, 0.5],
  cost: [1e-5, 1e-3, 2e-5, 2e-3, 3e-5, 3e-3],
};
const TIMES = ["2024-05-01T12:00:00.250Z", "1969-12-31T23:59:59.999Z", null];
const HOURS = [0, 1, 2, 3, 4, 5].map((hour) => `2024-05-01T0${hour}:00:00Z`);

/** A cell that is no text, number or time. */
const OBJECT = "(an object of Python)";

/** What each file has beside the long table, as pandas' `reset_index()` says; a text is the end of an error. */
const KINDS: Readonly<Record<string, Readonly<Record<string, readonly unknown[] | string>>>> = {
  categorical: {},
  categorical_index: {},
  nullable: { right: [0, 1, 1, NaN, 0, 0], tokens: [1, 2, NaN, 4, 5, 6] },
  arrow: {},
  multiindex: {},
  named_index: {},
  text_index: {},
  filtered: {},
  datetime_index: { at: HOURS },
  times: { at: [...TIMES, ...TIMES], zoned: [...TIMES, ...TIMES], took: [1.5, 2, NaN, 4, 5, 6] },
  missing: {
    note: ["a", null, null, null, NaN, OBJECT],
    sure: [true, false, null, true, null, true],
  },
  sparse: { quality: "one is of SparseArray; change it by astype(str), or save the table by to_parquet()" },
  period: { month: "one is of PeriodArray; change it by astype(str), or save the table by to_parquet()" },
  interval: { bucket: "some are intervals or another kind; change them by astype(str)" },
};

function cellsOf(column: ArrayLike<unknown>): unknown[] {
  return Array.from(column, (cell) => {
    if (cell === null || typeof cell !== "object") return cell;
    if (!(cell instanceof OtherCell)) return String(cell);
    assert.throws(() => String(cell), /other objects of Python; change their column by astype\(str\)/);
    return OBJECT;
  });
}

for (const pandas of PANDAS) {
  for (const [kind, beside] of Object.entries(KINDS)) {
    Deno.test(`readPandasFrame() reads what ${pandas} pickles: ${kind}`, () => {
      const frame = readPandasFrame(Deno.readFileSync(new URL(`types_${pandas}_${kind}.pkl`, FIXTURES)));
      const wanted = { ...LONG, ...beside };
      assert.deepEqual(new Set(frame.columns.keys()), new Set(Object.keys(wanted)));
      for (const [name, cells] of Object.entries(wanted)) {
        const read = (): unknown[] => cellsOf(frame.columns.get(name)!);
        if (typeof cells !== "string") assert.deepEqual(read(), cells, name);
        else assert.throws(read, (error: Error) => error instanceof SyntaxError && error.message.endsWith(cells));
      }
    });
  }

  Deno.test(`readPandasFrame() reads a series of ${pandas} with its index`, () => {
    const { nRows, columns } = readPandasFrame(Deno.readFileSync(new URL(`types_${pandas}_series.pkl`, FIXTURES)));
    const { sample_id, model, quality } = LONG;
    assert.equal(nRows, 6);
    assert.deepEqual(Object.fromEntries([...columns].map(([name, cells]) => [name, cellsOf(cells)])), {
      sample_id,
      model,
      quality,
    });
  });

  Deno.test(`readPandasFrame() says of columns of several levels of ${pandas} how to join them`, () =>
    assert.throws(
      () => readPandasFrame(Deno.readFileSync(new URL(`types_${pandas}_multicolumns.pkl`, FIXTURES))),
      /^SyntaxError: Cannot read the pickle as its columns must have one name each: .* as by df\.columns = \[[^\n]+\]$/,
    ));

  Deno.test(`loadOutcomes() makes one table of ${pandas}' types and shapes`, async () => {
    for (const kind of ["categorical", "nullable", "arrow", "multiindex", "named_index", "text_index", "times"]) {
      const table = await loadOutcomes(fileURLToPath(new URL(`types_${pandas}_${kind}.pkl`, FIXTURES)));
      assert.deepEqual(
        [table.promptIds, table.models, table.prompts, [...table.quality], [...table.costUsd]],
        [["10", "11", "12"], ["small", "large"], ["Zero?", "Größer?", "Two 😀?"], LONG.quality, LONG.cost],
        kind,
      );
    }
  });
}

Deno.test("a type of pandas that is not read gets a remedy, any other name a warning", () => {
  const named = (module: string, name: string): Uint8Array =>
    Uint8Array.of(0x80, 2, ...new TextEncoder().encode(`c${module}\n${name}\n.`));
  const refused = (module: string, name: string, message: RegExp): void =>
    assert.throws(() => readPandasFrame(named(module, name)), message);
  refused("pandas.core.arrays.numpy_", "PandasArray", /a type that is not read here; save the table by df\.to_parquet/);
  refused(
    "pandas.io.pickle",
    "read_pickle",
    /names "pandas\.io\.pickle\.read_pickle"; nothing was executed, do not trust/,
  );
  refused("os", "system", /names "os\.system"; nothing was executed, do not trust the file/);
});
