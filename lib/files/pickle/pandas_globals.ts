import { blockOf, managerOf, PickledDataFrame, PickledSeries, SeriesManager, Slice } from "./_blocks.ts";
import { PickledIndex } from "./_index.ts";
import { NdArray, OtherCell } from "./_numpy_array.ts";
import { Dtype, plainText } from "./_numpy_types.ts";
import { PickledList } from "./_pickled_literals.ts";
import { PickledText } from "./pickled_text.ts";
import { type Buildable, isGlobal, type PickledGlobal, type Room } from "./_pickled_values.ts";
import { ArrowChunks, ArrowColumn, restoredArrow, StringArray } from "./_text_arrays.ts";
import { TimeArray } from "./_times.ts";
import { Categorical, CategoricalDtype, MaskedArray, UnreadArray } from "./_typed_arrays.ts";
import type { PickleContext } from "./pickle_reader.ts";

/** The bytes of a text whose characters are bytes: `_codecs.encode(text, "latin1")`, as protocol 2 writes bytes. */
function latin1(text: unknown, encoding: unknown, room: Room): Uint8Array {
  if (!(text instanceof PickledText) || !["latin1", "latin-1"].includes(plainText(encoding, "an encoding"))) {
    throw new SyntaxError("Cannot read the pickle as its bytes must be written as Latin-1: some are not");
  }
  room.take(3 * (text.length));
  const bytes = Uint8Array.from(String(text), (character) => character.codePointAt(0)!);
  return bytes;
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value === undefined) return new Uint8Array(0);
  throw new SyntaxError("Cannot read the pickle as a buffer must hold bytes: one does not");
}

/** A global that is there under several names. */
function named(names: readonly string[], call: PickledGlobal["call"]): [string, PickledGlobal][] {
  return names.map((name) => [name, { call }]);
}

/** Takes any state and does nothing. */
class Inert implements Buildable {
  build(): void {}
}

/** Columns of pandas by their classes: where versions have them, and what stands for them. */
const ARRAYS: readonly (readonly [module: string, names: readonly string[], make: (name: string) => unknown])[] = [
  ["string_", ["StringArray"], () => new StringArray()],
  ["string_arrow", ["ArrowStringArray"], () => new ArrowColumn()],
  ["arrow.array", ["ArrowExtensionArray"], () => new ArrowColumn()],
  ["categorical", ["Categorical"], () => new Categorical()],
  ["integer", ["IntegerArray"], () => new MaskedArray()],
  ["floating", ["FloatingArray"], () => new MaskedArray()],
  ["boolean", ["BooleanArray"], () => new MaskedArray()],
  ["datetimes", ["DatetimeArray"], () => new TimeArray("time")],
  ["timedeltas", ["TimedeltaArray"], () => new TimeArray("duration")],
  ["period", ["PeriodArray"], (name) => new UnreadArray(name)],
  ["sparse.array", ["SparseArray"], (name) => new UnreadArray(name)],
  ["interval", ["IntervalArray"], (name) => new UnreadArray(name)],
];

function arrays(): [string, PickledGlobal][] {
  return ARRAYS.flatMap(([module, names, make]) =>
    names.flatMap((name) =>
      named(
        ["pandas", "pandas.arrays", `pandas.core.arrays.${module}`].map((place) => `${place}.${name}`),
        () => make(name),
      )
    )
  );
}

/** What says how a column is stored, which its values say too; and the steps of an index of times. */
const INERT: readonly string[] = [
  ...["ArrowDtype", "DatetimeTZDtype", "IntervalDtype", "PeriodDtype", "SparseDtype"].flatMap((name) => [
    `pandas.${name}`,
    `pandas.core.dtypes.dtypes.${name}`,
    `pandas.core.arrays.arrow.dtype.${name}`,
  ]),
  "pandas.core.arrays.sparse.dtype.SparseDtype",
  ...["Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float32", "Float64", "Boolean"]
    .flatMap(
      (name) =>
        ["pandas", "pandas.core.arrays.integer", "pandas.core.arrays.floating", "pandas.core.arrays.boolean"].map(
          (place) => `${place}.${name}Dtype`,
        ),
    ),
  "pandas.StringDtype",
  "pandas.core.arrays.string_.StringDtype",
  "pandas._libs.sparse.IntIndex",
  "pandas._libs.sparse.BlockIndex",
  ...["Nano", "Micro", "Milli", "Second", "Minute", "Hour", "Day", "BusinessDay", "Week", "MonthBegin", "MonthEnd"].map(
    (name) => `pandas._libs.tslibs.offsets.${name}`,
  ),
  ...["pytz._p", "pytz._UTC", "pytz.utc", "datetime.timezone", "datetime.timedelta", "dateutil.tz.tz.tzutc"],
];

/** Objects of Python in cells: they are no texts or numbers, and nothing reads them. */
const OBJECTS: readonly string[] = [
  ...["datetime.datetime", "datetime.date", "datetime.time", "uuid.UUID"],
  "pandas._libs.tslibs.timestamps._unpickle_timestamp",
  "pandas._libs.tslibs.timedeltas._timedelta_unpickle",
];

/** Indexes of rows and columns: their class says nothing that their parts do not say. */
const INDEXES: readonly string[] = [
  ...["base.Index", "range.RangeIndex", "multi.MultiIndex", "category.CategoricalIndex", "datetimes.DatetimeIndex"],
  ...[
    "timedeltas.TimedeltaIndex",
    "numeric.Int64Index",
    "numeric.UInt64Index",
    "numeric.Float64Index",
    "interval.IntervalIndex",
  ],
  ...["period.PeriodIndex"],
];

/** The time zone `zoneinfo.ZoneInfo`, and its `_unpickle`: the only attribute that may be asked for. */
const ZONE: PickledGlobal = { call: () => new Inert() };

function attribute([object, name]: readonly unknown[]): PickledGlobal {
  if (object === ZONE && plainText(name, "an attribute") === "_unpickle") return ZONE;
  throw new SyntaxError(
    'Cannot read the pickle as it may name only what a table of outcomes needs: it names "builtins.getattr"; nothing was executed, do not trust the file',
  );
}

function madeOf([kind]: readonly unknown[]): unknown {
  return isGlobal(kind) ? kind.call([]) : new UnreadArray("an unknown kind");
}

/** The allow-list of data/paper/README.md, "Data", with what older protocols and pandas 3 add: everything else is an error that names the global. */
export function pandasGlobals({ literals, room }: PickleContext): ReadonlyMap<string, PickledGlobal> {
  const isColumnMajor = (order: unknown): boolean =>
    order !== undefined && plainText(order, "an array's order") === "F";
  return new Map([
    ...named(["pandas.core.frame.DataFrame", "pandas.DataFrame"], () => new PickledDataFrame()),
    ...named(["pandas.core.series.Series", "pandas.Series"], () => new PickledSeries()),
    ...named(["pandas.core.internals.managers.BlockManager"], managerOf),
    ...named(["pandas.core.internals.managers.SingleBlockManager"], () => new SeriesManager()),
    ...named(["pandas._libs.internals._unpickle_block"], blockOf),
    ...named(
      [
        "pandas.core.indexes.base._new_Index",
        "pandas.core.indexes.datetimes._new_DatetimeIndex",
        "pandas.core.indexes.interval._new_IntervalIndex",
        "pandas.core.indexes.period._new_PeriodIndex",
      ],
      ([, data]) => new PickledIndex(data instanceof Map ? data : new Map()),
    ),
    ...named(
      INDEXES.flatMap((name) => [`pandas.core.indexes.${name}`, `pandas.${name.replace(/^.*\./, "")}`]),
      () => null,
    ),
    ...arrays(),
    ...named(["pandas._libs.arrays.__pyx_unpickle_NDArrayBacked"], madeOf),
    ...named(["pandas.CategoricalDtype", "pandas.core.dtypes.dtypes.CategoricalDtype"], () => new CategoricalDtype()),
    ...named(INERT, () => new Inert()),
    ...named(OBJECTS, () => new OtherCell()),
    ...named(["decimal.Decimal"], ([digits]) => plainText(digits, "a decimal")),
    ...named(["_nat_unpickle", "__nat_unpickle"].map((name) => `pandas._libs.tslibs.nattype.${name}`), () => null),
    ["zoneinfo.ZoneInfo", ZONE],
    ...named(["builtins.getattr"], attribute),
    ...named(["builtins.slice", "__builtin__.slice"], (parts) => new Slice(parts, room)),
    ...named(["builtins.bytearray", "__builtin__.bytearray", "__builtin__.bytes"], ([value]) => bytesOf(value)),
    ...named(["_codecs.encode"], ([text, encoding]) => latin1(text, encoding, room)),
    ...named(["numpy.ndarray", "numpy.recarray", "numpy.rec.recarray"], () => null),
    // Dictionaries like Python's own, in pickles that hold no data frame: the error then says how to make one.
    ...named(["collections.OrderedDict", "collections.defaultdict"], () => new Map()),
    ...named(["builtins.list", "builtins.dict", "__builtin__.list", "__builtin__.dict"], () => new Inert()),
    ...named(["numpy.dtype"], ([code]) => new Dtype(code)),
    ...named(
      ["numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct"],
      () => new NdArray(literals, room),
    ),
    ...named(
      ["numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"],
      ([dtype, data]) => new NdArray(literals, room).fill({ shape: [1], dtype, columnMajor: false, data }).items()[0],
    ),
    ...named(
      ["numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer"],
      ([data, dtype, shape, order]) =>
        new NdArray(literals, room).fill({ shape, dtype, columnMajor: isColumnMajor(order), data }),
    ),
    ...named(["pyarrow.lib._restore_array"], ([state]) => restoredArrow(state, room)),
    ...named(
      ["pyarrow.lib.chunked_array"],
      ([chunks]) => new ArrowChunks(chunks instanceof PickledList ? chunks.values() : []),
    ),
    ...named(["pyarrow.lib.type_for_alias"], ([name]) => plainText(name, "a type's name")),
    ...named(["pyarrow.lib.py_buffer"], ([bytes]) => bytesOf(bytes)),
  ]);
}
