import { packed, PlainFields } from "../base/plain_fields.ts";
import { sha256OfBytes } from "../base/sha256.ts";
import { rebuildRouter } from "../routers/rebuild_router.ts";
import type { QualityPredictions, Router } from "../routers/router.ts";
import type { RouterState } from "../routers/router_state.ts";
import { textWithout } from "../outcomes/texts_to_read.ts";
import { readRouterState } from "./_router_state_fields.ts";
import { chooseModels } from "./policy.ts";

const FORMAT = "routerbench-router";
const VERSION = 1;

/** A point at which a saved router can be run, as it was measured on test prompts. */
export interface SavedSetting {
  /** Percentages of the best single model's quality that it is the cheapest setting to keep: "95"; mostly none. */
  readonly promises: readonly string[];
  /** USD for one unit of quality, 0 or more; may be infinite. */
  readonly willingnessToPay: number;
  /** Mean cost of a test prompt, USD. */
  readonly costUsd: number;
  /** Mean quality on the test prompts, 0..1. */
  readonly quality: number;
  /** Share of the test prompts that went to each model, `[m]`. */
  readonly modelShares: readonly number[];
}

/** The encoder of the vectors that a router reads. */
export interface SavedEncoder {
  /** The name with which {@linkcode openEncoder} opens it. */
  readonly opensAs: string;
  /** Word pieces read of a text; `null` where the whole text is read. */
  readonly maxTokens: number | null;
  /** Beginnings left out of a prompt, as many training prompts shared them; none where whole prompts are read. */
  readonly leftOut: readonly string[];
}

/** The provenance of a saved router. */
export interface RouterProvenance {
  /** The program and its version. */
  readonly program: string;
  /** Name of the outcomes. */
  readonly outcomes: string;
  /** SHA-256 of the outcomes' bytes, lower-case hex; empty where they were made in memory. */
  readonly outcomesSha256: string;
  /** Seed of the split and the intervals. */
  readonly seed: number;
  /** Number of prompts on which it learned, its settings were chosen, and both were measured. */
  readonly nPrompts: { readonly learned: number; readonly chosen: number; readonly test: number };
}

/** Everything in a router file: a router, the curve on which it was measured, and where both come from. */
export interface RouterFile {
  /** The router as plain data. */
  readonly state: RouterState;
  /** How its vectors are made; `null` where it looks at no prompt. */
  readonly encoder: SavedEncoder | null;
  /** The saved curve, by ascending cost where settings were chosen. */
  readonly settings: readonly SavedSetting[];
  /** Place of the setting to run. */
  readonly recommended: number;
  /** The reason for that setting, in a sentence. */
  readonly reason: string;
  /** Its provenance. */
  readonly provenance: RouterProvenance;
}

/** A router from a file, ready to choose. */
export interface LoadedRouter extends Omit<RouterFile, "recommended"> {
  /** SHA-256 of the file's contents, lower-case hex, by which logs name the router. */
  readonly sha256: string;
  /** Its name. */
  readonly name: string;
  /** The models among which it chooses, m names. */
  readonly models: readonly string[];
  /** The setting to run. */
  readonly recommended: SavedSetting;
  /** Predicts quality and cost of every model on every prompt: bit for bit what the saved router predicts. */
  readonly predict: Router["predict"];
  /** The texts that the encoder is given for prompts, without the beginnings that are left out. */
  textsToRead(prompts: readonly string[]): string[];
  /** Index of the model that each prompt goes to, `[n]`: {@linkcode chooseModels} by the exact rules. */
  choose(predictions: QualityPredictions, willingnessToPay: number): Int32Array;
}

/**
 * Writes a router file: JSON that holds no code. Arrays are base64 of little-endian numbers, so that no digit is lost.
 *
 * @returns the text of the file; the same router gives the same text
 */
export function routerFileText(file: RouterFile): string {
  const router = JSON.stringify(file, packed);
  return `{"format":"${FORMAT}","version":${VERSION},"sha256":"${sha256OfBytes(router)}",\n"router":${router}}\n`;
}

/**
 * Reads a router file. Everything in it is checked, its SHA-256 first; nothing in it is executed.
 *
 * @throws SyntaxError for text that is no router file, is of another version or was changed, and for a field that is
 * missing or wrong
 */
export function loadRouter(text: string): LoadedRouter {
  const { router, sha256 } = openedFile(text);
  const state = readRouterState(router.object("state"));
  const settings = router.objects("settings").map((fields) => readSetting(fields, state.models.length));
  if (settings.length === 0) router.wrong("settings", "hold at least one setting");
  const recommended = router.wholeNumber("recommended", { least: 0, most: settings.length - 1 });
  const encoder = router.maybe("encoder", () => readEncoder(router.object("encoder")));
  if ((encoder === null) !== (state.reads === null)) {
    router.wrong(
      "encoder",
      state.reads === null ? "be null as the router reads no vectors" : "say how vectors are made",
    );
  }
  const { predict } = rebuildRouter(state);
  return {
    sha256,
    name: state.name,
    models: state.models,
    state,
    encoder,
    settings,
    recommended: settings[recommended],
    reason: router.text("reason"),
    provenance: readProvenance(router.object("provenance")),
    predict,
    textsToRead: (prompts) => prompts.map((prompt) => textWithout(prompt, encoder?.leftOut ?? [])),
    choose: (predictions, willingnessToPay) => chooseModels(predictions, willingnessToPay),
  };
}

const WORDS = {
  action: "load a router file",
  remedy: "save it again by deno task evaluate FILE --keep 95%",
};

function openedFile(text: string): { readonly router: PlainFields; readonly sha256: string } {
  const file = new PlainFields(parsed(text), WORDS);
  if (file.raw("format") !== FORMAT) file.wrong("format", `be "${FORMAT}"`);
  if (file.raw("version") !== VERSION) file.wrong("version", `be ${VERSION}, the only one that this program reads`);
  const router = file.object("router");
  const sha256 = sha256OfBytes(JSON.stringify(file.raw("router")));
  if (file.text("sha256") !== sha256) file.wrong("sha256", `be that of the contents, ${sha256}`);
  return { router, sha256 };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot ${WORDS.action} as it must be JSON: ${(cause as Error).message}; ${WORDS.remedy}`, {
      cause,
    });
  }
}

function readSetting(fields: PlainFields, nModels: number): SavedSetting {
  const modelShares = fields.raw("modelShares");
  const areShares = Array.isArray(modelShares) && modelShares.length === nModels &&
    modelShares.every((share) => typeof share === "number" && share >= 0);
  return {
    promises: fields.texts("promises"),
    willingnessToPay: fields.number("willingnessToPay", { least: 0, infinite: true }),
    costUsd: fields.number("costUsd", { least: 0 }),
    quality: fields.number("quality"),
    modelShares: areShares ? modelShares : fields.wrong("modelShares", `be ${nModels} shares`),
  };
}

function readEncoder(fields: PlainFields): SavedEncoder {
  return {
    opensAs: fields.text("opensAs"),
    maxTokens: fields.maybe("maxTokens", () => fields.wholeNumber("maxTokens", { least: 1 })),
    leftOut: fields.texts("leftOut"),
  };
}

function readProvenance(fields: PlainFields): RouterProvenance {
  const counts = fields.object("nPrompts");
  return {
    program: fields.text("program"),
    outcomes: fields.text("outcomes"),
    outcomesSha256: fields.text("outcomesSha256"),
    seed: fields.wholeNumber("seed"),
    nPrompts: {
      learned: counts.wholeNumber("learned", { least: 0 }),
      chosen: counts.wholeNumber("chosen", { least: 0 }),
      test: counts.wholeNumber("test", { least: 0 }),
    },
  };
}
