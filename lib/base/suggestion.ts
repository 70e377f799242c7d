/** Suggests the known name that a misspelled one may stand for, as the end of a sentence; "" where none is near. */
export function suggestion(name: string, known: readonly string[], dashes = "--"): string {
  const begun = known.filter((each) =>
    name.length >= 2 && (each.startsWith(name) || (each.length >= 3 && name.startsWith(each)))
  );
  const near = known.map((each) => ({ each, distance: editDistance(name, each) }))
    .filter(({ each, distance }) =>
      distance <= Math.max(1, Math.floor(Math.max(each.length, name.length) / 3)) && distance < each.length
    )
    .sort((a, b) => a.distance - b.distance);
  const best = near[0]?.each ?? begun[0];
  return best === undefined ? "" : `; did you mean "${dashes}${best}"?`;
}

/** Letters to insert, delete, replace, or swap with their neighbour: Damerau's distance, each place edited once. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          rows[i - 1][j] + 1,
          row[j - 1] + 1,
          rows[i - 1][j - 1] + cost,
          isSwapped ? rows[i - 2][j - 2] + 1 : Infinity,
        ),
      );
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
