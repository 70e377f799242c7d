import type { Embeddings, Encoder } from "../embeddings/embeddings.ts";
import type { LoadedRouter } from "../evaluation/router_file.ts";
import type { LiveRouter, LiveSetting } from "./live_router.ts";

/** The name of the setting that the file recommends. */
const RECOMMENDED = "recommended";

/** What the live router needs beside the file. */
export interface LiveRouterOptions {
  /** The encoder that the file names; `null` where it names none. */
  readonly encoder: Encoder | null;
  /** The setting that `router` alone means. Default the recommended one. */
  readonly setting?: string;
}

/**
 * A saved router, ready to answer: its settings are the recommended one and those that keep a promise, by the promise's
 * name ("95").
 *
 * @throws TypeError where the encoder is not the one that the router learned with; RangeError for a setting that the
 * file does not have
 */
export function liveRouterOf(
  loaded: LoadedRouter,
  { encoder, setting = RECOMMENDED }: LiveRouterOptions,
): LiveRouter {
  const needed = loaded.state.reads;
  if (needed !== null && (encoder === null || encoder.name !== needed.encoder || encoder.nDims !== needed.nDims)) {
    throw new TypeError(
      `Cannot serve the router as prompts must be embedded as it learned them, by "${needed.encoder}": the encoder is ${
        encoder === null ? "none" : `"${encoder.name}"`
      }`,
    );
  }
  const { name, sha256, models } = loaded;
  return {
    name,
    sha256,
    models,
    settings: settingsOf(loaded, setting),
    predict: async (texts) => {
      // The encoder is given what it was given when the router learned: examples that training prompts shared are left
      // out.
      const read = loaded.textsToRead(texts);
      const embeddings = needed === null ? noVectors(texts.length) : await encoder!.encode(read);
      return await loaded.predict(embeddings, texts);
    },
  };
}

function settingsOf({ recommended, settings }: LoadedRouter, first: string): LiveSetting[] {
  const { willingnessToPay } = recommended;
  const named = settings.flatMap(({ promises, willingnessToPay }) =>
    promises.map((name): LiveSetting => ({ name, willingnessToPay }))
  );
  const all = [{ name: RECOMMENDED, willingnessToPay }, ...named];
  const chosen = all.find(({ name }) => name === first);
  if (chosen !== undefined) return [chosen, ...all.filter((each) => each !== chosen)];
  throw new RangeError(
    `Cannot serve the router as its setting must be among ${all.map(({ name }) => name).join(", ")}: it is "${first}"`,
  );
}

function noVectors(nPrompts: number): Embeddings {
  return { nPrompts, nDims: 0, values: new Float32Array(0), encoder: "none" };
}
