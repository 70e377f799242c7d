import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultWeightsFolder } from "../lib/embeddings/folders.ts";
import type { Encoder } from "../lib/embeddings/embeddings.ts";
import { openEncoder } from "../lib/embeddings/open_encoder.ts";
import { DEFAULT_ENCODER, findWeights } from "../lib/embeddings/weights.ts";
import { runProgram } from "../lib/commands/jupyter/environment.ts";
import { simulateOutcomes } from "../lib/outcomes/simulate_outcomes.ts";
import type { Peer, ReadyWork, Workload } from "./workload.ts";

/** Enough that starting workers, .2 to .6 s, is little of the time, as it is of a table of thousands. */
const N_TEXTS = 1024;
/** The built-in outcomes' prompts as they are, and some of them in a row, cut by the encoder itself. */
const SETS = [
  { name: "short", prompts: 1, maxTokens: 128, title: "built-in prompts" },
  { name: "long", prompts: 8, maxTokens: 75, title: "prompts of 75 word pieces" },
  { name: "long", prompts: 8, maxTokens: 128, title: "prompts of 128 word pieces" },
];
/** Cosine of the two programs' vectors: the same weights; and activations of eight bits beside those of 32. */
const LEAST_COSINE = { packaged: 0.999, requantised: 0.9 };

/** Prompts to vectors by all-MiniLM-L6-v2, beside sentence-transformers with the same weights; seconds are those of a prompt. */
export const EMBEDDING: Workload = {
  name: "embedding",
  prepare: async (folder, environment) => {
    const search = await findWeights(DEFAULT_ENCODER, { weightsFolder: defaultWeightsFolder(), fetchWeights: false });
    const weights = search.folder;
    if (weights === null) {
      throw new Error(
        `Cannot time the encoder as its weights must be there: ${search.tried[0]}; run deno task reproduce`,
      );
    }
    if (["onnx", "sentence-transformers"].every((name) => environment.versions.has(name))) {
      await runProgram(environment.python, [
        fileURLToPath(new URL("peers/make_minilm.py", import.meta.url)),
        weights,
        folder,
      ]);
    }
    const { prompts } = simulateOutcomes({ nPromptsPerEval: Math.ceil(N_TEXTS * SETS[1].prompts / 6), seed: 1 });
    const works: ReadyWork[] = [];
    for (const { name, prompts: inARow, maxTokens, title } of SETS) {
      const texts = Array.from({ length: N_TEXTS }, (_, i) => rowOf(prompts!, { from: i, inARow }));
      await Deno.writeTextFile(join(folder, `${name}.json`), JSON.stringify(texts));
      for (const file of ["packaged", "requantised"] as const) {
        if (file === "requantised" && !environment.versions.has("onnxruntime")) continue;
        const weightsFolder = file === "packaged" ? undefined : join(folder, file);
        const encoder = await openEncoder(DEFAULT_ENCODER, {
          ...{ weightsFolder, maxTokens, nWorkers: environment.threads, cacheFolder: null, fetchWeights: false },
        });
        works.push(
          workOf(encoder, texts, { title: `${title}, ${file}`, file, program: ["embedding", `${name} ${maxTokens}`] }),
        );
      }
    }
    return works;
  },
};

/** Some prompts joined, from all over the table: other ones for each `from`. */
function rowOf(
  prompts: readonly string[],
  { from, inARow }: { readonly from: number; readonly inARow: number },
): string {
  return Array.from(
    { length: inARow },
    (_, j) => prompts[Math.floor((from + j * N_TEXTS) * prompts.length / (N_TEXTS * inARow))],
  ).join(
    " ",
  );
}

function workOf(encoder: Encoder, texts: readonly string[], { title, file, program }: {
  readonly title: string;
  readonly file: "packaged" | "requantised";
  readonly program: Peer["program"];
}): ReadyWork {
  let values = new Float32Array(0);
  return {
    workload: `embedding, MiniLM, ${title} file`,
    targetSeconds: null,
    units: texts.length,
    ours: async () => {
      values = (await encoder.encode(texts)).values as Float32Array<ArrayBuffer>;
    },
    peers: [{
      ...{
        name: "sentence-transformers, PyTorch",
        needs: "sentence-transformers",
        program,
        target: file === "packaged" ? 1 : 1.4,
      },
      check: ({ vectors }) => checkCosines([values, vectors], encoder.nDims, LEAST_COSINE[file]),
    }],
  };
}

/** Throws where a text's two unit vectors do not point the same way. */
function checkCosines([ours, theirs]: readonly [Float32Array, Float64Array], nDims: number, least: number): void {
  if (ours.length !== theirs.length) {
    throw new Error(`Cannot compare vectors: there are ${ours.length} and ${theirs.length} numbers`);
  }
  for (let start = 0; start < ours.length; start += nDims) {
    let cosine = 0;
    for (let at = start; at < start + nDims; at++) cosine += ours[at] * theirs[at];
    if (cosine >= least) continue;
    throw new Error(
      `Cannot time the encoder as both programs must find the same vectors, to a cosine of ${least}: text ${
        start / nDims
      } has ${cosine}`,
    );
  }
}
