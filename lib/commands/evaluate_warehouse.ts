import { sha256OfBytes } from "../base/sha256.ts";
import { counted } from "../base/words.ts";
import { paragraph } from "../base/wrapped.ts";
import {
  auditWarehouse,
  evaluateWarehouse,
  openWarehouse,
  plannedQueries,
  type Warehouse,
  WAREHOUSE_ROUTERS,
  type WarehouseAudit,
  warehouseFindings,
  warehouseOfEvaluations,
  type WarehouseRouter,
} from "../warehouse/mod.ts";
import { choiceOption, type CommandInput, listOption, seedOf } from "./command_options.ts";
import { LOGGED_OPTIONS, runLoggedWarehouse } from "./evaluate_logged.ts";
import { trainShareOf } from "./train_share.ts";
import { evaluateBySums } from "./evaluated_sums.ts";
import { cancelledByInterrupt, LIMIT_OPTIONS, needTakenBySums, warehouseOptionsOf } from "./warehouse_options.ts";

/** Options of `evaluate` that mean something for a table in a warehouse. */
const TAKEN = [
  ...["columns", "where", "missing", "eval", "seed", "routers", "train-share", "out", "json", "csv-guard", "verbose"],
  ...Object.keys(LIMIT_OPTIONS),
];
/** Those of a log. */
const TAKEN_OF_LOG = [
  ...["columns", "where", "seed", "json"],
  ...Object.keys(LOGGED_OPTIONS),
  ...Object.keys(LIMIT_OPTIONS),
];

/** `evaluate clickhouse://…`: the same evaluation on a table that stays where it is. */
export async function runWarehouse(
  input: CommandInput,
  { out, known, notebooks }: {
    readonly out: string | null;
    readonly known: readonly string[];
    readonly notebooks: (folder: string) => string | null;
  },
  say: (text: string) => void,
): Promise<void> {
  const isLogged = input.isOn("logged");
  needNoGoal(input);
  needTakenBySums(input, { known, taken: isLogged ? TAKEN_OF_LOG : TAKEN, what: "a table in a warehouse" });
  if (isLogged) return await runLoggedWarehouse(input, say);
  const seed = seedOf(input);
  const routers = input.isOn("routers") ? listOption(input, "routers", WAREHOUSE_ROUTERS)! : WAREHOUSE_ROUTERS;
  const missing = choiceOption(input, "missing", ["error", "drop"]) ?? "error";
  const trainShare = trainShareOf(input);
  const evalNames = listOption(input, "eval");
  await cancelledByInterrupt(async (signal) => {
    const opened = await openWarehouse(input.words[0], { ...warehouseOptionsOf(input), signal });
    if (input.isOn("dry-run")) return say(plannedQueries(opened, { seed, routers, trainShare }).join(";\n\n") + ";");
    const whole = await auditWarehouse(opened);
    const warehouse = evalNames === null ? opened : warehouseOfEvaluations(opened, whole, evalNames);
    const audit = evalNames === null ? whole : await auditWarehouse(warehouse);
    if (!input.isOn("json")) say(paragraph(headingOf(warehouse, audit, { seed, routers })));
    const { connection: { address }, models } = warehouse;
    const sha256 = sha256OfBytes(JSON.stringify(audit));
    const source = { kind: "warehouse", name: `${address.database}.${address.table}`, sha256, notes: [] } as const;
    const summed = {
      outcomes: { source, models, nPrompts: audit.nPrompts },
      audit,
      findings: await warehouseFindings(warehouse, audit),
      settings: { seed, routers, missing, trainShare, evalNames },
      evaluate: (evalName: string | undefined, onProgress: (done: number, total: number) => void) =>
        evaluateWarehouse(warehouse, { audit, seed, routers, missing, trainShare, evalName, onProgress }),
    };
    await evaluateBySums(summed, input, { out, doing: "Evaluating in the warehouse", notebooks }, say);
  });
}

/** The goals for which a setting is recommended and saved. */
const GOALS = ["keep", "budget", "quality", "confidence"];

function needNoGoal(input: CommandInput): void {
  const goal = GOALS.find((name) => input.isOn(name));
  if (goal === undefined) return;
  throw new TypeError(
    `Cannot read the options as --${goal} saves a router that reads prompts' texts, which stay in the warehouse: write a sample of the prompts, with their texts, to a file, and run deno task evaluate FILE --${goal}; this command, without it, tells how good the setting is on all prompts`,
  );
}

function headingOf(
  { connection: { address }, columns, models, version }: Warehouse,
  { nPrompts }: WarehouseAudit,
  { seed, routers }: { readonly seed: number; readonly routers: readonly WarehouseRouter[] },
): string {
  const isLearning = columns.vector !== undefined && (routers.includes("linear") || routers.includes("group"));
  const leaves = isLearning ? "Sums and the vectors of what is learned from leave" : "Only sums leave";
  return `Outcomes: ${address.database}.${address.table} at ${address.host}, ClickHouse ${version} (${
    counted(nPrompts, "prompt")
  } × ${counted(models.length, "model")}). Seed: ${seed}. ${leaves} the server.`;
}
