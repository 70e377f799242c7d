import type { SystemRecipe } from "../../evaluation/recipe.ts";
import { type System, zeroSystem } from "../../evaluation/systems.ts";
import { NO_RETRIEVER } from "../../outcomes/arm.ts";
import { onlyRetrievers, type PairOutcomes } from "./arms.ts";
import { twoStage } from "./two_stage.ts";
import type { TwoStageOptions } from "./two_stage_options.ts";

/**
 * The recipe of a fixed retriever with a routed model: at each setting all prompts have the same retriever, and the router chooses the model from the
 * prompt and what was retrieved. Which retriever that is, validation prompts decide setting by setting.
 *
 * @throws as {@linkcode twoStage}
 */
export function fixedRetriever(options: TwoStageOptions): SystemRecipe {
  return {
    system: async (learn, context) => {
      const { retrievers } = options.pairs;
      const systems: System<unknown>[] = [];
      for (const retriever of retrievers) {
        const single = { ...options, pairs: onlyRetrievers(options.pairs, [retriever]) };
        systems.push(await twoStage(single).system(learn, context));
      }
      return united(options.name ?? "Fixed retriever", systems, (place) => retrievers[place]);
    },
  };
}

/**
 * The recipe of a Zero router that never retrieves: what there was to mix before there were retrievers. The Zero router of an evaluation of pairs mixes
 * all of them.
 *
 * @throws RangeError, when made, where every pair retrieves
 */
export function zeroWithoutRetrieval(pairs: PairOutcomes): SystemRecipe {
  return {
    system: () => {
      const models = onlyRetrievers(pairs, [NO_RETRIEVER]).outcomes.models;
      const zero = zeroSystem();
      const isOwn = (model: number): boolean => models.includes(pairs.outcomes.models[model]);
      return {
        ...zero,
        name: "Zero without retrieval",
        family: "other",
        points: (part) => zero.points(part).filter(({ setting }) => isOwn(setting)),
        describe: (model: number) => pairs.outcomes.models[model],
        deployed: undefined,
      };
    },
  };
}

interface UnitedSetting {
  readonly place: number;
  readonly setting: unknown;
}

/** Systems as one that has the settings of all of them. */
function united(
  name: string,
  systems: readonly System<unknown>[],
  nameOf: (place: number) => string,
): System<UnitedSetting> {
  return {
    name,
    family: "other",
    points: (part) =>
      systems.flatMap((system, place) =>
        system.points(part).map((point) => ({ ...point, setting: { place, setting: point.setting } }))
      ),
    results: (part, { place, setting }) => systems[place].results(part, setting),
    describe: ({ place, setting }) => `${nameOf(place)}, ${systems[place].describe(setting)}`,
  };
}
