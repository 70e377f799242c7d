import { type Random, seededRandom } from "../base/random.ts";
import { decide, type Decision, type LiveRouter, type LiveSetting, type RoutedShare } from "./live_router.ts";
import { predictInBatches } from "./predict_batches.ts";

/** How decisions are made. */
export interface LiveDecisionsOptions {
  /** The router. */
  readonly router: LiveRouter;
  /** A router that decides too and is only logged; default none. */
  readonly shadow?: LiveRouter | null;
  /** Share of requests whose model is drawn uniformly from all. */
  readonly explore: number;
  /** An A/B test; default: all requests are routed. */
  readonly routedShare?: { readonly share: number; readonly defaultModel: string } | null;
  /** Seed of all draws. */
  readonly seed: number;
}

/** What the shadow would have chosen. */
export interface ShadowDecision {
  /** The shadow. */
  readonly router: LiveRouter;
  /** Its decision, without chance. */
  readonly decision: Decision;
}

/** Decides request by request, those that arrive together in one batch. */
export class LiveDecisions {
  readonly #router: LiveRouter;
  readonly #shadow: LiveRouter | null;
  readonly #explore: number;
  readonly #routedShare: RoutedShare | null;
  readonly #random: Random;
  readonly #predict: ReturnType<typeof predictInBatches>;
  readonly #predictShadow: ReturnType<typeof predictInBatches> | null;

  /** @throws TypeError where the router does not know the default model, or one of the shadow's models */
  constructor({ router, shadow = null, explore, routedShare = null, seed }: LiveDecisionsOptions) {
    this.#router = router;
    this.#shadow = shadow;
    this.#explore = explore;
    this.#routedShare = routedShare && {
      share: routedShare.share,
      defaultModel: needModel(router, routedShare.defaultModel),
    };
    this.#random = seededRandom(seed, "explore");
    this.#predict = predictInBatches(router);
    this.#predictShadow = shadow && predictInBatches(shadow);
    const unknown = shadow?.models.find((model) => !router.models.includes(model));
    if (unknown !== undefined) {
      throw new TypeError(
        `Cannot run the shadow "${shadow!.name}" as it must choose among the router's models, ${
          router.models.join(", ")
        }: it knows "${unknown}" too`,
      );
    }
  }

  /** Decides by the router. */
  async decide(text: string, setting: LiveSetting): Promise<Decision> {
    const expectation = await this.#predict(text);
    return decide(expectation, {
      setting,
      explore: this.#explore,
      routedShare: this.#routedShare,
      random: this.#random,
    });
  }

  /** What the shadow would choose at its first setting; `null` where there is none. */
  async shadow(text: string): Promise<ShadowDecision | null> {
    if (this.#shadow === null) return null;
    const expectation = await this.#predictShadow!(text);
    const [setting] = this.#shadow.settings;
    return { router: this.#shadow, decision: decide(expectation, { setting, explore: 0, random: this.#random }) };
  }

  /** Makes a prediction, which loads what later ones need. */
  async warmUp(): Promise<void> {
    const texts = ["The first prediction loads what the others need."];
    await this.#router.predict(texts);
    await this.#shadow?.predict(texts);
  }
}

function needModel({ models }: LiveRouter, name: string): number {
  const at = models.indexOf(name);
  if (at >= 0) return at;
  throw new TypeError(
    `Cannot route a share of the requests as the default model must be among ${models.join(", ")}: it is "${name}"`,
  );
}
