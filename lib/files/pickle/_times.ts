import { type BlockValues, isBlockValues, itemsOf, NdArray } from "./_numpy_array.ts";
import type { PandasColumn } from "./_numpy_types.ts";
import { type Buildable, partOf } from "./_pickled_values.ts";

/** Nanoseconds of numpy's units of time. */
const NANOSECONDS: ReadonlyMap<string, bigint> = new Map([["s", 10n ** 9n], ["ms", 10n ** 6n], ["us", 1000n], [
  "ns",
  1n,
]]);
/** numpy's whole number for a time that is missing: "not a time". */
const NO_TIME = -(2n ** 63n);

/** pandas' times and durations: whole numbers of a unit, times since 1970 in UTC. */
export class TimeArray implements Buildable, BlockValues {
  private values: NdArray | null = null;

  /** @param kind a duration becomes its seconds, a time the text that ISO 8601 writes for it */
  constructor(private readonly kind: "time" | "duration") {}

  build(state: unknown): void {
    this.values = partOf(state, NdArray, "a column of times");
  }

  get shape(): readonly number[] {
    return [1, this.values?.shape.at(-1) ?? 0];
  }

  column(): PandasColumn {
    return this.values === null ? [] : timesOf(this.values, this.kind);
  }
}

/** The cells of an array of times or durations. */
function timesOf(values: NdArray, kind: "time" | "duration"): PandasColumn {
  const unit = NANOSECONDS.get(values.unit ?? "");
  if (unit === undefined) {
    throw new SyntaxError(
      `Cannot read the pickle as times must be whole seconds or thousandths of them: one column counts "${
        values.unit ?? "nothing"
      }"`,
    );
  }
  values.claim(96);
  const counts = itemsOf(values).map((item) => BigInt(item as number | string));
  if (kind === "time") return counts.map((count) => count === NO_TIME ? null : isoTime(count * unit));
  return Float64Array.from(counts, (count) => count === NO_TIME ? NaN : Number(count * unit) / 1e9);
}

/** A time by its nanoseconds since 1970, as `2024-05-01T12:00:00.250Z`: as many digits as it has. */
function isoTime(nanoseconds: bigint): string {
  const seconds = nanoseconds >= 0n ? nanoseconds / 10n ** 9n : -((-nanoseconds + 10n ** 9n - 1n) / 10n ** 9n);
  const rest = String(nanoseconds - seconds * 10n ** 9n).padStart(9, "0").replace(/(000)+$/, "");
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) {
    throw new SyntaxError("Cannot read the pickle as times must lie within 270,000 years: one does not");
  }
  return date.toISOString().replace(".000Z", rest === "" ? "Z" : `.${rest}Z`);
}

/** The values of a column that stands alone: an index, a series. */
export function cellsOf(values: unknown): PandasColumn {
  if (values instanceof NdArray && values.shape.length === 1) {
    return values.unit === null ? values.items() : timesOf(values, values.isDuration ? "duration" : "time");
  }
  if (isBlockValues(values)) return values.column(0);
  throw new SyntaxError("Cannot read the pickle as an index must have values: one has none");
}
