import type { SchemaElement } from "hyparquet";
import { converted, decoded } from "./_decoded.ts";
import type { ParquetPage } from "./_pages.ts";

type CellReader = (page: ParquetPage) => Iterable<string | boolean>;

/** Reads the cells of a column that holds neither texts nor numbers. */
export function otherReader(element: SchemaElement): CellReader {
  const { type, logical_type: logical, converted_type: kind } = element;
  const raw = { ...element, logical_type: undefined, converted_type: undefined };
  const unit = (logical?.type === "TIMESTAMP" || logical?.type === "TIME" ? logical.unit : undefined) ??
    /^TIME(?:STAMP)?_(MILLIS|MICROS)$/.exec(kind ?? "")?.[1] as TimeUnit | undefined;
  const cellsOf = (make: (value: never) => string): CellReader => (page) =>
    Array.from(decoded(page, raw) as unknown as ArrayLike<never>, make);
  if (type === "FIXED_LEN_BYTE_ARRAY") return cellsOf((bytes: Uint8Array) => bytes.toHex());
  if (unit === undefined) return (page) => Array.from(converted(page, element) as ArrayLike<unknown>, textOfOther);
  const perSecond = PER_SECOND[unit];
  if (logical?.type === "TIME" || kind?.startsWith("TIME_")) {
    return cellsOf((value: bigint | number) => String(Number(value) / perSecond));
  }
  return cellsOf((value: bigint | number) => timeOf(BigInt(value), BigInt(perSecond / 1000)));
}

type TimeUnit = "MILLIS" | "MICROS" | "NANOS";
const PER_SECOND: Readonly<Record<TimeUnit, number>> = { MILLIS: 1e3, MICROS: 1e6, NANOS: 1e9 };

function textOfOther(value: unknown): string | boolean {
  return typeof value === "boolean" ? value : value instanceof Date ? value.toISOString() : String(value);
}

/** Beyond there are no dates. */
const MOST_MILLISECONDS = 8.64e15;

/** A moment with each digit that it has: two within a millisecond are two. */
function timeOf(value: bigint, perMillisecond: bigint): string {
  const rest = ((value % perMillisecond) + perMillisecond) % perMillisecond;
  const milliseconds = Number((value - rest) / perMillisecond);
  if (Math.abs(milliseconds) > MOST_MILLISECONDS) return String(value);
  const time = new Date(milliseconds).toISOString();
  if (rest === 0n) return time;
  const digits = String(rest).padStart(String(perMillisecond).length - 1, "0");
  return time.replace("Z", `${digits}Z`);
}
