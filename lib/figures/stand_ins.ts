import { figureNameOf } from "./_model_names.ts";

/** So many stand-ins are named. */
const MOST_NAMED = 12;

/**
 * Says which models stand-ins such as “model 5” are, in figures whose typeface lacks characters of their names; empty where it lacks none. A page
 * shows the names in the typefaces of its reader.
 */
export function standInSentences(models: readonly string[]): string[] {
  const standIns = models.flatMap((model, at) =>
    figureNameOf(model, at + 1).isStandIn ? [`“model ${at + 1}” is ${model}`] : []
  );
  if (standIns.length === 0) return [];
  const more = standIns.length - MOST_NAMED;
  const named = standIns.slice(0, MOST_NAMED).join("; ");
  return [`In figures ${named}${more > 0 ? `; ${more} more stand in the table of models by their place` : ""}.`];
}
