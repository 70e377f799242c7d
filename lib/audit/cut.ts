import { counted } from "../base/words.ts";
import { type AuditFinding, finding, MOST_EXAMPLES, roughPercent, shortText } from "./finding.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";

/** The opening and the closing piece, which hold no text. */
const FRAME_PIECES = 2;
/** BERT's words: between white space, each sign and Chinese character by itself; each gives at least one piece. */
const WORD = /[\p{P}$+<=>^`|~\u4e00-\u9fff]|[^\s\p{P}$+<=>^`|~\u4e00-\u9fff]+/gu;
/** Evaluations with fewer prompts are not judged. */
const LEAST_PROMPTS = 20;
const NOTABLE_SHARE = 0.05;

/**
 * How much of the prompts an encoder of `maxTokens` word pieces never reads, and how many prompts it therefore cannot
 * tell apart.
 *
 * No tokenizer is needed: each word gives at least one piece, so what lies beyond the last word that can fit is
 * certainly not read. The shares are therefore bounds from below.
 */
export function auditCutPrompts({ prompts, promptIds, evalNames }: OutcomeTable, maxTokens: number): AuditFinding[] {
  if (prompts === null) return [];
  const n = prompts.length;
  const read = prompts.map((text) => lengthRead(text, maxTokens - FRAME_PIECES));
  const unread = prompts.map((text, i) => text.length === 0 ? 0 : 1 - read[i] / text.length);
  const cut = [...unread.keys()].filter((i) => unread[i] > 0);
  const findings: AuditFinding[] = [];
  if (cut.length === 0) return [];
  const nCharacters = prompts.reduce((sum, text) => sum + text.length, 0);
  const nRead = read.reduce((sum, length) => sum + length, 0);
  const share = 1 - nRead / nCharacters;
  findings.push(finding("cut-prompts", {
    severity: share >= NOTABLE_SHARE ? "look" : "note",
    concerns: [cut.length, n, "prompts"],
    summary: `An encoder of ${maxTokens} word pieces cuts at least ${counted(cut.length, "prompt")} (${
      roughPercent(cut.length / n)
    }): at least ${roughPercent(share)} of all text is never read`,
    examples: cut.sort((a, b) => unread[b] - unread[a]).slice(0, MOST_EXAMPLES).map((i) =>
      `${promptIds[i]}: ${roughPercent(unread[i])} never read`
    ),
    remedy: "Let the encoder read more pieces, or embed the question without its examples",
  }));
  const alike: { evalName: string; count: number; of: number; text: string }[] = [];
  for (const [evalName, rows] of Map.groupBy(prompts.keys(), (i) => evalNames[i])) {
    const groups = Map.groupBy(rows, (i) => prompts[i].slice(0, read[i]));
    const blurred = [...groups.values()].filter((group) => new Set(group.map((i) => prompts[i])).size > 1);
    const count = blurred.reduce((sum, group) => sum + group.length, 0);
    if (count > 0) alike.push({ evalName, count, of: rows.length, text: `…${prompts[blurred[0][0]].slice(-60)}` });
  }
  if (alike.length === 0) return findings;
  const isBlind = alike.some(({ count, of }) => of >= LEAST_PROMPTS && count > of / 2);
  const nAlike = alike.reduce((sum, { count }) => sum + count, 0);
  findings.push(finding("alike-to-the-encoder", {
    severity: isBlind ? "wrong" : "look",
    concerns: [nAlike, n, "prompts"],
    summary: `${counted(nAlike, "prompt")} (${roughPercent(nAlike / n)}) of ${
      counted(alike.length, "evaluation")
    } are word for word alike in the part that an encoder of ${maxTokens} word pieces reads: no router that sees only its vectors can tell them apart`,
    examples: alike.sort((a, b) => b.count / b.of - a.count / a.of).slice(0, MOST_EXAMPLES).map((
      { evalName, count, of, text },
    ) =>
      `${evalName}: ${count.toLocaleString("en-US")} of ${of.toLocaleString("en-US")}; one ends in ${
        shortText(text, 61)
      }`
    ),
    remedy: "Embed the question without the examples before it, or let the encoder read more pieces",
  }));
  return findings;
}

/** Characters of a text up to the end of the last word that can be read. */
function lengthRead(text: string, nWords: number): number {
  // A word per two characters at most: a short text is read whole without being cut into words.
  if (text.length <= nWords) return text.length;
  let count = 0;
  for (const { index } of text.matchAll(WORD)) if (++count > nWords) return index;
  return text.length;
}
