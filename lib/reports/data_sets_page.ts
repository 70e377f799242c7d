import type { BesideEvaluation } from "../experiments/beside.ts";
import { besideSection } from "./evaluate_page.ts";
import { note } from "./html_page.ts";
import { livePage, type PageFigure } from "./live_page.ts";
import { type Manifest, provenanceBody } from "./manifest.ts";
import { symbolsBody } from "./reading.ts";

/** The same routers on several data sets, as a page that opens from disk. */
export function dataSetsPage(
  compared: BesideEvaluation,
  { figures, manifest, notebooks }: {
    readonly figures: ReadonlyMap<string, PageFigure>;
    readonly manifest: Omit<Manifest, "files">;
    /** The folder of the notebooks as seen from the page; `null` where it has none. */
    readonly notebooks: string | null;
  },
): Promise<string> {
  return livePage(compared.title, {
    lead: note(
      "Gains are differences of the formula's AIQ from that of Zero on the same data set, with 95 % intervals.",
    ),
    figures,
    sections: (figure) => [
      besideSection(compared, figure),
      { id: "symbols", title: "Signs and words", body: symbolsBody(notebooks) },
      { id: "provenance", title: "Provenance", body: provenanceBody(manifest) },
    ],
  });
}
