import { needKnownOptions } from "../base/options.ts";
import { listed } from "../base/words.ts";
import { needObject, numberField, textField } from "./_config_fields.ts";

/** Where a model is reached, what it costs, and how long it may take. */
export interface UpstreamModel {
  /** The name by which the router knows it. */
  readonly name: string;
  /** The address of an API like OpenAI's, without a slash at its end, such as `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  /** The NAME of the environment variable that holds the key; `null` where no key is needed. */
  readonly keyEnv: string | null;
  /** The model's name at its upstream. */
  readonly upstreamModel: string;
  /** USD per million tokens of the prompt, of the answer, and of what the upstream had cached of the prompt. */
  readonly priceUsdPerMillionTokens: { readonly prompt: number; readonly completion: number; readonly cached: number };
  /** Most tokens of a prompt; longer prompts go to another model. `null`: unknown. */
  readonly contextTokens: number | null;
  /** Seconds until the first token of a streamed answer, between two tokens, and for the whole answer. */
  readonly timeoutSeconds: { readonly first: number; readonly idle: number; readonly total: number };
}

/** Which text of a conversation is routed: it must be what the router was trained on. */
export type RoutedText = "last user message" | "all user messages";

/** The file that says how a router's models are reached. */
export interface ServeConfig {
  /** The models. */
  readonly models: readonly UpstreamModel[];
  /** The text that is routed. */
  readonly routedText: RoutedText;
  /** How often a model is asked again after a failure that may pass. */
  readonly retries: number;
  /** The longest `retry-after` that is waited for, seconds; a longer one sends the request to the next model. */
  readonly longestWaitSeconds: number;
  /** After so many failures in a row a model is left alone for so many seconds, then probed with one request. */
  readonly circuit: { readonly failures: number; readonly openSeconds: number };
  /** What a client may take: bytes of a body, requests at the same time, seconds of a request. */
  readonly limits: { readonly bodyBytes: number; readonly inFlight: number; readonly seconds: number };
}

const ROUTED_TEXTS: readonly RoutedText[] = ["last user message", "all user messages"];

/** An example of the file: two models at one upstream, and one on this machine. */
export const EXAMPLE_CONFIG = {
  routed_text: "last user message",
  retries: 2,
  longest_wait_seconds: 10,
  circuit: { failures: 5, open_seconds: 15 },
  limits: { body_bytes: 10_000_000, in_flight: 256, seconds: 600 },
  models: {
    small: {
      base_url: "http://127.0.0.1:11434/v1",
      key_env: null,
      upstream_model: "llama3.1:8b",
      price_usd_per_million_tokens: { prompt: 0.05, completion: 0.08 },
      context_tokens: 128_000,
      timeout_seconds: { first: 60, idle: 30, total: 300 },
    },
    large: {
      base_url: "https://api.openai.com/v1",
      key_env: "OPENAI_API_KEY",
      upstream_model: "gpt-4o",
      price_usd_per_million_tokens: { prompt: 2.5, completion: 10, cached: 1.25 },
      context_tokens: 128_000,
      timeout_seconds: { first: 60, idle: 30, total: 300 },
    },
  },
};

/**
 * Reads the text of a configuration file.
 *
 * Only `models` with `base_url` and prices is needed; the rest has the defaults of {@linkcode EXAMPLE_CONFIG}.
 *
 * @param text JSON
 * @param name the file's name, for errors
 * @throws SyntaxError where the text is no JSON; TypeError or RangeError for a field that is missing, unknown or of a
 * wrong kind
 * @example
 * ```ts
 * import { EXAMPLE_CONFIG, parseServeConfig } from "./models_config.ts";
 * import assert from "node:assert/strict";
 *
 * const config = parseServeConfig(JSON.stringify(EXAMPLE_CONFIG), "models.json");
 * assert.deepEqual(config.models.map(({ name }) => name), ["small", "large"]);
 * ```
 */
export function parseServeConfig(text: string, name: string): ServeConfig {
  const whole = needObject(parsed(text, name), name);
  needKnownOptions(`read "${name}"`, whole, { known: Object.keys(EXAMPLE_CONFIG), what: "fields" });
  const models = Object.entries(needObject(whole.models, `${name}: models`));
  if (models.length === 0) {
    throw new TypeError(`Cannot read "${name}" as it must name a model: "models" is empty; see --example`);
  }
  const circuit = needObject(whole.circuit ?? {}, `${name}: circuit`);
  const limits = needObject(whole.limits ?? {}, `${name}: limits`);
  const routedText = textField(whole, "routed_text", { name, fallback: EXAMPLE_CONFIG.routed_text });
  if (!(ROUTED_TEXTS as readonly (string | null)[]).includes(routedText)) {
    throw new TypeError(
      `Cannot read "${name}" as routed_text must be ${ROUTED_TEXTS.map((each) => `"${each}"`).join(" or ")}: it is ${
        JSON.stringify(routedText)
      }`,
    );
  }
  const number = (from: Readonly<Record<string, unknown>>, field: string, fallback: number): number =>
    numberField(from, field, { name, fallback });
  return {
    models: models.map(([model, fields]) => upstreamModel(model, needObject(fields, `${name}: ${model}`), name)),
    routedText: routedText as RoutedText,
    retries: number(whole, "retries", EXAMPLE_CONFIG.retries),
    longestWaitSeconds: number(whole, "longest_wait_seconds", EXAMPLE_CONFIG.longest_wait_seconds),
    circuit: {
      failures: number(circuit, "failures", EXAMPLE_CONFIG.circuit.failures),
      openSeconds: number(circuit, "open_seconds", EXAMPLE_CONFIG.circuit.open_seconds),
    },
    limits: {
      bodyBytes: number(limits, "body_bytes", EXAMPLE_CONFIG.limits.body_bytes),
      inFlight: number(limits, "in_flight", EXAMPLE_CONFIG.limits.in_flight),
      seconds: number(limits, "seconds", EXAMPLE_CONFIG.limits.seconds),
    },
  };
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`Cannot read "${name}" as it must be JSON: ${(error as Error).message}; see --example`);
  }
}

function upstreamModel(model: string, fields: Readonly<Record<string, unknown>>, name: string): UpstreamModel {
  const where = `${name}: ${model}`;
  needKnownOptions(`read "${where}"`, fields, { known: Object.keys(EXAMPLE_CONFIG.models.large), what: "fields" });
  const prices = needObject(fields.price_usd_per_million_tokens, `${where}: price_usd_per_million_tokens`);
  const timeouts = needObject(fields.timeout_seconds ?? {}, `${where}: timeout_seconds`);
  const price = (field: string, fallback?: number): number => numberField(prices, field, { name: where, fallback });
  const seconds = (field: "first" | "idle" | "total"): number =>
    numberField(timeouts, field, { name: where, fallback: EXAMPLE_CONFIG.models.large.timeout_seconds[field] });
  return {
    name: model,
    baseUrl: checkedUrl(textField(fields, "base_url", { name: where }) ?? "", where),
    keyEnv: checkedKeyName(textField(fields, "key_env", { name: where, fallback: null }), where),
    upstreamModel: textField(fields, "upstream_model", { name: where, fallback: model }) ?? model,
    priceUsdPerMillionTokens: {
      prompt: price("prompt"),
      completion: price("completion"),
      cached: price("cached", price("prompt")),
    },
    contextTokens: (fields.context_tokens ?? null) === null
      ? null
      : numberField(fields, "context_tokens", { name: where }),
    timeoutSeconds: { first: seconds("first"), idle: seconds("idle"), total: seconds("total") },
  };
}

function checkedUrl(text: string, where: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new TypeError(
      `Cannot read "${where}" as base_url must begin with http:// or https://: it is "${text}"; see --example`,
    );
  }
  if (new URL(text).username !== "" || new URL(text).password !== "") {
    throw new TypeError(`Cannot read "${where}" as base_url must hold no password: it does; name a key by key_env`);
  }
  return text.replace(/\/+$/, "");
}

/** A key that stands in the file itself is refused without being repeated. */
function checkedKeyName(keyEnv: string | null, where: string): string | null {
  if (keyEnv === null || /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(keyEnv)) return keyEnv;
  throw new TypeError(
    `Cannot read "${where}" as key_env must be the name of an environment variable: it is none; write the name, never the key`,
  );
}

/**
 * The configured models in the router's order.
 *
 * @throws TypeError where the router knows a model that the file lacks, or the other way round: one error that names
 * them all
 */
export function matchedModels(config: ServeConfig, models: readonly string[], name: string): UpstreamModel[] {
  const byName = new Map(config.models.map((model) => [model.name, model]));
  const missing = models.filter((model) => !byName.has(model));
  const superfluous = config.models.map(({ name }) => name).filter((model) => !models.includes(model));
  if (missing.length === 0 && superfluous.length === 0) return models.map((model) => byName.get(model)!);
  const found = [
    ...(missing.length === 0 ? [] : [`the router chooses ${listed(missing, 20)}, which the file lacks`]),
    ...(superfluous.length === 0 ? [] : [`the file has ${listed(superfluous, 20)}, which the router does not know`]),
  ];
  throw new TypeError(
    `Cannot serve with "${name}" as it and the router must name the same models: ${found.join("; ")}; correct the file`,
  );
}
