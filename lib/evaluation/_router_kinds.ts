import { fitGroupRouter } from "../routers/group.ts";
import { fitKernelRouters } from "../routers/kernel.ts";
import { fitKnnRouters } from "../routers/knn.ts";
import { fitLinearRouters } from "../routers/linear.ts";
import { ALPHA_LADDER } from "../routers/predicted_cost.ts";
import type { EmbeddedOutcomes, Router } from "../routers/router.ts";
import type { Family } from "./systems.ts";

/** Numbers of neighbours among which a KNN router chooses. */
const K_LADDER: readonly number[] = [5, 10, 20, 40, 80, 160];
/** Sharpness values among which a kernel average chooses. */
const SHARPNESS_LADDER: readonly number[] = [4, 8, 16, 32, 64];
/** Penalties of the regression on the residuals of a group's means: as these are small, none is weak. */
const RESIDUAL_ALPHA_LADDER: readonly number[] = [30, 100, 300];

/** A router with one of the settings that are tried. */
export interface Candidate {
  readonly setting: string;
  readonly router: Router;
}

/** A kind of router with the settings that are tried. */
export interface Kind {
  readonly name: string;
  readonly family: Family;
  /** Whether its first candidate, which is Zero, is taken where choosing among the others does not pay. */
  readonly fallsBack?: boolean;
  candidates(train: EmbeddedOutcomes, validation: EmbeddedOutcomes): Promise<readonly Candidate[]>;
}

export const KNN: Kind = {
  name: "KNN, k chosen",
  family: "knn",
  candidates: async (train) => {
    const ks = K_LADDER.filter((k) => k <= train.outcomes.promptIds.length);
    const routers = await fitKnnRouters(train, { ks });
    return routers.map((router, at) => ({ setting: `k = ${ks[at]}`, router }));
  },
};

export const LINEAR: Kind = {
  name: "Linear, α chosen",
  family: "linear",
  candidates: async (train) => {
    const routers = await fitLinearRouters(train, { alphas: ALPHA_LADDER });
    return routers.map((router, at) => ({ setting: `α = ${ALPHA_LADDER[at]}`, router }));
  },
};

export const KERNEL: Kind = {
  name: "Kernel average",
  family: "kernel",
  candidates: (train) =>
    Promise.resolve(
      fitKernelRouters(train, SHARPNESS_LADDER).map((router, at) => ({
        setting: `sharpness ${SHARPNESS_LADDER[at]}`,
        router,
      })),
    ),
};

export const GROUP: Kind = {
  name: "Group",
  family: "group",
  candidates: async (train) =>
    hasGroups(train) ? [{ setting: "group means", router: await fitGroupRouter(train) }] : [],
};

export const GROUP_AND_RESIDUAL: Kind = {
  name: "Group and residual",
  family: "group",
  candidates: (train) =>
    Promise.all((hasGroups(train) ? RESIDUAL_ALPHA_LADDER : []).map(async (residualAlpha) => ({
      setting: `α = ${residualAlpha} for what is left`,
      router: await fitGroupRouter(train, { residualAlpha }),
    }))),
};

/** The kinds of routers among which the best is chosen. */
export const ALL_KINDS: readonly Kind[] = [KNN, LINEAR, KERNEL, GROUP, GROUP_AND_RESIDUAL];

/** With one evaluation a group router would be the Zero router, and one with a residual the linear router. */
function hasGroups({ outcomes: { evalNames } }: EmbeddedOutcomes): boolean {
  return evalNames.some((evalName) => evalName !== evalNames[0]);
}
