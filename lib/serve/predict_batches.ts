import { expectationOf, type LiveRouter, type PromptExpectation } from "./live_router.ts";

/** Texts that wait while a batch is predicted form the next one, of at most so many. */
const LARGEST_BATCH = 16;

interface Waiting {
  readonly text: string;
  readonly resolve: (expectation: PromptExpectation) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Predictions for one text at a time, made in batches: what arrives while a batch is worked on is predicted together,
 * as an encoder is faster on several texts at once. A text that comes alone does not wait.
 */
export function predictInBatches(router: LiveRouter): (text: string) => Promise<PromptExpectation> {
  const waiting: Waiting[] = [];
  let isBusy = false;
  const work = async (): Promise<void> => {
    isBusy = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, LARGEST_BATCH);
      try {
        const predictions = await router.predict(batch.map(({ text }) => text));
        batch.forEach(({ resolve }, row) => resolve(expectationOf(predictions, row)));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isBusy = false;
  };
  return (text) =>
    new Promise((resolve, reject) => {
      waiting.push({ text, resolve, reject });
      if (!isBusy) void work();
    });
}
