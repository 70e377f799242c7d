import { PAPER_EVAL_NAMES, paperTestPrompts, PRICE_USD_PER_MILLION_TOKENS } from "../../outcomes/paper_table.ts";
import { paperPanel } from "../printed/panels.ts";
import { type ErratumRow, one, rowOf } from "./_erratum.ts";

/** The prompt and answer that Llama 2 can read, tokens (Touvron et al. 2023, arXiv:2307.09288). */
const LLAMA_2_CONTEXT_TOKENS = 4096;

/** Errata of costs: from which prices and lengths a number of USD was computed. */
export function costErrata(): ErratumRow[] {
  return [prices(), costRatio(), olderPrices()];
}

function prices(): ErratumRow {
  const evalName = "hellaswag";
  const row = rowOf("Llama 70B");
  const price = PRICE_USD_PER_MILLION_TOKENS[row.model].prompt / 1e6;
  const tokens = row.totalCostUsd[evalName] / paperTestPrompts(evalName) / price;
  return {
    id: "prices-ten-times-off",
    point: 4,
    title: "By a slip the reference code divides prices per million tokens by ten million",
    where: "Price table of the reference code; Table 1, HellaSwag, Llama 70B",
    printed: `${row.totalCostUsd[evalName]} USD for ${paperTestPrompts(evalName)} prompts`,
    computed: `at the list price ${Math.round(tokens)} tokens a prompt, at the code's ${
      Math.round(10 * tokens)
    }, where the model reads ${LLAMA_2_CONTEXT_TOKENS}`,
    evidence: { tokensAtListPrice: tokens, tokensAtCodesPrice: 10 * tokens, contextTokens: LLAMA_2_CONTEXT_TOKENS },
  };
}

/** The cost by which routers decide, beside the cost that was paid. */
function costRatio(): ErratumRow {
  const [dear, cheap] = [rowOf("GPT-4"), rowOf("Mistral 7B")];
  const [dearPrice, cheapPrice] = [dear, cheap].map(({ model }) => PRICE_USD_PER_MILLION_TOKENS[model]).map((price) =>
    price.prompt + price.completion
  );
  const paid = PAPER_EVAL_NAMES.map((evalName) => dear.totalCostUsd[evalName] / cheap.totalCostUsd[evalName]);
  return {
    id: "cost-ignores-length",
    point: 4,
    title: "Predictive routers decide by one price a model, whatever the lengths of prompts and answers",
    where: "Table 1, GPT-4 and Mistral 7B",
    printed: "total costs on seven evaluations",
    computed: `GPT-4 ÷ Mistral 7B: ${(dearPrice / cheapPrice).toFixed(0)} in every decision, ${
      Math.min(...paid).toFixed(0)
    } to ${Math.max(...paid).toFixed(0)} paid`,
    evidence: { decided: dearPrice / cheapPrice, leastPaid: Math.min(...paid), mostPaid: Math.max(...paid) },
  };
}

function olderPrices(): ErratumRow {
  const ratios = ["Claude Instant V1", "Llama 70B", "WizardLM 13B"].map((name) => {
    const evalName = "grade-school-math";
    const row = rowOf(name);
    return {
      name,
      ratio: one(paperPanel(4, evalName).models, (model) => model.name === name).costUsd / row.totalCostUsd[evalName],
    };
  });
  return {
    id: "two-price-lists",
    point: null,
    title: "Figure 4 and Table 1 use different prices",
    where: "Figure 4 and Table 1, GSM8K",
    printed: "total costs of the same models on the same prompts",
    computed: `Figure 4's ÷ Table 1's: ${ratios.map(({ name, ratio }) => `${name} ${ratio.toFixed(2)}`).join(", ")}`,
    evidence: { claudeInstant: ratios[0].ratio, llama70b: ratios[1].ratio, wizardLm: ratios[2].ratio },
  };
}
