import { type FromHashWorker, sha256Of } from "./sha256.ts";

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
