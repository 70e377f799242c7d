import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../lib/commands/jupyter/environment.ts";
import "./_chromium.ts";
import type { Browser, Page } from "playwright-core";

/** Prints a line. */
export function say(line: string): void {
  // deno-lint-ignore no-console
  console.log(line);
}

/** Runs a task with a table of its own; `codes` are the exit codes that are right. */
export async function task(args: readonly string[], codes: readonly number[] = [0]): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", ...args],
    cwd: ROOT,
    stdout: "null",
  }).output();
  assert.ok(codes.includes(code), `${args.join(" ")}: ${code}: ${new TextDecoder().decode(stderr)}`);
}

/**
 * Opens a page, does something with it, and fails for a line in the console, an error, a violation of the page's own policy, a dialog or a
 * request that leaves the page.
 */
export async function withPage(
  browser: Browser,
  path: string,
  { width = 1280, dark = false, scripts = true }: {
    readonly width?: number;
    readonly dark?: boolean;
    readonly scripts?: boolean;
  },
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    javaScriptEnabled: scripts,
  });
  const page = await context.newPage();
  const said: string[] = [];
  const requests: string[] = [];
  const url = pathToFileURL(path).href;
  page.on("console", (message) => said.push(message.text()));
  page.on("dialog", (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  if (scripts) {
    await page.addInitScript(() =>
      addEventListener("securitypolicyviolation", (event) => {
        const { violatedDirective, blockedURI } = event as Event & { violatedDirective: string; blockedURI: string };
        // deno-lint-ignore no-console
        console.error(`policy: ${violatedDirective} ${blockedURI}`);
      })
    );
  }
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  try {
    await page.goto(url);
    await work(page);
    assert.deepEqual(said, [], `${path}: the console says something`);
    const away = requests.filter((request) => request !== url && !/^(data|blob):/.test(request));
    assert.deepEqual(away, [], `${path}: a request leaves the page`);
  } finally {
    await context.close();
  }
}

/** Nothing is wider than the window but what scrolls by itself. */
export async function fitsWindow(page: Page): Promise<void> {
  const [needed, there] = await page.evaluate(
    () => [document.documentElement.scrollWidth, document.documentElement.clientWidth],
  );
  assert.ok(needed <= there, `the page is ${needed} px wide in a window of ${there}`);
}
