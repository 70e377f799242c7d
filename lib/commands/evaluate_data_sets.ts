import { auditOutcomes } from "../audit/audit_outcomes.ts";
import {
  type DataSet,
  type DataSetsEvaluation,
  dataSetsPanel,
  dataSetsTable,
  evaluateDataSets,
  pooledTable,
} from "../axes/robustness/data_sets.ts";
import { runProgress } from "../base/progress.ts";
import { sha256OfBytes } from "../base/sha256.ts";
import { counted } from "../base/words.ts";
import { sayWritten } from "../reports/say_run.ts";
import { type FolderContents, writeFolder } from "../base/write_folder.ts";
import { csvOf } from "../base/table.ts";
import type { BesideEvaluation } from "../experiments/beside.ts";
import { cascadesOf, recipesOf, ROUTER_FAMILIES, type RouterFamily } from "../experiments/evaluate_table.ts";
import { DRAWN, LEAST_TO_LEARN_FROM } from "../experiments/paper_routers.ts";
import type { EvaluatedRouter } from "../evaluation/evaluate.ts";
import { FIT_SHARE } from "../evaluation/evaluation_data.ts";
import { figureFiles, renderFigure } from "../figures/export.ts";
import { evalNamesOf } from "../outcomes/outcome_table.ts";
import { textsToRead } from "../outcomes/texts_to_read.ts";
import { intervalText } from "../paper/run/summary.ts";
import { dataSetsPage } from "../reports/data_sets_page.ts";
import type { PageFigure } from "../reports/live_page.ts";
import { manifestOf } from "../reports/manifest.ts";
import { notebooksFrom } from "../reports/reading.ts";
import { besideRecord } from "../reports/result_json.ts";
import { isWarehouseAddress } from "../warehouse/warehouse_address.ts";
import { askedOf, type AskedTable, sayAsked } from "./asked_table.ts";
import type { ProjectFolders } from "./command.ts";
import { type CommandInput, listOption } from "./command_options.ts";
import { openLocalEncoder } from "./local_encoder.ts";
import { sayBeside } from "./say_beside.ts";

/** Options that are of one table. */
const OF_ONE_TABLE: readonly string[] = [
  ...["eval", "split", "logged", "latency-budget", "usd-per-second", "keep", "budget", "quality", "confidence"],
  ...["verbose", "stream", "memory", "most-weight"],
];

/** `evaluate A B …`: the same routers on several tables, each by our protocol on a split of its own. */
export async function runDataSets(
  input: CommandInput,
  { folders, out }: { readonly folders: ProjectFolders; readonly out: string | null },
  say: (text: string) => void,
): Promise<void> {
  const idle = OF_ONE_TABLE.find((name) => input.isOn(name));
  if (idle !== undefined) {
    throw new TypeError(
      `Cannot read the options as --${idle} is of one table, and there are ${input.words.length}; leave it out`,
    );
  }
  const stored = input.words.find(isWarehouseAddress);
  if (stored !== undefined) {
    throw new TypeError(
      `Cannot compare data sets as each must be a file, a folder or a name: "${stored}" is an address`,
    );
  }
  const speak = input.isOn("json") ? (): void => {} : say;
  const progress = runProgress({});
  try {
    const notices: string[] = [];
    const places = { weights: folders.weights, out, notices, progress: progress.stage("Embedding prompts") };
    const encoder = await openLocalEncoder(input.text("encoder") ?? "auto", places);
    const asked: AskedTable[] = [];
    const sets: DataSet[] = [];
    for (const [name, word] of namesOf(input.words)) {
      const table = await askedOf(input, folders, word);
      const { outcomes, counts } = table;
      if (outcomes.prompts === null) {
        throw new TypeError(
          `Cannot compare data sets as each must have texts of prompts: "${word}" has none; leave it out`,
        );
      }
      const { texts, notes } = textsToRead(outcomes, { whole: input.isOn("whole-prompts") });
      const audit = auditOutcomes(outcomes, { counts, maxTokens: encoder.maxTokens, texts });
      sayAsked(table, { encoder, audit, notes: [...notices.splice(0), ...notes] }, speak);
      asked.push(table);
      sets.push({ name, outcomes, embeddings: await encoder.encode(texts) });
    }
    const families = listOption(input, "routers", ROUTER_FAMILIES) ?? [];
    const { seed, trainShare } = asked[0].settings;
    const found = await evaluateDataSets(sets, routersOfAll(families, asked), {
      seed,
      trainShare,
      onProgress: ({ done, total }) => progress.update("Evaluating data sets", done, total),
    });
    progress.stop();
    const compared = besideOf(found);
    sayBeside(compared, speak);
    const settings = { seed, trainShare, routers: families, encoder: encoder.name };
    const sources = sets.map(({ name, outcomes: { source, promptIds, models } }) => {
      return { ...source, name, nPrompts: promptIds.length, models };
    });
    const json = JSON.stringify({ dataSets: sources, settings, ...besideRecord(compared) }, null, 1);
    if (input.isOn("json")) say(json);
    if (out === null) return;
    const notebooks = notebooksFrom(out, folders.root);
    const files = await filesOf(compared, { json, settings, escapeFormulas: input.isOn("csv-guard"), notebooks });
    await writeFolder(out, files);
    sayWritten({ out, nFiles: files.size, verbose: true }, speak);
  } finally {
    progress.stop();
  }
}

/** Words with the names of their data sets: the last part of a path, or the whole path where two parts are alike. */
function namesOf(words: readonly string[]): [name: string, word: string][] {
  const repeated = words.find((word, at) => words.indexOf(word) !== at);
  if (repeated !== undefined) {
    throw new TypeError(`Cannot compare data sets as each must be named once: "${repeated}" is named twice`);
  }
  const last = (word: string): string => word.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, "");
  const isAlone = (word: string): boolean => words.filter((other) => last(other) === last(word)).length === 1;
  return words.map((word) => [isAlone(word) ? last(word) : word, word]);
}

/**
 * The routers that can run on all tables, so that each is ranked on all: those that fit the smallest table, and the
 * table with the fewest evaluations.
 */
function routersOfAll(families: readonly RouterFamily[], asked: readonly AskedTable[]): EvaluatedRouter[] {
  const tables = asked.map(({ outcomes }) => outcomes);
  const least = <T>(values: readonly T[], size: (value: T) => number): T =>
    values.reduce((a, b) => size(b) < size(a) ? b : a);
  const { promptIds } = least(tables, (table) => table.promptIds.length);
  const { evalNames } = least(tables, (table) => evalNamesOf(table).length);
  const nLearned = Math.floor(promptIds.length * FIT_SHARE * asked[0].settings.trainShare);
  if (nLearned < LEAST_TO_LEARN_FROM) {
    throw new RangeError(
      `Cannot compare data sets as each must have ${LEAST_TO_LEARN_FROM} prompts to learn from: the smallest has ${nLearned}; leave it out`,
    );
  }
  const learned = { outcomes: { promptIds: promptIds.slice(0, nLearned), evalNames } };
  const cascades = tables.map((table) => cascadesOf(families, table));
  return [...recipesOf(families, learned), ...least(cascades, ({ length }) => length)];
}

function besideOf(found: DataSetsEvaluation): BesideEvaluation {
  const { gains, pooled } = found;
  const title = `The same routers on ${counted(new Set(gains.map(({ dataSet }) => dataSet)).size, "data set")}`;
  const drawn = gains.filter(({ system }) => DRAWN.includes(system));
  const shown = drawn.length === 0 ? gains : drawn;
  const clear = Object.entries(pooled).filter(([, { interval }]) => interval[0] > 0);
  const best = clear.toSorted(([, a], [, b]) => b.mean - a.mean)[0];
  const clearOf = `Over all data sets the gain over Zero is clear of 0 for ${clear.length} of ${
    counted(Object.keys(pooled).length, "router")
  }`;
  const sentences = [
    best === undefined
      ? `${clearOf}.`
      : `${clearOf}, greatest for ${best[0]}: ${
        intervalText({ difference: best[1].mean, interval: best[1].interval })
      }.`,
  ];
  const figure = dataSetsPanel({ ...found, gains: shown }, { title, width: "page" });
  const caption =
    "Each router's gain over Zero on each data set, and over all of them: the mean of a model in which true gains differ from set to set.";
  return {
    name: "data_sets",
    title,
    sentences,
    tables: new Map([["data_sets", dataSetsTable(found)], ["all_data_sets", pooledTable(found)]]),
    figures: new Map([["data_sets", { figure, caption }]]),
  };
}

async function filesOf(
  compared: BesideEvaluation,
  { json, settings, escapeFormulas, notebooks }: {
    readonly json: string;
    readonly settings: Readonly<Record<string, unknown>> & { readonly encoder: string };
    readonly escapeFormulas: boolean;
    readonly notebooks: string | null;
  },
): Promise<FolderContents> {
  const files = new Map<string, string | Uint8Array>();
  for (const [name, table] of compared.tables) files.set(`tables/${name}.csv`, csvOf(table, { escapeFormulas }));
  const figures = new Map<string, PageFigure>();
  for (const [name, { figure }] of compared.figures) {
    const rendered = await renderFigure(figure);
    figures.set(name, { figure, svg: rendered.svg });
    for (const [path, drawn] of figureFiles(name, rendered)) files.set(path, drawn);
  }
  files.set("data_sets.json", json + "\n");
  const source = { kind: "file" as const, name: "several data sets", sha256: sha256OfBytes(json), notes: [] };
  const inputs = { outcomes: source, encoder: settings.encoder, settings };
  files.set("report.html", await dataSetsPage(compared, { figures, manifest: manifestOf(inputs, files), notebooks }));
  return files.set("manifest.json", JSON.stringify(manifestOf(inputs, files), null, 2) + "\n");
}
