import { join } from "node:path";
import onnxProto from "onnx-proto";

const { ModelProto, TensorProto } = onnxProto.onnx;

/** Each word piece of the toy encoder: number, text and vector. */
const VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "green", "blue", "ink", "##y"];
export const TOY_DIMS = 4;

/** The vector of word piece `id`, before pooling. */
export function toyPieceVector(id: number): number[] {
  return [1, Math.sin(id), Math.cos(2 * id), id / 10];
}

/** The numbers of word pieces, for expectations. */
export function toyIds(...pieces: readonly string[]): number[] {
  return pieces.map((piece) => VOCABULARY.indexOf(piece));
}

/** The files of an encoder whose network looks up a vector for each word piece: everything but size is as in a real one. */
export function toyFiles(): Map<string, Uint8Array> {
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const special = ["[UNK]", "[CLS]", "[SEP]", "[PAD]"].map((content) => ({
    id: VOCABULARY.indexOf(content),
    content,
    special: true,
  }));
  return new Map([
    [
      "config.json",
      json({ architectures: ["BertModel"], model_type: "bert", hidden_size: TOY_DIMS, max_position_embeddings: 16 }),
    ],
    [
      "tokenizer_config.json",
      json({
        tokenizer_class: "BertTokenizer",
        cls_token: "[CLS]",
        sep_token: "[SEP]",
        pad_token: "[PAD]",
        model_max_length: 16,
      }),
    ],
    [
      "tokenizer.json",
      json({
        version: "1.0",
        added_tokens: special,
        normalizer: {
          type: "BertNormalizer",
          clean_text: true,
          handle_chinese_chars: true,
          strip_accents: null,
          lowercase: true,
        },
        pre_tokenizer: { type: "BertPreTokenizer" },
        post_processor: {
          type: "TemplateProcessing",
          single: [{ SpecialToken: { id: "[CLS]", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }, {
            SpecialToken: { id: "[SEP]", type_id: 0 },
          }],
          pair: [],
          special_tokens: {
            "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
            "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
          },
        },
        decoder: { type: "WordPiece", prefix: "##", cleanup: true },
        model: {
          type: "WordPiece",
          unk_token: "[UNK]",
          continuing_subword_prefix: "##",
          max_input_chars_per_word: 100,
          vocab: Object.fromEntries(VOCABULARY.map((piece, id) => [piece, id])),
        },
      }),
    ],
    ["onnx/model_quantized.onnx", toyNetwork()],
  ]);
}

/**
 * `last_hidden_state = table[input_ids]`.
 *
 * @param quantised rounds to 256 steps between the least and the largest number of the batch, as int8 networks do with what they compute
 */
export function toyNetwork({ quantised = false } = {}): Uint8Array {
  const { FLOAT, INT64 } = TensorProto.DataType;
  const dimsOf = (...dims: (string | number)[]): object => ({
    dim: dims.map((dim) => typeof dim === "string" ? { dimParam: dim } : { dimValue: dim }),
  });
  const input = (name: string): object => ({
    name,
    type: { tensorType: { elemType: INT64, shape: dimsOf("batch", "sequence") } },
  });
  const table = VOCABULARY.flatMap((_, id) => toyPieceVector(id));
  const graph = {
    name: "toy",
    node: quantised
      ? [
        { opType: "Gather", input: ["table", "input_ids"], output: ["pieces"] },
        { opType: "DynamicQuantizeLinear", input: ["pieces"], output: ["steps", "scale", "zero"] },
        { opType: "DequantizeLinear", input: ["steps", "scale", "zero"], output: ["last_hidden_state"] },
      ]
      : [{ opType: "Gather", input: ["table", "input_ids"], output: ["last_hidden_state"] }],
    initializer: [{ name: "table", dataType: FLOAT, dims: [VOCABULARY.length, TOY_DIMS], floatData: table }],
    input: [input("input_ids"), input("attention_mask"), input("token_type_ids")],
    output: [{
      name: "last_hidden_state",
      type: { tensorType: { elemType: FLOAT, shape: dimsOf("batch", "sequence", TOY_DIMS) } },
    }],
  };
  const model = ModelProto.fromObject({ irVersion: 8, opsetImport: [{ domain: "", version: 17 }], graph });
  return Uint8Array.from(ModelProto.encode(model).finish());
}

/** Writes the toy encoder's files, all or some. */
export async function writeToyWeights(folder: string, without: readonly string[] = []): Promise<void> {
  await Deno.mkdir(join(folder, "onnx"), { recursive: true });
  for (const [path, bytes] of toyFiles()) if (!without.includes(path)) await Deno.writeFile(join(folder, path), bytes);
}

/** Runs a test in a new folder and removes it. */
export async function inNewFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "routerbench_" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Every path below a folder, sorted, with "/" between its parts. */
export async function pathsBelow(folder: string, prefix = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) paths.push(...await pathsBelow(join(folder, name), `${prefix}${name}/`));
    else paths.push(`${prefix}${name}`);
  }
  return paths.sort();
}
