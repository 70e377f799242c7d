import { FONT_BYTES } from "./fonts.ts";

/** The part of pdfkit that is used here; the package has no types. */
interface PdfDocument {
  on(event: "data", listener: (bytes: Uint8Array) => void): void;
  on(event: "end", listener: () => void): void;
  on(event: "error", listener: (error: unknown) => void): void;
  registerFont(name: string, bytes: Uint8Array): void;
  addContent(operator: string): PdfDocument;
  dash(length: number | readonly number[], options?: { readonly phase?: number }): PdfDocument;
  end(): void;
}
type NewPdfDocument = new (options: unknown) => PdfDocument;
type SvgToPdf = (document: PdfDocument, svg: string, x: number, y: number, options: unknown) => void;

/** The date in every file, so that the same figure gives the same bytes. */
const FIXED_DATE = new Date(0);

/** Draws an SVG as a PDF of one page with selectable text, the fonts embedded. */
export async function svgToPdf(
  svg: string,
  { title, widthPt, heightPt }: { readonly title: string; readonly widthPt: number; readonly heightPt: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const [{ default: Document }, { default: draw }] = await Promise.all([
    import("pdfkit") as Promise<unknown> as Promise<{ default: NewPdfDocument }>,
    import("svg-to-pdfkit") as Promise<unknown> as Promise<{ default: SvgToPdf }>,
  ]);
  const document = new Document({
    size: [widthPt, heightPt],
    margin: 0,
    info: { Title: title, Creator: "routerbench", CreationDate: FIXED_DATE, ModDate: FIXED_DATE },
  });
  const parts: Uint8Array[] = [];
  const warnings: string[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    document.on("data", (bytes) => parts.push(bytes));
    document.on("end", resolve);
    document.on("error", reject);
  });
  allowZeroDashes(document);
  for (const [name, bytes] of Object.entries(FONT_BYTES)) document.registerFont(name, bytes);
  draw(document, svg, 0, 0, {
    width: widthPt,
    height: heightPt,
    assumePt: false,
    fontCallback: (_family: string, bold: boolean, italic: boolean) => bold ? "bold" : italic ? "italic" : "regular",
    warningCallback: (warning: string) => warnings.push(warning),
  });
  document.end();
  await ended;
  if (warnings.length > 0) {
    throw new Error(
      `Cannot write the figure as PDF as every part must be drawn: ${warnings.join("; ")}; save it as SVG`,
    );
  }
  return joined(parts);
}

/** Plotly's legend symbols have dashes of length 0: PDF allows them, pdfkit refuses them. */
function allowZeroDashes(document: PdfDocument): void {
  const dash = document.dash.bind(document);
  document.dash = (length, options) =>
    Array.isArray(length) && length.includes(0)
      ? document.addContent(`[${length.join(" ")}] ${options?.phase ?? 0} d`)
      : dash(length, options);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
