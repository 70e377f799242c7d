import { unreadable } from "../base/refusal.ts";
import type { Encoder } from "../embeddings/embeddings.ts";
import { openEncoder } from "../embeddings/open_encoder.ts";
import { type LoadedRouter, loadRouter } from "../evaluation/router_file.ts";

/** Variables that ONNX Runtime and the encoder ask for, as in deno.json. */
export const ROUTER_VARIABLES: readonly string[] = [
  "ORT_DISABLE_TELEMETRY",
  "npm_package_config_libvips",
  "MALLOC_ARENA_MAX",
];

/**
 * Reads a router file.
 *
 * @throws Error where it cannot be read; SyntaxError where it is no router file
 */
export async function readRouter(file: string): Promise<LoadedRouter> {
  return loadRouter(
    await Deno.readTextFile(file).catch((cause) => {
      throw unreadable(file, cause);
    }),
  );
}

/** The encoder that a router file names, from the weights on this machine; `null` where it names none. */
export async function encoderOf({ encoder }: LoadedRouter, weightsFolder: string): Promise<Encoder | null> {
  if (encoder === null) return null;
  return await openEncoder(encoder.opensAs, {
    weightsFolder,
    cacheFolder: null,
    fetchWeights: false,
    ...(encoder.maxTokens === null ? {} : { maxTokens: encoder.maxTokens }),
  });
}
