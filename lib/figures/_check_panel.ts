import type { OperatingPoint } from "../plane/operating_point.ts";
import type { CostQualityPanelInput, PanelBand } from "./panel_input.ts";
import { FIGURE_WIDTHS_PT } from "./figure_width.ts";

const INPUT_NAMES = [
  "title",
  "subtitle",
  "models",
  "labelled",
  "curves",
  "oracle",
  "costAxis",
  "costLabel",
  "qualityLabel",
  "width",
];

/** The corners of a band; the axes have to show them. */
export function endsOf(band: readonly PanelBand[]): OperatingPoint[] {
  return band.flatMap(({ costUsd, low, high }) => [{ costUsd, quality: low }, { costUsd, quality: high }]);
}

/** Refuses input that cannot be drawn. */
export function checkInput(input: CostQualityPanelInput): void {
  const { models, labelled = [], curves, oracle, costAxis = "log", width = "column" } = input;
  for (const name of Object.keys(input)) oneOf(name, INPUT_NAMES, "every part of its input");
  oneOf(costAxis, ["log", "linear"], "costAxis");
  oneOf(width, Object.keys(FIGURE_WIDTHS_PT), "width");
  const unknown = labelled.find((name) => !models.some((model) => model.name === name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot label a model as it must be one of the panel's: "${unknown}" is not; pass the name of one that is drawn`,
    );
  }
  for (const { name, points, band = [] } of curves) {
    if (points.length === 0) {
      throw new RangeError(`Cannot draw the curve "${name}" as it must have a point: it has none; leave the curve out`);
    }
    points.forEach((point, i) => {
      checkPoint(point, `point ${i + 1} of the curve "${name}"`, costAxis);
      if (i > 0 && point.costUsd < points[i - 1].costUsd) {
        const found = `point ${i + 1} costs ${point.costUsd} after ${points[i - 1].costUsd}`;
        throw new RangeError(
          `Cannot draw the curve "${name}" as its points must be in ascending cost: ${found}; pass the vertices of its hull`,
        );
      }
    });
    for (const point of endsOf(band)) checkPoint(point, `the band of the curve "${name}"`, costAxis);
  }
  for (const model of models) checkPoint(model, `the model "${model.name}"`, costAxis);
  if (oracle) checkPoint(oracle, "the oracle", costAxis);
  if (models.length === 0 && curves.length === 0 && !oracle) {
    throw new RangeError(
      "Cannot draw a cost-quality panel as it must show something: there is no model, no curve and no oracle; pass one",
    );
  }
}

function checkPoint({ costUsd, quality }: OperatingPoint, what: string, costAxis: string): void {
  const verb = `Cannot draw ${what} as`;
  if (!Number.isFinite(quality)) {
    throw new RangeError(`${verb} its quality must be a finite number: it is ${quality}; leave it out`);
  }
  if (!Number.isFinite(costUsd) || costUsd < 0) {
    throw new RangeError(`${verb} its cost must be a finite number of at least 0: it is ${costUsd}; leave it out`);
  }
  if (costUsd === 0 && costAxis === "log") {
    throw new RangeError(
      `${verb} a log cost axis must have costs above 0: it is 0; leave it out or pass costAxis: "linear"`,
    );
  }
}

function oneOf(value: string, known: readonly string[], option: string): void {
  if (known.includes(value)) return;
  const names = known.map((name) => `"${name}"`).join(" or ");
  throw new TypeError(
    `Cannot draw a cost-quality panel as ${option} must be ${names}: it is ${
      JSON.stringify(value)
    }; choose one of them`,
  );
}
