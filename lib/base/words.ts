/** Names in a message are cut after so many characters. */
const LONGEST_NAME = 200;

/** The first names of a list, quoted. */
export function listed(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map((name) =>
    `"${name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name}"`
  ).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** A share in percent: with so many decimals, else with those that it needs ("95 %", "99.5 %"). */
export function percent(share: number, decimals?: number): string {
  const value = 100 * share;
  if (decimals === undefined) return `${Number(value.toFixed(6))} %`;
  return `${value.toFixed(decimals).replace(/^-(0\.?0*)$/, "$1")} %`;
}

/** A number with its sign: `+0.0123`, `−0.0123`. */
export function signed(value: number, decimals: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(decimals)}`;
}

/** Text that means itself in HTML, between tags and in attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** A count with its noun: "1 prompt", "2,000 prompts". */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
}

/** The verb that follows a count. */
export function isOrAre(count: number): string {
  return count === 1 ? "is" : "are";
}
