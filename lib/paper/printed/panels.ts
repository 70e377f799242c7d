import figures from "../../../data/paper/figures.json" with { type: "json" };
import table1 from "../../../data/paper/table1.json" with { type: "json" };

/** A point of a printed figure. */
export interface PaperPoint {
  /** Cost summed over the test split, USD: the figures do not show means per prompt. */
  readonly costUsd: number;
  /** Mean quality, 0..1. */
  readonly quality: number;
}

/** The routers that the paper plots. */
export type PaperRouter = "zero" | "knn" | "mlp" | "cascade";

/** One router of a printed panel. */
export interface PaperSystem {
  /** Its kind. */
  readonly router: PaperRouter;
  /** How often a cascade's judge errs, 0..1; `null` for other routers, and above .4, where it cannot be read. */
  readonly errorRate: number | null;
  /** The vertices of its hull as drawn, by ascending cost; four systems' are not the hull of `points` (errata). */
  readonly drawnHull: readonly PaperPoint[];
  /** Every plotted setting in its order; for Zero the models, for a cascade above .4 the visible part of its hull. */
  readonly points: readonly PaperPoint[];
  /** A remark on the reading of the points, or `null`. */
  readonly note: string | null;
}

/** One panel of a printed figure. */
export interface PaperPanel {
  /** Number of the figure: 4, 5, 6, 8 or 9. */
  readonly figure: number;
  /** One of Table 1's evaluations, or `rag`. */
  readonly evalName: string;
  /** Whether routers learned from the other evaluations (Figure 9). */
  readonly outOfDomain: boolean;
  /** The printed AIQs, by router; of a cascade one number for all its error rates. */
  readonly printedAiq: Readonly<Partial<Record<PaperRouter, number>>>;
  /** The models that are plotted. */
  readonly models: readonly (PaperPoint & { readonly name: string })[];
  /** The oracle, if it is plotted. Read off the middle of a star, its quality is .0014 to .0026 too high. */
  readonly oracle: PaperPoint | null;
  /** The routers in the order Zero, KNN, MLP, cascades by rising error rate. */
  readonly systems: readonly PaperSystem[];
}

type Pair = readonly [totalCostUsd: number, quality: number];

/** The file's layout. */
interface PanelJson {
  readonly figure: number;
  readonly evalName: string;
  readonly outOfDomain: boolean;
  readonly printedAiq: Readonly<Partial<Record<PaperRouter, number>>>;
  readonly models: Readonly<Record<string, Pair>>;
  readonly series: readonly SeriesJson[];
}

interface SeriesJson {
  readonly router: PaperRouter;
  readonly kind: "hull" | "sweep";
  readonly errorRate?: number | null;
  readonly note?: string;
  readonly points: readonly Pair[];
}

const ORDER: readonly PaperRouter[] = ["zero", "knn", "mlp", "cascade"];

/** Every panel of Figures 4, 5, 6, 8 and 9 whose points are known. */
export const PAPER_PANELS: readonly PaperPanel[] = (figures.panels as unknown as readonly PanelJson[]).map(panelOf);

/**
 * One panel of a printed figure: models, routers and printed AIQs.
 *
 * **Units**: costs are totals of the test split, USD.
 *
 * @param figure 4 (predictive routers), 5 and 8 (cascades), 6 (RAG) or 9 (out of domain)
 * @param evalName the panel's evaluation
 * @throws RangeError for a panel that the paper does not have
 * @example
 * ```ts
 * import { paperPanel } from "./panels.ts";
 * import assert from "node:assert/strict";
 *
 * const panel = paperPanel(4, "mmlu");
 * assert.deepEqual(panel.printedAiq, { zero: 0.763, knn: 0.773, mlp: 0.769 });
 * assert.deepEqual(panel.systems.map(({ router }) => router), ["zero", "knn", "mlp"]);
 * ```
 */
export function paperPanel(figure: number, evalName: string): PaperPanel {
  const panel = PAPER_PANELS.find((panel) => panel.figure === figure && panel.evalName === evalName);
  if (panel !== undefined) return panel;
  const known = PAPER_PANELS.map((panel) => `${panel.figure} ${panel.evalName}`).join(", ");
  throw new RangeError(`Cannot read a panel of the paper as it must be one of ${known}: it is ${figure} ${evalName}`);
}

/**
 * A system's name as tables and legends write it: `Zero`, `KNN`, `MLP`, `Cascade, ε = 0.01`, `Cascade, ε > 0.4`.
 *
 * @example
 * ```ts
 * import { paperPanel, paperSystemName } from "./panels.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(paperSystemName(paperPanel(5, "mmlu").systems[2]), "Cascade, ε = 0.01");
 * ```
 */
export function paperSystemName({ router, errorRate }: Pick<PaperSystem, "router" | "errorRate">): string {
  if (router !== "cascade") return router === "zero" ? "Zero" : router.toUpperCase();
  return errorRate === null ? "Cascade, ε > 0.4" : `Cascade, ε = ${errorRate}`;
}

/** Figure 3's row of the prompts that no model answers. */
export const NO_MODEL = "no_model_correct";

/**
 * Figure 3 (right): for which share of the prompts the oracle picks each model, or {@linkcode NO_MODEL}; two decimals
 * as printed, so that they need not add up to 1.
 *
 * @param evalName one of Table 1's evaluations
 * @throws RangeError for another evaluation
 * @example
 * ```ts
 * import { paperOracleShares } from "./panels.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(paperOracleShares("mmlu")["mistralai/mistral-7b-chat"], 0.52);
 * ```
 */
export function paperOracleShares(evalName: string): Readonly<Record<string, number>> {
  const shares: Readonly<Record<string, Readonly<Record<string, number>>>> = table1.oracleSelectionFrequency;
  if (Object.hasOwn(shares, evalName)) return shares[evalName];
  const known = Object.keys(shares).join(", ");
  throw new RangeError(`Cannot read Figure 3 as the evaluation must be one of ${known}: it is "${evalName}"`);
}

function panelOf({ models, series, ...rest }: PanelJson): PaperPanel {
  const named = Object.entries(models).map(([name, pair]) => ({ name, ...pointOf(pair) }));
  const plotted = named.filter(({ name }) => name !== "Oracle");
  const oracle = models.Oracle;
  const hulls = series.filter(({ kind }) => kind === "hull").map((hull) => systemOf(hull, series, plotted));
  const systems = hulls.sort((a, b) =>
    ORDER.indexOf(a.router) - ORDER.indexOf(b.router) || (a.errorRate ?? 1) - (b.errorRate ?? 1)
  );
  return { ...rest, models: plotted, oracle: oracle === undefined ? null : pointOf(oracle), systems };
}

function systemOf(hull: SeriesJson, series: readonly SeriesJson[], models: readonly PaperPoint[]): PaperSystem {
  const { router, errorRate = null, note = null } = hull;
  const drawnHull = hull.points.map(pointOf);
  const sweep = errorRate === null && router === "cascade"
    ? undefined
    : series.find((each) => each.kind === "sweep" && each.router === router && (each.errorRate ?? null) === errorRate);
  const points = router === "zero"
    ? models.map(({ costUsd, quality }) => ({ costUsd, quality }))
    : sweep?.points.map(pointOf) ?? drawnHull;
  return { router, errorRate, drawnHull, points, note };
}

function pointOf([costUsd, quality]: Pair): PaperPoint {
  return { costUsd, quality };
}
