/** What stands where a field is missing, and which file it is missing in. */
export interface FieldOptions<T> {
  /** The file's name, with the model where it is a model's field. */
  readonly name: string;
  /** The value where the field is not there; without it the field must be there. */
  readonly fallback?: T;
}

/**
 * An object of a configuration file.
 *
 * @throws TypeError where the value is no object
 */
export function needObject(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new TypeError(`Cannot read "${name}" as it must be an object: it is ${kindOf(value)}; see --example`);
}

/**
 * A field that is a number, 0 or more.
 *
 * @throws TypeError where it is missing or no number; RangeError where it is below 0 or infinite
 */
export function numberField(
  from: Readonly<Record<string, unknown>>,
  field: string,
  { name, fallback }: FieldOptions<number>,
): number {
  const value = from[field] ?? fallback;
  if (typeof value !== "number") {
    throw new TypeError(`Cannot read "${name}" as ${field} must be a number: it is ${kindOf(value)}; see --example`);
  }
  if (value >= 0 && value < Infinity) return value;
  throw new RangeError(`Cannot read "${name}" as ${field} must be 0 or more: it is ${value}; correct it`);
}

/**
 * A field that is a text, or `null` where the fallback is `null`.
 *
 * @throws TypeError where it is missing or no text
 */
export function textField(
  from: Readonly<Record<string, unknown>>,
  field: string,
  { name, fallback }: FieldOptions<string | null>,
): string | null {
  const value = from[field] ?? fallback;
  if ((typeof value === "string" && value !== "") || (value === null && fallback === null)) return value;
  throw new TypeError(`Cannot read "${name}" as ${field} must be a text: it is ${kindOf(value)}; see --example`);
}

/** What a value is, without repeating it: it may be a key at the wrong place. */
function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === "") return "empty";
  return value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
