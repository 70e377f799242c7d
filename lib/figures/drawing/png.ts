import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import { FONT_BYTES, FONT_FAMILY } from "./fonts.ts";

/** The functions of @resvg/resvg-wasm that are used here. */
interface ResvgModule {
  initWasm(bytes: Uint8Array): Promise<void>;
  Resvg: new (svg: string, options: unknown) => { render(): { asPng(): Uint8Array; free(): void }; free(): void };
}

const POINTS_PER_INCH = 72;
const METRES_PER_INCH = 0.0254;
/** The signature, then the header chunk: length, name, 13 bytes, checksum. */
const AFTER_HEADER = 8 + 4 + 4 + 13 + 4;

let resvg: Promise<ResvgModule> | null = null;

/** Draws an SVG as PNG at `dpi` pixels an inch of its printed width, and writes that resolution into the file. */
export async function svgToPng(
  svg: string,
  { widthPt, dpi }: { readonly widthPt: number; readonly dpi: number },
): Promise<Uint8Array<ArrayBuffer>> {
  resvg ??= openResvg();
  const { Resvg } = await resvg;
  const image = new Resvg(svg, {
    fitTo: { mode: "width", value: Math.max(1, Math.round(widthPt / POINTS_PER_INCH * dpi)) },
    font: { fontBuffers: Object.values(FONT_BYTES), defaultFontFamily: FONT_FAMILY, loadSystemFonts: false },
  });
  const rendered = image.render();
  try {
    return withResolution(rendered.asPng(), dpi);
  } finally {
    rendered.free();
    image.free();
  }
}

async function openResvg(): Promise<ResvgModule> {
  const [module, { default: wasm }] = await Promise.all([
    import("@resvg/resvg-wasm") as Promise<unknown> as Promise<ResvgModule>,
    import("@resvg/resvg-wasm/index_bg.wasm", { with: { type: "bytes" } }) as Promise<unknown> as Promise<
      { default: Uint8Array }
    >,
  ]);
  await module.initWasm(wasm);
  return module;
}

/** Inserts the chunk `pHYs` (PNG 1.2, section 11.3.5.3), so that programs place the image at its printed size. */
function withResolution(png: Uint8Array, dpi: number): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(4 + 4 + 9 + 4);
  const view = new DataView(chunk.buffer);
  const perMetre = Math.round(dpi / METRES_PER_INCH);
  view.setUint32(0, 9);
  chunk.set(new TextEncoder().encode("pHYs"), 4);
  view.setUint32(8, perMetre);
  view.setUint32(12, perMetre);
  view.setUint8(16, 1);
  view.setUint32(17, crc32(Buffer.from(chunk.buffer, 4, 13)));
  const result = new Uint8Array(png.length + chunk.length);
  result.set(png.subarray(0, AFTER_HEADER));
  result.set(chunk, AFTER_HEADER);
  result.set(png.subarray(AFTER_HEADER), AFTER_HEADER + chunk.length);
  return result;
}
