import type { Job } from "./_job_queue.ts";
import type { FromWorker, ToWorker } from "./_session_worker.ts";

/** The next job waits at the worker while it computes one. */
const JOBS_IN_HAND = 2;

/**
 * Runs jobs on workers that have one session of one thread each, and ends the workers. The main thread stays free to tokenise, to draw and to
 * answer signals; two such workers do 1.3 times the texts of one session with two threads.
 *
 * @param nextJob gives the next job, or null when there is none left
 * @throws Error if a worker cannot load the network or run it
 */
export async function runOnWorkers(
  nextJob: () => Job | null,
  options: { readonly nWorkers: number; readonly networkPath: string; readonly nDims: number },
): Promise<void> {
  const workers: Worker[] = [];
  try {
    const url = new URL("./_session_worker.ts", import.meta.url);
    for (let w = 0; w < options.nWorkers; w++) workers.push(new Worker(url, { type: "module" }));
    await Promise.all(workers.map((worker) => serve(worker, nextJob, options)));
  } finally {
    for (const worker of workers) worker.terminate();
  }
}

/** Feeds one worker until there is nothing left. */
function serve(
  worker: Worker,
  nextJob: () => Job | null,
  { networkPath, nDims }: { networkPath: string; nDims: number },
): Promise<void> {
  const inHand = new Map<number, Job>();
  let nSent = 0;
  const send = (message: ToWorker): void => worker.postMessage(message);
  const sendNext = (): void => {
    const job = nextJob();
    if (job === null) return;
    inHand.set(nSent, job);
    send({ job: nSent++, texts: job.texts });
  };
  return new Promise((resolve, reject) => {
    const fail = (found: string): void =>
      reject(
        new Error(
          `Cannot embed the texts as the network "${networkPath}" must run in a worker: ${found}; ` +
            "grant the permission that is missing (workers read lib/ and the weights), or delete the encoder's folder to fetch it again",
        ),
      );
    const receive = (message: FromWorker): void => {
      if ("error" in message) return fail(message.error);
      if ("job" in message) {
        inHand.get(message.job)!.done(message.vectors);
        inHand.delete(message.job);
      }
      while (inHand.size < JOBS_IN_HAND) {
        const before = nSent;
        sendNext();
        if (nSent === before) break;
      }
      if (inHand.size === 0) resolve();
    };
    worker.onmessage = ({ data }: MessageEvent<FromWorker>): void => {
      try {
        receive(data);
      } catch (error) {
        reject(error);
      }
    };
    worker.onerror = (event): void => {
      event.preventDefault();
      fail(event.message);
    };
    send({ networkPath, nDims });
  });
}
