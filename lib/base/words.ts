/** The first few names, quoted. */
export function listed(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map((name) => `"${name}"`).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** A number with its sign: `+0.0123`, `−0.0123`. */
export function signed(value: number, decimals: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(decimals)}`;
}

/** Text that means itself in HTML, between tags and in attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
