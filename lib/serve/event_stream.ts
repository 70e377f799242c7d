/** The `data` of the event that ends a stream of OpenAI's API. */
export const DONE = "[DONE]";

/**
 * The `data` of each event of a stream of server-sent events. Comments and other fields are left out; an event that its
 * end cuts off is none.
 *
 * **Source**: the HTML standard, "Server-sent events".
 *
 * @param options `maxEventCharacters`: an event of more characters ends the stream with an error
 * @throws RangeError for an event that is too long; whatever reading the bytes throws
 */
export async function* readEvents(
  bytes: ReadableStream<Uint8Array>,
  { maxEventCharacters = 2 ** 24 }: { readonly maxEventCharacters?: number } = {},
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  let nCharacters = 0;
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true });
    // A line feed may follow a carriage return in the next chunk.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield data.join("\n");
        data = [];
        nCharacters = 0;
      } else if (line.startsWith("data:")) {
        data.push(line.slice(line[5] === " " ? 6 : 5));
        nCharacters += line.length;
      }
    }
    if (nCharacters + rest.length > maxEventCharacters) {
      throw new RangeError(`Cannot read the stream as an event must have at most ${maxEventCharacters} characters`);
    }
  }
}

/** An event as it is sent. */
export function eventText(data: string): string {
  return `data: ${data}\n\n`;
}
