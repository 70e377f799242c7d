import { join } from "node:path";
import { suggestion } from "../base/suggestion.ts";
import { type CommandInput, listOption, numberOption, WHOLE_NUMBER } from "./command_options.ts";
import type { Encoder } from "../embeddings/embeddings.ts";
import { openEncoder } from "../embeddings/open_encoder.ts";
import { renderFigure } from "../figures/export.ts";
import { evaluationPanel } from "../figures/evaluation_panel.ts";
import { auditOutcomes } from "../audit/audit_outcomes.ts";
import { counted } from "../audit/finding.ts";
import { loadWithCounts } from "../files/load_outcomes.ts";
import { selectEvals } from "../outcomes/outcome_table.ts";
import { type ProgressBar, progressBar } from "../base/progress.ts";
import { terminalStyle } from "../base/terminal.ts";
import {
  type EvaluatedTable,
  evaluateTable,
  ROUTER_FAMILIES,
  type RouterFamily,
} from "../experiments/evaluate_table.ts";
import { evaluatePage, evaluationJson, evaluationSummary } from "../reports/evaluate_page.ts";
import type { PageFigure } from "../reports/live_page.ts";
import { manifestOf } from "../reports/manifest.ts";
import { evalTitle } from "../experiments/evaluation_names.ts";
import { wordPiecesRead } from "../experiments/encoder_name.ts";
import { DRAWN } from "../experiments/paper_routers.ts";
import { terminalTable } from "../paper/run/summary.ts";
import { csvOf } from "../base/table.ts";
import { loadOptionsOf } from "./table_options.ts";
import { evaluationTables } from "../experiments/evaluation_tables.ts";
import { type FolderContents, needFolder, writeFolder } from "../base/write_folder.ts";

/**
 * `deno task evaluate FILE`: any table in; Zero, the oracle and routers out, with curves, AIQ by both rules, savings and figures.
 *
 * @param folders where weights lie, and where vectors are kept
 * @throws whatever a stage throws; nothing is written before all is computed
 */
export async function runEvaluate(
  input: CommandInput,
  folders: { readonly weights: string },
  say: (text: string) => void,
): Promise<void> {
  const [file] = input.words, isJson = input.isOn("json"), out = outFolder(input);
  if (file === undefined) {
    throw new TypeError("Cannot evaluate routers as a file must be named: there is none; pass one, such as mine.csv");
  }
  const families = familiesOf(input),
    evalNames = listOption(input, "eval"),
    seed = numberOption(input, "seed", WHOLE_NUMBER);
  const trainShare = numberOption(input, "train-share", {
    words: "between 0 and 1",
    holds: (value) => value > 0 && value < 1,
  });
  if (out !== null) await needFolder(out);
  const { table, counts } = await loadWithCounts(file, await loadOptionsOf(input));
  const outcomes = evalNames === null ? table : selectEvals(table, evalNames);

  const notices: string[] = [], embedding = progressBar("Embedding prompts");
  const learns = families.some((family) => family !== "cascade") && outcomes.prompts !== null;
  const encoder = learns
    ? await openLocalEncoder(input.text("encoder") ?? "auto", { ...folders, out, notices, progress: embedding })
    : null;
  const maxTokens = wordPiecesRead(encoder?.name ?? "");
  const audit = auditOutcomes(outcomes, { counts, ...(maxTokens === null ? {} : { maxTokens }) });
  const speak = isJson ? (): void => {} : say;
  speak(
    `Outcomes: ${outcomes.source.name} (${counted(outcomes.promptIds.length, "prompt")} × ${
      counted(outcomes.models.length, "model")
    }). Encoder: ${encoder?.name ?? "none"}. Seed: ${seed}. Training: ${trainShare} of the prompts.`,
  );
  for (const line of [...outcomes.source.notes, ...notices]) speak(`  ${line}`);
  for (const { severity, summary } of audit.findings) {
    if (severity === "wrong") speak(`  Wrong for a comparison: ${summary}. See deno task audit ${file}`);
  }

  const embeddings = encoder === null ? null : await encoder.encode(outcomes.prompts!).finally(() => embedding.stop());
  const evaluating = progressBar("Evaluating routers");
  const result = await evaluateTable(outcomes, embeddings, {
    families,
    trainShare,
    seed,
    onProgress: ({ done, total }) => evaluating.update(done, total),
  }).finally(() => evaluating.stop());
  const evaluated: EvaluatedTable = {
    outcomes,
    audit,
    encoder: encoder?.name ?? "none",
    settings: { seed, trainShare, routers: families, evalNames },
    result,
  };
  for (const note of result.notes) speak(`  ${note}`);
  for (const named of result.evaluations) {
    speak(
      `\n${terminalStyle().strong(evalTitle(named.evalName))}: ${named.evaluation.nPrompts.test} test prompts, oracle ${
        named.evaluation.oracle.quality.toFixed(4)
      }${named.leftOut === null ? "" : `; ${named.leftOut}`}`,
    );
    speak(terminalTable(evaluationSummary(named)));
  }
  if (isJson) say(evaluationJson(evaluated).trimEnd());
  if (out === null) return;
  const files = await filesOf(evaluated);
  await writeFolder(out, files);
  speak(`\nWrote ${files.size} files to ${out}: open ${join(out, "report.html")}.`);
}

/** The output folder: with `--json`, only where one is named. */
export function outFolder(input: CommandInput): string | null {
  return input.text("out") ?? (input.isOn("json") ? null : join("results", "evaluate"));
}

function familiesOf(input: CommandInput): RouterFamily[] {
  const asked = listOption(input, "routers") ?? [...ROUTER_FAMILIES];
  for (const name of asked) {
    if (!(ROUTER_FAMILIES as readonly string[]).includes(name)) {
      throw new TypeError(
        `Cannot read the options as --routers must be some of ${ROUTER_FAMILIES.join(", ")}: "${name}" is none${
          suggestion(name, ROUTER_FAMILIES, "")
        }`,
      );
    }
  }
  return asked as RouterFamily[];
}

interface EncoderPlaces {
  readonly weights: string;
  readonly out: string | null;
  readonly notices: string[];
  readonly progress: ProgressBar;
}

/** An encoder whose weights are on this machine: this command reaches no network. Vectors are kept in the output folder, the only one it may write. */
function openLocalEncoder(name: string, { weights, out, notices, progress }: EncoderPlaces): Promise<Encoder> {
  return openEncoder(name, {
    weightsFolder: weights,
    cacheFolder: out === null ? null : join(out, "cache"),
    fetchWeights: false,
    onNotice: (line) => notices.push(`${line} (deno task reproduce fetches the weights)`),
    onProgress: ({ done, total }) => progress.update(done, total),
  });
}

/** Everything that is written, the manifest last. */
async function filesOf(evaluated: EvaluatedTable): Promise<FolderContents> {
  const { outcomes, encoder, settings, result: { evaluations } } = evaluated;
  const files = new Map<string, string | Uint8Array>(), shown = new Map<string, PageFigure>();
  for (const [name, table] of evaluationTables(evaluations)) files.set(`tables/${name}.csv`, csvOf(table));
  const drawing = progressBar("Drawing figures"), used = new Set<string>();
  try {
    for (const { evalName, evaluation } of evaluations) {
      drawing.update(shown.size, evaluations.length);
      const systems = evaluation.systems.map(({ name }) => name).filter((name) => DRAWN.includes(name));
      const figure = evaluationPanel(evaluation, { title: evalTitle(evalName), systems });
      const { svg, pdf, png } = await renderFigure(figure), name = fileName(evalName, used);
      shown.set(evalName, { figure, svg });
      files.set(`figures/${name}.svg`, svg).set(`figures/${name}.pdf`, pdf).set(`figures/${name}.png`, png);
    }
    drawing.update(shown.size, evaluations.length);
  } finally {
    drawing.stop();
  }
  const inputs = { outcomes: outcomes.source, encoder, settings };
  files.set("evaluation.json", evaluationJson(evaluated));
  files.set("report.html", await evaluatePage(evaluated, shown, manifestOf(inputs, files)));
  return files.set("manifest.json", JSON.stringify(manifestOf(inputs, files), null, 2) + "\n");
}

/** An evaluation's name as a file's: it comes from the user's table and may hold anything. Each is given once, in whatever case. */
function fileName(evalName: string, used: Set<string>): string {
  const safe = evalName.replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^\.+/, "_").slice(0, 80);
  const first = safe === "" ? "_" : safe;
  let name = first;
  for (let n = 2; used.has(name.toLowerCase()); n++) name = `${first}_${n}`;
  used.add(name.toLowerCase());
  return name;
}
