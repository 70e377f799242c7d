import { armColumns, pairOutcomes } from "../axes/retrieval/arms.ts";
import { evaluateRetrieval, type RetrievalEvaluation } from "../axes/retrieval/evaluate_retrieval.ts";
import { retrievedVectors } from "../axes/retrieval/retrieved_vectors.ts";
import type { Table } from "../base/table.ts";
import { counted } from "../base/words.ts";
import type { Embeddings, Encoder } from "../embeddings/embeddings.ts";
import { chosenLinear } from "../evaluation/chosen_recipes.ts";
import type { BesideEvaluation } from "../experiments/beside.ts";
import type { EvaluatedTable } from "../experiments/evaluate_table.ts";
import { LEAST_TO_LEARN_FROM } from "../experiments/paper_routers.ts";
import { evaluationPanel } from "../figures/evaluation_panel.ts";
import type { RetrievedRecords } from "../files/retrieved_records.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { intervalText } from "../paper/run/summary.ts";

/** What a table of pairs is evaluated with. */
export interface RetrievalInput {
  readonly outcomes: OutcomeTable;
  readonly retrieved: RetrievedRecords;
  readonly encoder: Encoder | null;
  readonly embeddings: Embeddings | null;
  readonly settings: EvaluatedTable["settings"];
  readonly testIds: ReadonlySet<string> | undefined;
}

/**
 * Evaluates routers that choose a retriever and a model, where a table's columns are pairs of both: by a column of
 * retrievers, or by names such as `bm25+gpt-4`. `null` where a table has no such pairs, or too few prompts or no texts
 * to learn from.
 */
export async function evaluateWithRetrieval(
  { outcomes, retrieved, encoder, embeddings, settings, testIds }: RetrievalInput,
): Promise<BesideEvaluation | null> {
  const { retrievers, models, missing } = armColumns(outcomes);
  if (retrievers.length < 2 || models.length < 2 || encoder === null || embeddings === null) return null;
  const { seed, trainShare } = settings;
  if (outcomes.promptIds.length * trainShare < 2 * LEAST_TO_LEARN_FROM) return null;
  if (missing !== null) {
    const sentence = `A retriever and a model are not evaluated as one choice, as "${missing}" has no outcomes.`;
    return besideOf([sentence]);
  }
  const found = await retrievedVectors(retrieved, {
    promptIds: outcomes.promptIds,
    encode: (texts) => encoder.encode(texts),
  });
  const input = { pairs: pairOutcomes(outcomes), embeddings, retrieved: found, router: chosenLinear() };
  const evaluation = await evaluateRetrieval(input, { seed, trainShare, testIds });
  return retrievalBeside(evaluation, Object.keys(found), { retrievers, models });
}

function besideOf(sentences: readonly string[]): BesideEvaluation {
  const title = "Retriever and model as one choice";
  return { name: "retrieval", title, sentences, tables: new Map(), figures: new Map() };
}

/** What was found, as sentences, a table and a figure. */
function retrievalBeside(
  { evaluation, secondLook, overJoint, overFixed }: RetrievalEvaluation,
  looks: readonly string[],
  { retrievers, models }: { readonly retrievers: readonly string[]; readonly models: readonly string[] },
): BesideEvaluation {
  const size = `${counted(retrievers.length, "retriever")} (${retrievers.join(", ")}) and ${
    counted(models.length, "model")
  }`;
  const look = looks.length === 0
    ? "The table does not say what was retrieved (columns retrieved, retrieval_score), so that the second look sees nothing new."
    : `A second look, at what ${looks.join(" and ")} found, adds ${intervalText(secondLook)} to two stages.`;
  const table: Table = {
    columns: ["system", "aiq_formula", "over_zero", "low", "high"],
    rows: evaluation.systems.map(({ name, aiqFormula, againstZero }) => [
      name,
      aiqFormula,
      againstZero?.difference ?? null,
      ...againstZero?.interval ?? [null, null],
    ]),
  };
  const gains: Table = {
    columns: ["two_stages_less", "difference", "low", "high"],
    rows: ([["one look", secondLook], ["joint", overJoint], ["fixed retriever", overFixed]] as const).map((
      [name, { difference, interval }],
    ) => [name, difference, ...interval]),
  };
  const beside = besideOf([
    `${size}, all prompts together; the router is a linear one whose penalty is chosen. ${look}`,
    `Two stages less the joint router: ${intervalText(overJoint)}; less the fixed retriever: ${
      intervalText(overFixed)
    }.`,
  ]);
  const systems = evaluation.systems.map(({ name }) => name);
  const figure = evaluationPanel(evaluation, { title: "Retriever and model as one choice", systems, labelled: [] });
  const caption =
    "Zero mixes all pairs by lot, or those without retrieval. Joint chooses a pair from the prompt; a fixed retriever leaves the " +
    "model to a router; two stages choose the retriever and then, having seen what it found or not, the model.";
  return {
    ...beside,
    tables: new Map([["retrieval", table], ["retrieval_gains", gains]]),
    figures: new Map([["retrieval", { figure, caption }]]),
  };
}
