import { withTransformers } from "./_transformers.ts";

/** How the hub is reached; a test puts its own `fetch` here. */
export interface HubOptions {
  /** Begins each address. */
  readonly remoteHost: string;
  /** Answers each request. */
  readonly fetch: typeof fetch;
  /** How long the first request may wait for its answer, in seconds, so that a machine without a network is not kept waiting. */
  readonly firstAnswerSeconds: number;
}

/** The Hugging Face hub. */
export const HUGGING_FACE: HubOptions = {
  remoteHost: "https://huggingface.co/",
  fetch: (input, init) => fetch(input, init),
  firstAnswerSeconds: 5,
};

/** Later requests are redirected to a store that may be slow to begin. */
const LATER_ANSWER_SECONDS = 30;

/**
 * Fetches an encoder's files to `<weightsFolder>/<hubId>/` by transformers.js's own download, which renames each file when it is whole.
 *
 * @returns what the hub answered, or null if all files are there
 */
export async function fetchFromHub(hubId: string, weightsFolder: string, options: HubOptions): Promise<string | null> {
  const { remoteHost, firstAnswerSeconds } = options;
  const fetchInTime = fetchWithDeadline(options.fetch, {
    firstAnswerSeconds,
    laterAnswerSeconds: LATER_ANSWER_SECONDS,
  });
  try {
    await withTransformers(
      { kind: "hub", cacheFolder: weightsFolder, remoteHost, fetch: fetchInTime },
      async (transformers) => {
        await transformers.AutoTokenizer.from_pretrained(hubId);
        const model = await transformers.AutoModel.from_pretrained(hubId, { dtype: "q8" });
        await model.dispose();
      },
    );
    return null;
  } catch (error) {
    return error instanceof Error ? messageWithCause(error) : String(error);
  }
}

/** Fails if the head of an answer takes too long; the body may take its time. */
function fetchWithDeadline(
  inner: typeof fetch,
  { firstAnswerSeconds, laterAnswerSeconds }: { firstAnswerSeconds: number; laterAnswerSeconds: number },
): typeof fetch {
  let answered = false;
  return async (input, init) => {
    const seconds = answered ? laterAnswerSeconds : firstAnswerSeconds;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new Error(`no answer within ${seconds} s`)), seconds * 1000);
    try {
      const response = await inner(input, { ...init, signal: abort.signal });
      answered = true;
      return response;
    } finally {
      clearTimeout(timer);
    }
  };
}

function messageWithCause(error: Error): string {
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
