/** All figures of the paper, drawn from its printed points. */
import { aiqAreas } from "./aiq_areas.ts";
import { aiqIllustration, hullIllustration, interpolationIllustration } from "./illustrations.ts";
import { listPriceFigure, paperCostFigure } from "./model_costs.ts";
import { oracleShareFigure } from "./oracle_shares.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import { printedPanel } from "./printed_panel.ts";
import { PAPER_EVAL_TITLES } from "../../outcomes/paper_table.ts";
import { PAPER_PANELS } from "../printed/panels.ts";
import { rankReversal } from "../errata/errata.ts";

/** A figure of the paper drawn anew. */
export interface PaperFigure {
  /** Name of its files: `paper_figure_4_mmlu`. */
  readonly name: string;
  /** What it shows, a sentence. */
  readonly caption: string;
  /** The figure. */
  readonly figure: PlotlyFigure;
}

/** What the panels of a figure show. */
const PANEL_CAPTIONS: Readonly<Record<number, string>> = {
  4: "predictive routers, trained on the same evaluation",
  5: "cascades by their judge's error rate",
  6: "retrieval-augmented generation: five systems, four routers",
  8: "cascades by their judge's error rate",
  9: "predictive routers, trained on the other evaluations",
};

/** The paper's figures, in its order, from its printed points: none depends on the outcomes of a run. */
export function paperFigures(): PaperFigure[] {
  const { evalName, systems, costRangeUsd, maxCostUsd } = rankReversal();
  const areas = systems.map(({ name, family, hull }) => ({ name, family, points: hull }));
  const costLabel = "Total cost of the test split (USD)";
  const title = PAPER_EVAL_TITLES[evalName];
  return [
    {
      name: "paper_figure_1_interpolation",
      caption: "Figure 1: two models, their mixes, and what lies outside. Invented points.",
      figure: interpolationIllustration(),
    },
    {
      name: "paper_figure_2_hull",
      caption: "Figure 2: the non-decreasing convex hull. Invented points.",
      figure: hullIllustration(),
    },
    {
      name: "paper_figure_2_aiq",
      caption: "AIQ as an area, by the formula. The same made points.",
      figure: aiqIllustration(),
    },
    {
      name: "paper_figure_3_oracle_shares",
      caption: "Figure 3: which models the oracle picks, as printed.",
      figure: oracleShareFigure(),
    },
    {
      name: "paper_figure_3_costs",
      caption: "What a prompt costs: Table 1's totals by the number of test prompts.",
      figure: paperCostFigure(),
    },
    { name: "paper_figure_3_list_prices", caption: "The list prices behind those costs.", figure: listPriceFigure() },
    ...PAPER_PANELS.map(({ figure, evalName }): PaperFigure => ({
      name: `paper_figure_${figure}_${evalName}`,
      caption: `Figure ${figure}, ${PAPER_EVAL_TITLES[evalName]}: ${PANEL_CAPTIONS[figure]}. Published points.`,
      figure: printedPanel(figure, evalName),
    })),
    {
      name: "paper_figure_8_reversal_reference_code",
      caption:
        `Figure 8, ${title}: the areas that the reference code's rule compares. Room left of a system's first point counts as nothing.`,
      figure: aiqAreas({
        title: `${title}, reference code`,
        systems: areas,
        rule: { rule: "reference-code", maxCostUsd },
        costLabel,
      }),
    },
    {
      name: "paper_figure_8_reversal_formula",
      caption: `The same hulls by the paper's formula: the ranking is reversed.`,
      figure: aiqAreas({
        title: `${title}, formula`,
        systems: areas,
        rule: { rule: "formula", costRangeUsd },
        costLabel,
      }),
    },
  ];
}
