import { PAPER_PANELS, type PaperPanel, type PaperRouter, paperSystemName } from "./panels.ts";
import { PAPER_MODEL_ROWS } from "../../outcomes/paper_table.ts";
import { type PrintedNumber, printedNumbers } from "./printed.ts";

/** One number of the paper: printed in figures, or read off a plotted point. */
export interface PaperNumber extends Omit<PrintedNumber, "quantity"> {
  /** As of a printed number; of a plotted point its total cost and quality, of a vertex the quality at its cost. */
  readonly quantity:
    | PrintedNumber["quantity"]
    | "plotted_total_cost_usd"
    | "plotted_quality"
    | "plotted_quality_at_cost";
  /** The total cost of a drawn hull's vertex, USD; else `null`. */
  readonly atCostUsd: number | null;
}

/**
 * Every number of the paper that can be compared: those that are printed, then every plotted model, oracle and vertex
 * of a drawn hull. The table of differences has a row for each, so that it has no holes.
 */
export function paperNumbers(): PaperNumber[] {
  return [
    ...printedNumbers().map((number) => ({ ...number, atCostUsd: null })),
    ...PAPER_PANELS.flatMap(plottedNumbers),
  ];
}

function plottedNumbers({ figure, evalName, models, oracle, systems }: PaperPanel): PaperNumber[] {
  const place = { figure: `Figure ${figure}`, evalName, atCostUsd: null };
  const points = models.map(({ name, ...point }) => ({ router: modelNamed(name), ...point }));
  const plotted = oracle === null ? points : [...points, { router: "oracle", ...oracle }];
  return [
    ...plotted.flatMap(({ router, costUsd, quality }): PaperNumber[] => [
      { ...place, router, quantity: "plotted_quality", printed: quality },
      { ...place, router, quantity: "plotted_total_cost_usd", printed: costUsd },
    ]),
    ...systems.flatMap((system) =>
      system.drawnHull.map(({ costUsd, quality }): PaperNumber => ({
        ...place,
        router: paperSystemName(system),
        quantity: "plotted_quality_at_cost",
        printed: quality,
        atCostUsd: costUsd,
      }))
    ),
  ];
}

/** A model as the released files name it; a name of Figure 6, whose systems are not released, as it is. */
function modelNamed(paperName: string): string {
  return PAPER_MODEL_ROWS.find((row) => row.paperName === paperName)?.model ?? paperName;
}

/** Uncertainty of a plotted point's total cost, USD: four decimals, and a share for its place on the axis. */
export function readingOfCost(totalCostUsd: number): number {
  return 5e-5 + 2e-3 * totalCostUsd;
}

/** The router that a name in tables and legends stands for. */
export function routerNamed(name: string): PaperRouter {
  return name.split(",")[0].toLowerCase() as PaperRouter;
}
