import { counted, isOrAre } from "../base/words.ts";
import type { FoundChoices, LoggedChoice, Offer } from "./_logged_choices.ts";
import { NumberTally } from "./_number_tally.ts";
import { type NumberOptions, rowNumbers } from "./_row_numbers.ts";
import { type Frame, rowError, textOfCell } from "./frame.ts";

/** True for the log of a router: lines of requests, each with its models, the choice among them, and its propensities. */
export function isRouterLog({ columns }: Frame): boolean {
  return ["request_id", "chosen", "models"].every((name) => columns.has(name));
}

/**
 * The choices of a router's log, a line a request:
 *
 * `{"request_id", "prompt", "models": […], "chosen": "MODEL", "propensities": […], "predicted_quality": […], "predicted_cost_usd": […], "cost_usd",
 * "quality": null}`, the arrays in the order of `models`; and lines of feedback, `{"request_id", "quality"}`, of which the last of a request counts.
 *
 * In an A/B test `arm` is "router" or "default". Lines without a choice are passed over. Where the chosen model failed and another one answered, the outcome is that of the choice, as it is the
 * result of choosing this model.
 *
 * @throws TypeError where a request stands twice, or a field is not what it must be
 */
export function choicesOfRouterLog(frame: Frame, options: NumberOptions): FoundChoices {
  const cell = (name: string, row: number): unknown => frame.columns.get(name)?.[row] ?? null;
  const rows = rowsOf(frame);
  const columns = { quality: "quality", costUsd: "cost_usd" };
  const numbers = rowNumbers(
    { frame, columns, modelOf: (row) => String(cell("chosen", row)) },
    options,
    new NumberTally(),
  );
  const firstOfText = new Map<string, string>();
  let nByAnother = 0;
  const choices = rows.requests.map(([requestId, row]): LoggedChoice => {
    const model = String(cell("chosen", row));
    const offer = offerOf(frame, row, requestId);
    const prompt = textOfCell(cell("prompt", row));
    const key = prompt ?? textOfCell(cell("prompt_sha256", row));
    if (key !== null && !firstOfText.has(key)) firstOfText.set(key, requestId);
    const answeredBy = cell("answered_by", row);
    if (answeredBy !== null && answeredBy !== model) nByAnother++;
    const j = offer.models.indexOf(model);
    if (j < 0) throw wrong(row, requestId, `the choice must be one of its models: "${model}" is none`);
    return {
      requestId,
      promptId: key === null ? requestId : firstOfText.get(key)!,
      prompt,
      model,
      quality: numbers.quality(rows.feedback.get(requestId) ?? row),
      costUsd: numbers.costUsd(row),
      propensity: offer.propensities[j],
      arm: textOfCell(cell("arm", row)),
      offer,
    };
  });
  const nLost = [...rows.feedback.keys()].filter((id) => !rows.ids.has(id)).length;
  const notes = [
    ...(rows.nUndecided === 0 ? [] : [`${counted(rows.nUndecided, "line")} without a choice passed over`]),
    ...(nLost === 0
      ? []
      : [`Feedback on ${counted(nLost, "request")} that ${isOrAre(nLost)} not in the log passed over`]),
    ...(nByAnother === 0 ? [] : [
      `${
        counted(nByAnother, "request")
      } answered by another model than the chosen one, which failed: the outcome counts for the choice`,
    ]),
  ];
  return { choices, notes };
}

interface LogRows {
  readonly requests: readonly (readonly [requestId: string, row: number])[];
  readonly ids: ReadonlySet<string>;
  /** Row of the last feedback on each request. */
  readonly feedback: ReadonlyMap<string, number>;
  readonly nUndecided: number;
}

/** The rows of requests that the router decided on, and those of feedback. */
function rowsOf({ columns, nRows }: Frame): LogRows {
  const ids = columns.get("request_id")!;
  const chosen = columns.get("chosen")!;
  const quality = columns.get("quality");
  const requests: [string, number][] = [];
  const known = new Set<string>();
  const feedback = new Map<string, number>();
  let nUndecided = 0;
  for (let row = 0; row < nRows; row++) {
    const id = textOfCell(ids[row]);
    if (id === null) throw rowError(new TypeError(`each line must have a request_id: row ${row + 1} has none`), row);
    if (textOfCell(chosen[row]) !== null) {
      if (known.has(id)) throw wrong(row, id, "a request must stand once in the log: it stands twice");
      known.add(id);
      requests.push([id, row]);
    } else if (quality !== undefined && (quality[row] ?? null) !== null) feedback.set(id, row);
    else nUndecided++;
  }
  return { requests, ids: known, feedback, nUndecided };
}

function offerOf(frame: Frame, row: number, requestId: string): Offer {
  const items = (name: string): readonly unknown[] | null => {
    const cell = frame.columns.get(name)?.[row] ?? null;
    if (cell === null) return null;
    const value: unknown = typeof cell === "string" && cell.startsWith("[") ? JSON.parse(cell) : cell;
    if (Array.isArray(value)) return value;
    throw wrong(row, requestId, `"${name}" must be an array with a value for each model: it is ${String(cell)}`);
  };
  const models = items("models");
  if (models === null || !models.every((model) => typeof model === "string") || new Set(models).size < models.length) {
    throw wrong(row, requestId, `"models" must be an array of different names: it is ${JSON.stringify(models)}`);
  }
  const numbers = (name: string): readonly number[] | null => {
    const values = items(name);
    if (values === null || (values.length === models.length && values.every((value) => typeof value === "number"))) {
      return values as readonly number[] | null;
    }
    throw wrong(
      row,
      requestId,
      `"${name}" must have a number for each of ${counted(models.length, "model")}: it is ${JSON.stringify(values)}`,
    );
  };
  const propensities = numbers("propensities");
  if (propensities === null) {
    throw wrong(row, requestId, `each choice must have the propensities of all models: there are none${WITHOUT}`);
  }
  return {
    models: models as readonly string[],
    propensities,
    predictedQuality: numbers("predicted_quality"),
    predictedCostUsd: numbers("predicted_cost_usd"),
  };
}

/** The reason why propensities are needed, as the end of an error. */
export const WITHOUT =
  "; the effect of a choice can be estimated only with the probability by which it was drawn, so log it, or evaluate a table with the outcomes of all models";

function wrong(row: number, requestId: string, reason: string): TypeError {
  return rowError(new TypeError(`${reason} (request "${requestId}", row ${row + 1})`), row);
}
