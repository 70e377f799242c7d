import { Buffer } from "node:buffer";
import { join } from "node:path";
import { sha256OfBytes } from "../base/sha256.ts";
import { writeWhole } from "../base/write_whole.ts";
import type { RenderedFigure } from "../figures/export.ts";
import { type PaperFigure, paperFigures } from "../paper/figures/catalogue.ts";

/** A figure of the paper with its drawing, where an earlier run has kept that. */
export interface KeptFigure extends PaperFigure {
  readonly drawn: RenderedFigure | null;
}

/** The beginning of the file's name; the rest is the key. */
const PREFIX = "paper_figures-";

/**
 * The figures of the paper, which show its printed numbers and are the same in every run, as an earlier run has drawn
 * and kept them; without one they are made anew.
 *
 * What is kept belongs to a key: the contents of every file of this program's code, of the printed numbers and of the
 * list of packages, and the version of Deno. Where anything of these has changed, and where the kept file is not whole,
 * nothing of it is used.
 *
 * @param root the project's folder
 * @param cache the folder in which they are kept
 */
export async function keptFigures(root: string, cache: string): Promise<KeptFigure[]> {
  try {
    const [checksum, text] = (await Deno.readTextFile(await pathOf(root, cache))).split("\n");
    if (sha256OfBytes(text) === checksum) return JSON.parse(text).map(revived);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return paperFigures().map((figure) => ({ ...figure, drawn: null }));
}

/**
 * Keeps drawings for the next run, in the place of those of other code. A disk that takes none costs the next run its
 * time, and nothing else.
 */
export async function keepFigures(
  published: readonly KeptFigure[],
  drawn: ReadonlyMap<string, RenderedFigure>,
  { root, cache }: { readonly root: string; readonly cache: string },
): Promise<void> {
  if (published.every((figure) => figure.drawn !== null)) return;
  const text = JSON.stringify(published.map((figure) => {
    const { svg, pdf, png } = drawn.get(figure.name)!;
    return { ...figure, drawn: { svg, pdf: base64(pdf), png: base64(png) } };
  }));
  try {
    const path = await pathOf(root, cache);
    await Deno.mkdir(cache, { recursive: true });
    for await (const { name } of Deno.readDir(cache)) {
      if (name.startsWith(PREFIX)) await Deno.remove(join(cache, name));
    }
    await writeWhole(path, `${sha256OfBytes(text)}\n${text}`);
  } catch {
    return;
  }
}

function revived(figure: PaperFigure & { readonly drawn: Record<keyof RenderedFigure, string> }): KeptFigure {
  const { svg, pdf, png } = figure.drawn;
  return { ...figure, drawn: { svg, pdf: bytesOf(pdf), png: bytesOf(png) } };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, "base64"));
}

async function pathOf(root: string, cache: string): Promise<string> {
  const files = [join(root, "deno.lock")];
  for (const folder of ["lib", join("data", "paper")]) await addFiles(join(root, folder), files);
  const parts = await Promise.all(
    files.sort().map(async (path) => `${path.slice(root.length)} ${sha256OfBytes(await Deno.readFile(path))}\n`),
  );
  return join(cache, `${PREFIX}${sha256OfBytes(Deno.version.deno, ...parts)}.json`);
}

async function addFiles(folder: string, files: string[]): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await addFiles(join(folder, name), files);
    else files.push(join(folder, name));
  }
}
