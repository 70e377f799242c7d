/**
 * SQL as text. Every name and every value that comes from outside goes through {@linkcode quotedName}, {@linkcode
 * quotedText} or {@linkcode numberText}: servers of 2018 know no query parameters.
 */

/** How ClickHouse writes the signs that would end or change a quoted text. */
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  "`": "\\`",
  "\0": "\\0",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

function quoted(text: string, mark: "'" | "`"): string {
  if (!text.isWellFormed()) {
    throw new TypeError(
      `Cannot write SQL as names and values must be Unicode: ${JSON.stringify(text)} has half of a surrogate pair`,
    );
  }
  return mark + text.replaceAll(/[\\'`\0\n\r\t\b\f]/g, (sign) => ESCAPES[sign]) + mark;
}

/**
 * The name of a database, table, column or alias.
 *
 * @throws TypeError where it is empty or no Unicode
 */
export function quotedName(name: string): string {
  if (name === "") throw new TypeError("Cannot write SQL as a name must not be empty: one is");
  return quoted(name, "`");
}

/**
 * A text as a value.
 *
 * @throws TypeError where it is no Unicode
 */
export function quotedText(text: string): string {
  return quoted(text, "'");
}

/**
 * A number as a value, with all its digits, of type Float64.
 *
 * @throws RangeError where it is not finite
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`Cannot write SQL as a number must be finite: one is ${value}`);
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Numbers as an array of Float64. */
export function numberList(values: Iterable<number>): string {
  return `[${Array.from(values, numberText).join(", ")}]`;
}

/** Texts as an array of String. */
export function textList(values: readonly string[]): string {
  return `[${values.map(quotedText).join(", ")}]`;
}

/** The parts of a query; names of columns are aliases of ours, expressions are SQL. */
export interface SelectParts {
  /** Expression of each column by its alias. */
  readonly columns: Readonly<Record<string, string>>;
  /** A table, or a query from {@linkcode select}. */
  readonly from: string;
  /** Conditions that hold all; none is the same as no condition. */
  readonly where?: readonly string[];
  /** True where equal rows count as one. */
  readonly isDistinct?: boolean;
  /** Expressions or aliases. */
  readonly groupBy?: readonly string[];
  /** Condition on groups. */
  readonly having?: string;
  /** Expressions or aliases. */
  readonly orderBy?: readonly string[];
}

/**
 * A query.
 *
 * @example
 * ```ts
 * import { quotedName, select } from "./sql.ts";
 * import assert from "node:assert/strict";
 *
 * const sql = select({ columns: { n: "count()" }, from: quotedName("a`b"), where: ["x > 1"] });
 * assert.equal(sql, "SELECT count() AS n\nFROM `a\\`b`\nWHERE (x > 1)");
 * ```
 */
export function select(
  { columns, from, where = [], isDistinct = false, groupBy = [], having, orderBy = [] }: SelectParts,
): string {
  const listed = Object.entries(columns).map(([alias, expression]) =>
    alias === expression ? alias : `${expression} AS ${alias}`
  );
  return [
    `SELECT ${isDistinct ? "DISTINCT " : ""}${listed.join(", ")}`,
    `FROM ${from}`,
    ...(where.length === 0 ? [] : [`WHERE ${where.map((condition) => `(${condition})`).join(" AND ")}`]),
    ...(groupBy.length === 0 ? [] : [`GROUP BY ${groupBy.join(", ")}`]),
    ...(having === undefined ? [] : [`HAVING ${having}`]),
    ...(orderBy.length === 0 ? [] : [`ORDER BY ${orderBy.join(", ")}`]),
  ].join("\n");
}

/** A query as the source of another. */
export function inner(query: string): string {
  return `(\n${query.replaceAll(/^/gm, "  ")}\n)`;
}
