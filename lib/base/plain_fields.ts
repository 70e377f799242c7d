import { Buffer } from "node:buffer";

/** An array of numbers in JSON: base64 of its little-endian bytes, so that no digit is lost. */
interface PackedNumbers {
  readonly numbers: "float32" | "float64";
  readonly base64: string;
}

/** A replacer for `JSON.stringify`: typed arrays are packed, an infinite number becomes a word. */
export function packed(_key: string, value: unknown): unknown {
  if (value instanceof Float32Array || value instanceof Float64Array) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const numbers = value instanceof Float32Array ? "float32" : "float64";
    return { numbers, base64: Buffer.from(bytes).toString("base64") } satisfies PackedNumbers;
  }
  return value === Infinity ? "Infinity" : value;
}

/**
 * Reads values that came from a file, each checked. The first that is wrong is named with its place in one error.
 *
 * @example
 * ```ts
 * import { PlainFields } from "./plain_fields.ts";
 * import assert from "node:assert/strict";
 *
 * const fields = new PlainFields({ k: "many" }, { action: "load a router", remedy: "save it again" });
 * assert.throws(() => fields.wholeNumber("k"), /as k must be a whole number: it is "many"; save it again$/);
 * ```
 */
export class PlainFields {
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly words: { readonly action: string; readonly remedy: string },
    private readonly place = "",
  ) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.fields = {};
      this.fail(place === "" ? "it" : place, "be an object of fields", value);
    }
    this.fields = value as Record<string, unknown>;
  }

  /** Throws for a field that breaks a rule; the rule completes "… must". */
  wrong(name: string, rule: string): never {
    return this.fail(this.placeOf(name), rule, this.fields[name]);
  }

  /** The value, unchecked. */
  raw(name: string): unknown {
    return this.fields[name];
  }

  /** A text. */
  text(name: string): string {
    const value = this.fields[name];
    return typeof value === "string" ? value : this.wrong(name, "be a text");
  }

  /** A text that is one of those known. */
  oneOf<T extends string>(name: string, known: readonly T[]): T {
    const value = known.find((each) => each === this.fields[name]);
    return value ?? this.wrong(name, `be ${known.map((each) => `"${each}"`).join(" or ")}`);
  }

  /** An array of texts. */
  texts(name: string): string[] {
    const value = this.fields[name];
    const areTexts = Array.isArray(value) && value.every((each) => typeof each === "string");
    return areTexts ? value : this.wrong(name, "be an array of texts");
  }

  /** A number from `least` up; infinite only where that is allowed. */
  number(name: string, { least = -Infinity, infinite = false }: NumberRange = {}): number {
    const found = this.fields[name];
    const value = infinite && found === "Infinity" ? Infinity : found;
    if (typeof value === "number" && !Number.isNaN(value) && value >= least && (infinite || Number.isFinite(value))) {
      return value;
    }
    return this.wrong(name, least === -Infinity ? "be a number" : `be a number of at least ${least}`);
  }

  /** A whole number from `least` to `most`. */
  wholeNumber(name: string, { least = -Infinity, most = Infinity }: WholeRange = {}): number {
    const value = this.fields[name];
    if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
    const from = least === -Infinity ? "" : ` from ${least}`;
    return this.wrong(name, `be a whole number${from}${most === Infinity ? "" : ` to ${most}`}`);
  }

  /** An object's fields. */
  object(name: string): PlainFields {
    return new PlainFields(this.fields[name], this.words, this.placeOf(name));
  }

  /** The fields of each object of an array. */
  objects(name: string): PlainFields[] {
    const value = this.fields[name];
    if (!Array.isArray(value)) return this.wrong(name, "be an array");
    return value.map((each, at) => new PlainFields(each, this.words, `${this.placeOf(name)}[${at}]`));
  }

  /** The items of an array as fields whose names are their places. */
  items(name: string): PlainFields {
    const value = this.fields[name];
    if (!Array.isArray(value)) return this.wrong(name, "be an array");
    return new PlainFields({ ...value }, this.words, this.placeOf(name));
  }

  /** Reads a field that may be `null`. */
  maybe<T>(name: string, read: (fields: this) => T): T | null {
    return this.fields[name] === null ? null : read(this);
  }

  /** Packed numbers in single precision, `length` of them where it is given; all finite. */
  float32(name: string, length?: number): Float32Array {
    return this.numbers(name, { type: "float32", length }) as Float32Array;
  }

  /** Packed numbers in double precision, `length` of them where it is given; all finite. */
  float64(name: string, length?: number): Float64Array {
    return this.numbers(name, { type: "float64", length }) as Float64Array;
  }

  private numbers(
    name: string,
    { type, length }: { readonly type: PackedNumbers["numbers"]; readonly length?: number },
  ): Float32Array | Float64Array {
    const fields = this.object(name);
    if (fields.raw("numbers") !== type) return fields.wrong("numbers", `be "${type}"`);
    const bytes = bytesOf(fields.text("base64"));
    const size = type === "float32" ? 4 : 8;
    if (bytes === null || bytes.length % size !== 0) {
      return this.fail(`${this.placeOf(name)}.base64`, `be base64 of whole ${type} numbers`, "none");
    }
    const values = type === "float32" ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
    if (length !== undefined && values.length !== length) {
      return this.fail(this.placeOf(name), `hold ${length} numbers`, values.length);
    }
    if (!values.every(Number.isFinite)) return this.fail(this.placeOf(name), "hold finite numbers", "one is not");
    return values;
  }

  private placeOf(name: string): string {
    return this.place === "" ? name : `${this.place}.${name}`;
  }

  private fail(place: string, rule: string, found: unknown): never {
    const { action, remedy } = this.words;
    throw new SyntaxError(`Cannot ${action} as ${place} must ${rule}: it is ${described(found)}; ${remedy}`);
  }
}

interface NumberRange {
  readonly least?: number;
  readonly infinite?: boolean;
}

interface WholeRange {
  readonly least?: number;
  readonly most?: number;
}

/** Bytes in a buffer of their own, as views must start at multiples of their size; `null` where it is no base64. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
  return Buffer.from(bytes).toString("base64") === base64 ? bytes : null;
}

function described(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
