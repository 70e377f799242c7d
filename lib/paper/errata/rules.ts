import { aiq } from "../../evaluation/aiq.ts";
import { PAPER_EVAL_TITLES } from "../../outcomes/paper_table.ts";
import { PAPER_PANELS, paperPanel, type PaperPoint, type PaperSystem, paperSystemName } from "../printed/panels.ts";
import { nonDecreasingHull } from "../../plane/non_decreasing_hull.ts";
import type { RankReversal } from "../printed/reversal.ts";
import { depthOfDrawnHull, hasTiedCosts, panelWidths, plottedAiq } from "../printed/aiq.ts";
import { type ErratumRow, one, three } from "./_erratum.ts";
import { printedAiqRows } from "../printed/printed.ts";

/** Costs are read to 2e-3 of their axis, which explains no drawn hull that is lower than this at a vertex. */
const VISIBLE_DEPTH = 5e-3;

/** Errata of rules and curves: the rule by which a number was computed. */
export function ruleErrata(reversal: RankReversal): ErratumRow[] {
  return [
    otherRule(),
    reversedRanking(reversal),
    dependsOnNeighbours("grade-school-math", { figure: 5, otherFigure: 4 }),
    ownMaxCost(),
    errorRateOfCaptions(),
    drawnHulls(),
    routersOfOneModel(),
    figure6(),
  ];
}

function otherRule(): ErratumRow {
  const rows = printedAiqRows();
  const largest = rows.reduce((a, b) => Math.abs(b.formulaDifference) > Math.abs(a.formulaDifference) ? b : a);
  const nByCode = rows.filter(({ verdict }) => verdict !== "open").length;
  const nByFormula = rows.filter(({ formulaDifference }) => Math.abs(formulaDifference) <= 6e-4).length;
  return {
    id: "rule-is-not-the-formula",
    point: 1,
    title: "AIQ is defined by one rule and printed by another",
    where: "Section 3.3 and Figures 4, 5, 6, 8",
    printed: `${rows.length} AIQs`,
    computed:
      `${nByCode} come out by the reference code's rule, ${nByFormula} by the formula; the largest difference is ${largest.router} on ` +
      `${PAPER_EVAL_TITLES[largest.evalName]}, printed ${three(largest.printed)}, by the formula ${
        three(largest.formula)
      }`,
    evidence: {
      nPrinted: rows.length,
      nByReferenceCode: nByCode,
      nByFormula,
      largestDifference: largest.formulaDifference,
    },
  };
}

function reversedRanking({ systems: [zero, cascade], maxCostUsd, costRangeUsd: [low] }: RankReversal): ErratumRow {
  return {
    id: "rule-reverses-ranking",
    point: 1,
    title: "On HellaSwag the rule decides who is better",
    where: "Figure 8, HellaSwag",
    printed: "Zero .607, cascade .469",
    computed: `the same hulls by the formula from ${low} to ${maxCostUsd} USD: Zero ${three(zero.formula)}, cascade ${
      three(cascade.formula)
    }`,
    evidence: {
      zeroByReferenceCode: zero.referenceCode,
      cascadeByReferenceCode: cascade.referenceCode,
      zeroByFormula: zero.formula,
      cascadeByFormula: cascade.formula,
    },
  };
}

/** The same points at the X of two panels. */
function dependsOnNeighbours(
  evalName: string,
  { figure, otherFigure }: { figure: number; otherFigure: number },
): ErratumRow {
  const panel = paperPanel(figure, evalName);
  const other = paperPanel(otherFigure, evalName);
  const [own, others] = [panel, other].map((each) => panelWidths(each).maxCostUsd);
  const [atOwn, atOthers] = [own, others].map((maxCostUsd) =>
    aiq(nonDecreasingHull(panel.models), { rule: "reference-code", maxCostUsd })
  );
  return {
    id: "aiq-depends-on-neighbours",
    point: 1,
    title: "A system's AIQ changes with the systems drawn beside it",
    where: `Figures ${otherFigure} and ${figure}, ${PAPER_EVAL_TITLES[evalName]}`,
    printed: `Zero .${Math.round(1000 * other.printedAiq.zero!)} and .${Math.round(1000 * panel.printedAiq.zero!)}`,
    computed: `Figure ${figure}'s points of Zero give ${atOwn.toFixed(4)} at that figure's X of ${own} USD, ${
      atOthers.toFixed(4)
    } at Figure ${otherFigure}'s X of ${others}`,
    evidence: { ownMaxCostUsd: own, otherMaxCostUsd: others, atOwnMaxCost: atOwn, atOtherMaxCost: atOthers },
  };
}

function ownMaxCost(): ErratumRow {
  const { models, systems } = paperPanel(8, "hellaswag");
  const zero = nonDecreasingHull(models);
  const alone = zero[zero.length - 1].costUsd;
  const beside = panelWidths(paperPanel(8, "hellaswag")).maxCostUsd;
  const cascade = one(systems, ({ errorRate }) => errorRate === 0.01);
  const [atAlone, atBeside] = [alone, beside].map((maxCostUsd) =>
    aiq(nonDecreasingHull(models), { rule: "reference-code", maxCostUsd })
  );
  return {
    id: "worse-neighbour-raises-zero",
    point: 1,
    title: "Zero gains by being drawn beside a dearer system",
    where: "Figure 8, HellaSwag",
    printed: "Zero .607",
    computed: `${three(atAlone)} alone (X = ${alone} USD), ${three(atBeside)} beside ${
      paperSystemName(cascade)
    } (X = ${beside} USD)`,
    evidence: { alone: atAlone, beside: atBeside, aloneMaxCostUsd: alone, besideMaxCostUsd: beside },
  };
}

function errorRateOfCaptions(): ErratumRow {
  const panel = paperPanel(5, "mmlu");
  const widths = panelWidths(panel);
  const at = (rate: number): number =>
    plottedAiq(one(panel.systems, ({ errorRate }) => errorRate === rate), widths).referenceCode;
  const cascades = printedAiqRows().filter(({ router, figure }) => router === "Cascade" && figure !== "Figure 6");
  const nNotZero = cascades.filter(({ verdict }) => verdict.includes("caption")).length;
  return {
    id: "caption-says-zero-error",
    point: 1,
    title: "Cascades' AIQs are of error rate .01, captioned as of zero",
    where: "Captions of Figures 5 and 8",
    printed: "MMLU .901 at “zero error rate”",
    computed: `MMLU ${three(at(0))} at error rate 0, ${
      three(at(0.01))
    } at .01; ${nNotZero} of ${cascades.length} panels cannot be of error rate 0`,
    evidence: { atZero: at(0), atOnePercent: at(0.01), nNotZero, nPanels: cascades.length },
  };
}

function drawnHulls(): ErratumRow {
  const all = PAPER_PANELS.flatMap((panel) =>
    panel.systems.map((system) => ({ panel, system, depth: depthOfDrawnHull(system) }))
  );
  const wrong = all.filter(({ system, depth }) => depth > VISIBLE_DEPTH && !hasTiedCosts(system));
  const deepest = wrong.reduce((a, b) => b.depth > a.depth ? b : a);
  const names = wrong.map(({ panel, system }) => `${PAPER_EVAL_TITLES[panel.evalName]} ${paperSystemName(system)}`);
  return {
    id: "drawn-hull-is-no-hull",
    point: 3,
    title: "Drawn hulls have vertices below the hull of their own points",
    where: "Figures 5 and 8",
    printed: `${all.length} hulls`,
    computed: `${wrong.length} are not convex (${names.join("; ")}); the deepest vertex is ${
      three(deepest.depth)
    } too low`,
    evidence: { nHulls: all.length, nWrong: wrong.length, deepest: deepest.depth },
  };
}

/** Figure 6's printed AIQs, each with the X that it would need. */
function figure6(): ErratumRow {
  const panel = paperPanel(6, "rag");
  const own = panelWidths(panel).maxCostUsd;
  const needed = panel.systems.map((system) => ({
    name: paperSystemName(system),
    maxCostUsd: neededMaxCost(system, panel.printedAiq[system.router]!),
  }));
  return {
    id: "figure-6-does-not-follow",
    point: null,
    title: "Three of Figure 6's four AIQs do not follow from its points",
    where: "Figure 6",
    printed: panel.systems.map((system) => `${paperSystemName(system)} ${three(panel.printedAiq[system.router]!)}`)
      .join(", "),
    computed: `no one X gives them: they would need ${
      needed.map(({ name, maxCostUsd }) => `${name} ${maxCostUsd.toFixed(2)}`).join(", ")
    } USD; by the rule X is ${own}`,
    evidence: {
      ownMaxCostUsd: own,
      ...Object.fromEntries(needed.map(({ name, maxCostUsd }) => [`needed by ${name}`, maxCostUsd])),
    },
  };
}

/** The X at which the reference code's rule gives a value: area(last) + (X − last cost) · last quality = X · value. */
function neededMaxCost({ points }: PaperSystem, value: number): number {
  const hull = nonDecreasingHull(points);
  const last = hull[hull.length - 1];
  const area = aiq(hull, { rule: "reference-code", maxCostUsd: last.costUsd }) * last.costUsd;
  return (area - last.costUsd * last.quality) / (value - last.quality);
}

/** Routers that send every prompt to one model at each setting. */
function routersOfOneModel(): ErratumRow {
  const isSame = (a: PaperPoint, b: PaperPoint): boolean =>
    Math.abs(a.costUsd - b.costUsd) < 2e-4 && Math.abs(a.quality - b.quality) < 2e-4;
  const routers = PAPER_PANELS.filter(({ figure }) => figure === 4).flatMap(({ evalName, models, systems }) =>
    systems.filter(({ router }) => router !== "zero").map(({ router, points }) => ({
      name: `${router.toUpperCase()} on ${PAPER_EVAL_TITLES[evalName]}`,
      isConstant: points.every((point) => models.some((model) => isSame(point, model))),
    }))
  );
  const constant = routers.filter(({ isConstant }) => isConstant);
  return {
    id: "constant-routers",
    point: 6,
    title: "Learned routers that give every prompt to one model",
    where: "Figure 4",
    printed: `${routers.length} sweeps of 26 settings`,
    computed: `in ${constant.length} every point is a single model's: ${constant.map(({ name }) => name).join(", ")}`,
    evidence: { nRouters: routers.length, nConstant: constant.length },
  };
}
