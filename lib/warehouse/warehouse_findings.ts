import { type AuditFinding, finding } from "../audit/finding.ts";
import { bySeverity } from "../audit/audit_outcomes.ts";
import { freeOutcomes, noChoice } from "../audit/costs.ts";
import { belowChance, CHANCE_QUALITY, constants, type EvaluationGrades, twinModels } from "../audit/quality.ts";
import { mixedScales, sameQuality, twinNames } from "../audit/scales.ts";
import { counted } from "../base/words.ts";
import { numbersOf, promptHash, validRows } from "./_prompt_query.ts";
import type { Warehouse } from "./open_warehouse.ts";
import { quotedName, select } from "./sql.ts";
import type { WarehouseAudit } from "./warehouse_audit.ts";

/** Sums of the outcomes of a model in an evaluation. */
export interface AuditedCell {
  /** The evaluation. */
  readonly evalName: string;
  /** The place of the model. */
  readonly j: number;
  /** Number of outcomes. */
  readonly n: number;
  /** The least and the greatest quality. */
  readonly least: number;
  /** See `least`. */
  readonly most: number;
  /** Sum of the qualities. */
  readonly quality: number;
  /** Sum of the costs, USD. */
  readonly costUsd: number;
  /** Outcomes that cost nothing. */
  readonly nFree: number;
  /** Sums of hashes of prompt and quality, and of prompt and cost: equal where all pairs are. */
  readonly qualityHash: bigint;
  /** See `qualityHash`. */
  readonly costHash: bigint;
}

/** The query for sums of each model's outcomes in each evaluation. */
export function cellsQuery(warehouse: Warehouse): string {
  const { columns, from, where, prefix } = warehouse;
  const evalName = columns.evalName === undefined ? "''" : `toString(${quotedName(columns.evalName.name)})`;
  const quality = numbersOf(columns.quality!), cost = numbersOf(columns.costUsd!), id = promptHash(warehouse, 0);
  const sums = {
    eval: evalName,
    model: `toString(${quotedName(columns.model!.name)})`,
    n: "count()",
    least: `min(${quality})`,
    most: `max(${quality})`,
    q: `sum(${quality})`,
    c: `sum(${cost})`,
    free: `countIf(${cost} = 0)`,
    hash_q: `sum(cityHash64(${id}, ${quality}))`,
    hash_c: `sum(cityHash64(${id}, ${cost}))`,
  };
  return select({
    columns: Object.fromEntries(Object.entries(sums).map(([name, sql]) => [prefix + name, sql])),
    from,
    where: [...where, ...validRows(warehouse)],
    groupBy: [`${prefix}eval`, `${prefix}model`],
  });
}

/**
 * What makes a comparison on a table in a warehouse wrong, or may do so: rows without an outcome, models that cost the
 * same or nothing, grades that are all the same, on different scales, constant in an evaluation or below chance, models
 * that are copies of another, and names that look like one. One query, grouped by evaluation and model.
 *
 * Not looked for, as texts or single outcomes would have to be read: duplicates, cut prompts, outlying costs.
 *
 * @throws WarehouseError where the server does not answer or refuses
 */
export async function warehouseFindings(warehouse: Warehouse, audit: WarehouseAudit): Promise<AuditFinding[]> {
  const { connection, models } = warehouse;
  const rows = await connection.rows(cellsQuery(warehouse), "audit the outcomes");
  const cells = rows.map((
    [evalName, model, n, least, most, quality, costUsd, nFree, qualityHash, costHash],
  ): AuditedCell => ({
    evalName,
    j: models.indexOf(model),
    ...{ n: Number(n), least: Number(least), most: Number(most), quality: Number(quality), costUsd: Number(costUsd) },
    ...{ nFree: Number(nFree), qualityHash: BigInt(qualityHash), costHash: BigInt(costHash) },
  }));
  return findingsOfCells(cells, models, audit);
}

/** What the sums of each model's outcomes in each evaluation tell, wherever they are from. */
export function findingsOfCells(
  cells: readonly AuditedCell[],
  models: readonly string[],
  audit: WarehouseAudit,
): AuditFinding[] {
  const n = audit.nPrompts, m = models.length;
  const sums = (of: (cell: AuditedCell) => number): number[] => {
    const result = new Array<number>(m).fill(0);
    for (const cell of cells) result[cell.j] += of(cell);
    return result;
  };
  const best = models.map((_, j) => Math.max(0, ...cells.filter((cell) => cell.j === j).map(({ most }) => most)));
  const least = Math.min(...cells.map((cell) => cell.least)), most = Math.max(...best);
  const counts = sums((cell) => cell.n);
  const hashOf = (of: (cell: AuditedCell) => bigint, j: number): bigint =>
    cells.reduce((sum, cell) => cell.j === j ? BigInt.asUintN(64, sum + of(cell)) : sum, 0n);
  const isEqual = (of: (cell: AuditedCell) => bigint) => (a: number, b: number): boolean =>
    counts[a] === counts[b] && hashOf(of, a) === hashOf(of, b);
  const grades = gradesOf(cells, models);
  return [
    ...rowsWithout(audit),
    ...(least === most ? sameQuality(most, { n, m }) : []),
    ...mixedScales({ models, n, best }),
    ...twinNames({ models, promptIds: [] }, null),
    ...constants(grades),
    ...twinModels({ models, n }, {
      equalQuality: isEqual(({ qualityHash }) => qualityHash),
      equalCost: isEqual(({ costHash }) => costHash),
    }),
    ...belowChance(grades, CHANCE_QUALITY),
    ...noChoice(sums((cell) => cell.costUsd).map((sum, j) => sum / counts[j])),
    ...freeOutcomes({ models, n, nFree: sums((cell) => cell.nFree) }),
  ].sort(bySeverity);
}

/** The grades of each evaluation in which every model has outcomes. */
function gradesOf(cells: readonly AuditedCell[], models: readonly string[]): EvaluationGrades[] {
  return [...Map.groupBy(cells, ({ evalName }) => evalName)].flatMap(([evalName, own]) => {
    if (own.length < models.length) return [];
    const ofModels = own.toSorted((a, b) => a.j - b.j);
    return [{
      evalName,
      n: ofModels[0].n,
      models,
      means: ofModels.map(({ quality, n }) => quality / n),
      constant: ofModels.map(({ least, most }) => least === most ? least : null),
    }];
  });
}

/** From this share of the rows on, those without an outcome may be no accident. */
const SOME = 0.01, HALF = 0.5;

function rowsWithout({ models }: WarehouseAudit): AuditFinding[] {
  const nInvalid = models.reduce((sum, model) => sum + model.nInvalid, 0);
  const total = models.reduce((sum, model) => sum + model.nOutcomes, nInvalid);
  if (nInvalid === 0) return [];
  const share = nInvalid / total;
  return [finding("missing-outcomes", {
    severity: share >= HALF ? "wrong" : share >= SOME ? "look" : "note",
    concerns: [nInvalid, total, "rows"],
    summary: `${counted(nInvalid, "row")} of ${
      total.toLocaleString("en-US")
    } without a quality in 0..1 or without a cost`,
    examples: models.filter((model) => model.nInvalid > 0).slice(0, 5).map(({ model, nInvalid, nOutcomes }) =>
      `${model}: ${nInvalid} of ${nInvalid + nOutcomes}`
    ),
    remedy: "Look whether a model's failures are missing: they should count as wrong answers",
  })];
}
