/** Two names that look like one: `"001"` and `"1"`, `"gpt-4 "` and `"gpt-4"`. */
export type NearTwins = readonly [string, string];

/** So many pairs are named. */
const MOST_NAMED = 3;
/** Longer ids are texts. */
const LONGEST = 200;

/**
 * Pairs of names that differ only in what programs change unseen: white space, Unicode forms, zeros before or after a whole number; of models also
 * in capital letters.
 */
export function nearTwins(names: readonly string[], what: "models" | "ids"): NearTwins[] {
  const twins: NearTwins[] = [];
  // Most files have no id that a program can have changed.
  if (what === "ids" && names.every((name) => likeness(name) === name)) return twins;
  const known = new Map<string, string>();
  for (const name of names) {
    if (name.length > LONGEST) continue;
    const key = what === "models" ? likeness(name).toLowerCase() : likeness(name);
    const before = known.get(key);
    if (before === undefined) known.set(key, name);
    else if (before !== name) twins.push([before, name]);
  }
  return twins;
}

/** Letters, digits and signs of ASCII without white space, which nothing changes unseen. */
const PLAIN = /^[!-~]+$/;

function likeness(name: string): string {
  const plain = PLAIN.test(name) ? name : name.normalize("NFKC").trim().replace(/\s+/g, " ");
  return /^\d+(\.0*)?$/.test(plain) ? plain.replace(/\.0*$/, "").replace(/^0+(?=\d)/, "") : plain;
}

/** The pairs as a part of a sentence: `"001" and "1"`. */
export function namedTwins(twins: readonly NearTwins[]): string {
  const shown = twins.slice(0, MOST_NAMED).map((pair) => pair.map((name) => JSON.stringify(name)).join(" and "));
  return shown.join(", ") + (twins.length > MOST_NAMED ? ` and ${twins.length - MOST_NAMED} more pairs` : "");
}
