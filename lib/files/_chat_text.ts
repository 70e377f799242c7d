import { isObject, parseJson } from "./_json_values.ts";

/**
 * The text of a prompt: of a list of chat messages, `[{"role": "user", "content": "Hi"}]`, the contents with their roles, `user: Hi`, an empty line
 * between two; a single message of the user is its content. Any other text is itself.
 */
export function textOfPrompt(text: string | null): string | null {
  if (text === null || !/^\s*\[\s*\{/.test(text) || !text.includes('"content"')) return text;
  let messages: unknown;
  try {
    messages = parseJson(text);
  } catch {
    return text;
  }
  return textOfMessages(messages) ?? text;
}

function textOfMessages(messages: unknown): string | null {
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isObject)) return null;
  const parts: { readonly role: string; readonly content: string }[] = [];
  for (const { role, content } of messages) {
    const said = textOfContent(content);
    if (typeof role !== "string" || said === null) return null;
    parts.push({ role, content: said });
  }
  if (parts.length === 1 && parts[0].role === "user") return parts[0].content;
  return parts.map(({ role, content }) => `${role}: ${content}`).join("\n\n");
}

/** A content is a text, nothing (a call of a tool), or parts of which some are texts. */
function textOfContent(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (content === null || content === undefined) return "";
  if (!Array.isArray(content)) return null;
  return content.map((part) => isObject(part) && typeof part.text === "string" ? part.text : `[${partKind(part)}]`)
    .join("\n");
}

function partKind(part: unknown): string {
  return isObject(part) && typeof part.type === "string" ? part.type : "part";
}
