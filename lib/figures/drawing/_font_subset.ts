/** The part of HarfBuzz's subsetter that is used here; all values are addresses and numbers in its memory. */
interface HarfBuzz {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(size: number): number;
  free(address: number): void;
  hb_blob_create(data: number, length: number, mode: number, userData: number, destroy: number): number;
  hb_blob_destroy(blob: number): void;
  hb_blob_get_data(blob: number, length: number): number;
  hb_blob_get_length(blob: number): number;
  hb_face_create(blob: number, index: number): number;
  hb_face_destroy(face: number): void;
  hb_face_reference_blob(face: number): number;
  hb_set_add(set: number, value: number): void;
  hb_subset_input_create_or_fail(): number;
  hb_subset_input_destroy(input: number): void;
  hb_subset_input_set(input: number, kind: number): number;
  hb_subset_input_unicode_set(input: number): number;
  hb_subset_or_fail(face: number, input: number): number;
}

/** `HB_MEMORY_MODE_WRITABLE`. */
const WRITABLE = 2;
/** `HB_SUBSET_SETS_DROP_TABLE_TAG`, and the tables of glyph variants, which figures do not use. */
const DROPPED_TABLES = 3;
const GLYPH_VARIANTS: readonly string[] = ["GSUB", "STAT", "BASE"];

let harfBuzz: Promise<HarfBuzz> | null = null;

/** A TrueType font with the glyphs of some characters only, and their kerning. */
export async function fontSubset(font: Uint8Array, codePoints: readonly number[]): Promise<Uint8Array> {
  harfBuzz ??= openHarfBuzz();
  const hb = await harfBuzz;
  const data = hb.malloc(font.length);
  new Uint8Array(hb.memory.buffer).set(font, data);
  const blob = hb.hb_blob_create(data, font.length, WRITABLE, 0, 0);
  const face = hb.hb_face_create(blob, 0);
  const input = hb.hb_subset_input_create_or_fail();
  const wanted = hb.hb_subset_input_unicode_set(input);
  for (const codePoint of codePoints) hb.hb_set_add(wanted, codePoint);
  for (const tag of GLYPH_VARIANTS) hb.hb_set_add(hb.hb_subset_input_set(input, DROPPED_TABLES), tagOf(tag));
  const subset = hb.hb_subset_or_fail(face, input);
  if (subset === 0) {
    throw new Error(
      `Cannot embed the typeface as HarfBuzz must be able to cut it: it is not, for ${codePoints.length} characters`,
    );
  }
  const result = hb.hb_face_reference_blob(subset);
  const from = hb.hb_blob_get_data(result, 0);
  const bytes = new Uint8Array(hb.memory.buffer).slice(from, from + hb.hb_blob_get_length(result));
  for (const each of [blob, result]) hb.hb_blob_destroy(each);
  for (const each of [face, subset]) hb.hb_face_destroy(each);
  hb.hb_subset_input_destroy(input);
  hb.free(data);
  return bytes;
}

function tagOf(name: string): number {
  return [...name].reduce((tag, letter) => (tag << 8) + letter.charCodeAt(0), 0);
}

async function openHarfBuzz(): Promise<HarfBuzz> {
  const { default: wasm } =
    await (import("harfbuzzjs/hb-subset.wasm", { with: { type: "bytes" } }) as Promise<unknown> as Promise<
      { default: Uint8Array<ArrayBuffer> }
    >);
  return (await WebAssembly.instantiate(wasm)).instance.exports as unknown as HarfBuzz;
}
