import "./_before_playwright.ts";
import { type Browser, chromium } from "playwright-core";

const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
];

/** The browser's path; `null` where there is none. */
export async function findChromium(name: string): Promise<string | null> {
  const which = await new Deno.Command("which", { args: [name], stderr: "null" }).output().catch(() => null);
  return which?.success ? new TextDecoder().decode(which.stdout).trim() : null;
}

/** A headless browser; close it in `finally`. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: CHROMIUM_ARGS });
}
