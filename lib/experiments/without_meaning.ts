import type { Evaluation } from "../evaluation/evaluate.ts";

/** What of an evaluation says nothing, and why. */
export interface WithoutMeaning {
  /** `"all"` where no number says anything of routers, `"gains"` where only differences between them do not. */
  readonly what: "all" | "gains";
  /** Why, as the end of a sentence. */
  readonly why: string;
}

/**
 * Whether an evaluation's numbers mean anything: with one test prompt, or where no model is right on any, an AIQ, an
 * interval and a saving can be computed and say nothing of routers; where all models are equally good on each prompt,
 * no router can gain quality.
 *
 * @returns `null` where they do
 */
export function withoutMeaning({ nPrompts, models, oracle }: Evaluation): WithoutMeaning | null {
  const qualities = models.map(({ quality }) => quality);
  if (nPrompts.test === 1) return { what: "all", why: "one test prompt says nothing of routers" };
  if (Math.max(...qualities) === 0) return { what: "all", why: "no model is right on any test prompt" };
  // The oracle takes each prompt's best answer: as good as the worst model, all answers to a prompt are equally good.
  const isEqual = oracle.quality - Math.min(...qualities) <= 1e-12;
  return isEqual
    ? { what: "gains", why: "all models are equally good on each test prompt, so only costs differ" }
    : null;
}
