/**
 * Refuses names of which one stands twice.
 *
 * @param refused the sentence so far, such as "Cannot make a table as its models"
 * @throws TypeError for the first such name
 */
export function needUnique(names: readonly string[], refused: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new TypeError(`${refused} must differ: "${name}" stands twice; rename or merge them`);
    seen.add(name);
  }
}
