import assert from "node:assert/strict";
import { sha256OfBytes } from "../../lib/base/sha256.ts";
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { selectEmbeddings } from "../../lib/embeddings/embeddings.ts";
import { bestRouter, chosenKnn, chosenLinear } from "../../lib/evaluation/chosen_recipes.ts";
import type { RouterRecipe } from "../../lib/evaluation/recipe.ts";
import { chooseModels } from "../../lib/evaluation/policy.ts";
import { loadRouter, type RouterFile, routerFileText } from "../../lib/evaluation/router_file.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { fitKnnRouter } from "../../lib/routers/knn.ts";
import { fitGroupRouter } from "../../lib/routers/group.ts";
import { fitKernelRouters } from "../../lib/routers/kernel.ts";
import { fitLinearRouter } from "../../lib/routers/linear.ts";
import { meanRouter } from "../../lib/routers/mean.ts";
import { fitMlpRouter } from "../../lib/routers/mlp.ts";
import { fitCostPredictor, withPredictedCosts } from "../../lib/routers/predicted_cost.ts";
import type { Router } from "../../lib/routers/router.ts";

const outcomes = simulateOutcomes({ nPromptsPerEval: 20, seed: 1 });
const embeddings = await (await openEncoder("lexical")).encode(outcomes);
const train = { outcomes, embeddings };

function fileOf(router: Router): RouterFile {
  return {
    state: router.state!,
    encoder: router.state!.reads === null ? null : { opensAs: "lexical", maxTokens: null, leftOut: ["Question: "] },
    settings: [0, 1e-3, Infinity].map((willingnessToPay) => ({
      promises: willingnessToPay === Infinity ? ["95"] : [],
      willingnessToPay,
      costUsd: 1e-3,
      quality: 0.5,
      modelShares: outcomes.models.map(() => 1 / 11),
    })),
    recommended: 2,
    reason: "It keeps 95 % of the best model's quality",
    provenance: {
      program: "RouterBench for Deno",
      outcomes: outcomes.source.name,
      outcomesSha256: outcomes.source.sha256,
      seed: 1,
      nPrompts: { learned: 140, chosen: 0, test: 0 },
    },
  };
}

async function chosen(recipe: RouterRecipe): Promise<Router> {
  return await recipe.fit(train, { seed: 1, validation: { outcomes, embeddings } });
}

const FITS: Readonly<Record<string, () => Promise<Router>>> = {
  "KNN": () => fitKnnRouter(train, { k: 5 }),
  "means": () => Promise.resolve(meanRouter(train)),
  "linear": () => fitLinearRouter(train, { alpha: [1, 10] }),
  "linear, costs predicted": async () =>
    withPredictedCosts(await fitLinearRouter(train, { alpha: 10 }), await fitCostPredictor(train)),
  "KNN, costs predicted": async () =>
    withPredictedCosts(await fitKnnRouter(train, { k: 40 }), await fitCostPredictor(train)),
  "kernel average": () => Promise.resolve(fitKernelRouters(train, [16])[0]),
  "group": () => fitGroupRouter(train),
  "group of one": () =>
    fitGroupRouter({ outcomes: { ...outcomes, evalNames: outcomes.evalNames.map(() => "all") }, embeddings }),
  "group and residual, costs predicted": async () =>
    withPredictedCosts(await fitGroupRouter(train, { residualAlpha: 100 }), await fitCostPredictor(train)),
  "MLP": () => fitMlpRouter(train, { hiddenSizes: [8, 4], seed: 1 }),
  "MLP, one a model": () => fitMlpRouter(train, { hiddenSizes: [4], seed: 1, networks: "per-model" }),
  "MLP, a mean": () => fitMlpRouter(train, { hiddenSizes: [4], seed: 1, meanOf: 3, validationShare: 0.2 }),
  "KNN, chosen": () => chosen(chosenKnn()),
  "linear, chosen": () => chosen(chosenLinear()),
  "best router": () => chosen(bestRouter()),
};

for (const [name, fit] of Object.entries(FITS)) {
  Deno.test(`loadRouter() predicts and chooses bit for bit as the router that was saved: ${name}`, async () => {
    const router = await fit();
    const file = fileOf(router);
    const text = routerFileText(file);
    const loaded = loadRouter(text);
    const expected = await router.predict(embeddings, outcomes.prompts);
    const predicted = await loaded.predict(embeddings, outcomes.prompts);
    assert.deepEqual(predicted, expected);
    for (const { willingnessToPay } of file.settings) {
      assert.deepEqual(loaded.choose(predicted, willingnessToPay), chooseModels(expected, willingnessToPay));
    }
    assert.deepEqual(loaded.settings, file.settings);
    assert.equal(loaded.recommended, loaded.settings[2]);
    assert.deepEqual([loaded.name, loaded.models, loaded.reason, loaded.encoder, loaded.provenance], [
      router.name,
      outcomes.models,
      file.reason,
      file.encoder,
      file.provenance,
    ]);
    assert.equal(routerFileText({ ...file, state: loaded.state }), text);
  });

  Deno.test(`loadRouter() chooses for a prompt alone as among others: ${name}`, async () => {
    const file = fileOf(await fit());
    const loaded = loadRouter(routerFileText(file));
    const all = await loaded.predict(embeddings, outcomes.prompts);
    const m = outcomes.models.length;
    for (const row of [0, 7, 139]) {
      const alone = await loaded.predict(selectEmbeddings(embeddings, [row]), [outcomes.prompts![row]]);
      // ONNX Runtime divides single-precision sums by the number of rows where there are few training prompts.
      alone.quality.forEach((value, j) => assert.ok(Math.abs(value - all.quality[row * m + j]) < 1e-6));
      for (const { willingnessToPay } of file.settings) {
        assert.equal(loaded.choose(alone, willingnessToPay)[0], loaded.choose(all, willingnessToPay)[row]);
      }
    }
  });
}

type Changed = Record<string, unknown>;

/** The text of a file in which something is changed and the hash is right again. */
function changedText(text: string, change: (router: Changed) => void): string {
  const file = JSON.parse(text);
  change(file.router);
  return JSON.stringify({ ...file, sha256: sha256OfBytes(JSON.stringify(file.router)) });
}

Deno.test("loadRouter() names the first field that is wrong", async () => {
  const text = routerFileText(fileOf(await FITS["KNN"]()));
  const cases: readonly [change: (router: Changed) => void, message: RegExp][] = [
    [(router) => router.settings = [], /as router\.settings must hold at least one setting: it is an array of 0;/],
    [(router) => router.recommended = 3, /as router\.recommended must be a whole number from 0 to 2: it is 3;/],
    [(router) => delete router.reason, /as router\.reason must be a text: it is missing;/],
    [(router) => router.encoder = null, /as router\.encoder must say how vectors are made: it is null;/],
    [(router) => (router.state as Changed).models = ["a", "a"], /as router\.state\.models must name each model once:/],
    [
      (router) => (router.state as Changed).predictor = { kind: "oracle" },
      /as router\.state\.predictor\.kind must be "means" or "knn" or/,
    ],
    [
      (router) => ((router.state as Changed).predictor as Changed).k = 141,
      /as router\.state\.predictor\.k must be a whole number from 1 to 140: it is 141;/,
    ],
    [
      (router) => (((router.state as Changed).predictor as Changed).quality as Changed).base64 = "AAAA",
      /as router\.state\.predictor\.quality\.base64 must be base64 of whole float64 numbers/,
    ],
    [
      (router) => (((router.state as Changed).predictor as Changed).costUsd as Changed).base64 = "AAAAAAAAAAA=",
      /as router\.state\.predictor\.costUsd must hold 11 numbers: it is 1;/,
    ],
    [
      (router) => (router.settings as Changed[])[1].willingnessToPay = -1,
      /as router\.settings\[1\]\.willingnessToPay must be a number of at least 0: it is -1;/,
    ],
    [
      (router) => (router.settings as Changed[])[0].modelShares = [1],
      /as router\.settings\[0\]\.modelShares must be 11 shares/,
    ],
  ];
  for (const [change, message] of cases) {
    assert.throws(() => loadRouter(changedText(text, change)), (error: Error) => {
      assert.ok(error instanceof SyntaxError);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("loadRouter() refuses other files, other versions and changed contents", async () => {
  const text = routerFileText(fileOf(await FITS["KNN"]()));
  assert.throws(() => loadRouter("router"), /Cannot load a router file as it must be JSON/);
  assert.throws(() => loadRouter("[]"), /as it must be an object of fields: it is an array of 0/);
  assert.throws(() => loadRouter("{}"), /as format must be "routerbench-router": it is missing/);
  assert.throws(() => loadRouter(text.replace('"version":1', '"version":2')), /as version must be 1/);
  assert.throws(
    () => loadRouter(text.replace('"quality":0.5', '"quality":0.6')),
    /as sha256 must be that of the contents/,
  );
});

Deno.test("loadRouter() reads a file that was formatted anew", async () => {
  const text = routerFileText(fileOf(await FITS["KNN"]()));
  assert.equal(loadRouter(JSON.stringify(JSON.parse(text), null, 2)).sha256, loadRouter(text).sha256);
});
