/** Special characters of LaTeX are escaped, symbols become math, typographic signs LaTeX's own. */
const IN_LATEX: Readonly<Record<string, string>> = {
  ...{ "\\": "$\\backslash$", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_" },
  ...{ "^": "\\^{}", "~": "\\~{}", "<": "$<$", ">": "$>$", "|": "$|$" },
  ...{
    "–": "--",
    "—": "---",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    '"': "''",
    "…": "\\ldots{}",
    "\u00a0": "~",
    "\u202f": "\\,",
  },
  ...{
    "−": "$-$",
    "×": "$\\times$",
    "·": "$\\cdot$",
    "±": "$\\pm$",
    "≤": "$\\leq$",
    "≥": "$\\geq$",
    "≠": "$\\neq$",
    "≈": "$\\approx$",
  },
  ...{
    "→": "$\\to$",
    "∞": "$\\infty$",
    "√": "$\\surd$",
    "°": "{}$^\\circ$",
    "²": "{}$^2$",
    "³": "{}$^3$",
    "½": "$\\frac12$",
  },
  ...{
    "α": "$\\alpha$",
    "β": "$\\beta$",
    "γ": "$\\gamma$",
    "δ": "$\\delta$",
    "ε": "$\\varepsilon$",
    "θ": "$\\theta$",
    "κ": "$\\kappa$",
  },
  ...{
    "λ": "$\\lambda$",
    "μ": "$\\mu$",
    "ν": "$\\nu$",
    "π": "$\\pi$",
    "ρ": "$\\rho$",
    "σ": "$\\sigma$",
    "τ": "$\\tau$",
    "φ": "$\\varphi$",
  },
  ...{ "Δ": "$\\Delta$", "Σ": "$\\Sigma$", "µ": "$\\mu$" },
};

/** Text for LaTeX that is printed literally, on one line. Only XeLaTeX and LuaLaTeX print letters of other scripts. */
export function latexText(text: string): string {
  const written = text.replace(/\s+/g, " ").replace(/[^A-Za-z0-9 ]/g, (character) => IN_LATEX[character] ?? character);
  // Neighbouring symbols are one formula: $\lambda$$\to$$\infty$ would start a displayed one.
  return written.replace(/(?<!\\)\$\$/g, "");
}
