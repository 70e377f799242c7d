import { launchChromium } from "./_chromium.ts";
import type { Browser, Page } from "playwright-core";

/** A running JupyterLab and a browser beside it. */
export interface LabInBrowser {
  /** Opens a notebook in a page of its own, ready to run. Nothing that happens there is saved. */
  open(notebook: string): Promise<Page>;
  /** Names of the files in the folder that JupyterLab opens at. */
  files(): Promise<string[]>;
  /** Ends all kernels. */
  endKernels(): Promise<void>;
}

const START_SECONDS = 180;
const READY_MS = 90_000;
/** JupyterLab is drawn a while before its menus answer. */
const SETTLE_MS = 1500;

/** Starts `deno task lab` on a free port with a token of its own and a headless Chromium, and ends both after `work`. */
export async function withLab(chromiumPath: string, work: (lab: LabInBrowser) => Promise<void>): Promise<void> {
  const port = freePort();
  const token = crypto.randomUUID();
  const address = `http://127.0.0.1:${port}`;
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      "task",
      "lab",
      "--no-browser",
      `--ServerApp.port=${port}`,
      "--ServerApp.port_retries=0",
      `--IdentityProvider.token=${token}`,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const log = new Response(server.stderr).text();
  let browser: Browser | null = null;
  let isUp = false;
  try {
    await untilUp(`${address}/api/status?token=${token}`);
    isUp = true;
    browser = await launchChromium(chromiumPath);
    await work(labOf(browser, address, token));
  } finally {
    await browser?.close();
    server.kill("SIGTERM");
    await server.status;
    // deno-lint-ignore no-console
    if (!isUp) console.error((await log).slice(-2000));
  }
}

function labOf(browser: Browser, address: string, token: string): LabInBrowser {
  const api = async (path: string, method = "GET"): Promise<Response> => {
    const response = await fetch(`${address}/api/${path}`, { method, headers: { Authorization: `token ${token}` } });
    if (!response.ok) throw new Error(`Cannot ask JupyterLab for ${path} as it must answer: status ${response.status}`);
    return response;
  };
  return {
    open: async (notebook) => {
      const page = await browser.newPage({ viewport: { width: 1300, height: 1000 } });
      page.setDefaultTimeout(READY_MS);
      await page.route(
        "**/api/contents/**",
        (route) => route.request().method() === "PUT" ? route.abort() : route.continue(),
      );
      await page.goto(`${address}/lab/tree/${notebook}?reset&token=${token}`);
      await page.waitForSelector(".jp-Notebook .jp-CodeCell");
      await page.waitForSelector(".jp-Notebook-ExecutionIndicator[data-status=idle]");
      await page.waitForTimeout(SETTLE_MS);
      return page;
    },
    files: async () => {
      const { content } = await (await api("contents/")).json() as { content: { name: string }[] };
      return content.map(({ name }) => name);
    },
    endKernels: async () => {
      for (const { id } of await (await api("sessions")).json() as { id: string }[]) {
        await (await api(`sessions/${id}`, "DELETE")).body?.cancel();
      }
    },
  };
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

async function untilUp(url: string): Promise<void> {
  for (let waited = 0; waited < START_SECONDS * 5; waited++) {
    const isUp = await fetch(url).then(async (response) => (await response.body?.cancel(), response.ok), () => false);
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(
    `Cannot test in a browser as JupyterLab must be up within ${START_SECONDS} s: it is not; its output is below`,
  );
}
