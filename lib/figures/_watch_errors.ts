import { escapeHtml } from "../base/words.ts";

/**
 * Displays the rejections and errors that no cell awaits; a notebook's kernel would drop them silently.
 *
 * @param target receives the events: the global object
 */
export function watchErrors(
  display: (bundle: Readonly<Record<string, unknown>>) => Promise<void>,
  target: EventTarget,
): void {
  const report = (event: Event, error: unknown): void => {
    event.preventDefault();
    const text = error instanceof Error ? error.stack ?? String(error) : String(error);
    const html = `<pre style="color:#b00020;white-space:pre-wrap">${escapeHtml(text)}</pre>`;
    display({ "text/html": html, "text/plain": text }).catch(() => {
      // deno-lint-ignore no-console -- the notebook cannot be reached, so the kernel's log has to do
      console.error(text);
    });
  };
  target.addEventListener("unhandledrejection", (event) => report(event, (event as PromiseRejectionEvent).reason));
  target.addEventListener(
    "error",
    (event) => report(event, (event as ErrorEvent).error ?? (event as ErrorEvent).message),
  );
}
