import { sha256Of } from "./_sha256.ts";

/** What the worker answers. */
export type FromHashWorker = { readonly sha256: string } | { readonly error: string };

const worker = self as unknown as {
  onmessage: (event: MessageEvent<string>) => void;
  postMessage: (message: FromHashWorker) => void;
};

worker.onmessage = ({ data: path }) => {
  try {
    worker.postMessage({ sha256: sha256Of(path) });
  } catch (error) {
    worker.postMessage({ error: String(error) });
  }
};
