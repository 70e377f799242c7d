/** A live server as `deno task serve` makes it, with or without a log: `deno run … routed.ts ROUTER.json UPSTREAM_PORT [LOG_FOLDER]`. Prints its port. */
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { loadRouter } from "../../lib/evaluation/router_file.ts";
import { listen } from "../../lib/serve/listen.ts";
import { liveRouterOf } from "../../lib/serve/live_router_of.ts";
import { LiveServer } from "../../lib/serve/live_server.ts";
import { parseServeConfig } from "../../lib/serve/models_config.ts";
import { RequestLog } from "../../lib/serve/request_log.ts";

const [routerFile, upstreamPort, logFolder] = Deno.args;
const loaded = loadRouter(await Deno.readTextFile(routerFile));
const encoder = loaded.encoder === null ? null : await openEncoder(loaded.encoder.opensAs);
const model = {
  base_url: `http://127.0.0.1:${upstreamPort}/v1`,
  price_usd_per_million_tokens: { prompt: 1, completion: 2 },
};
const models = Object.fromEntries(loaded.models.map((name) => [name, model]));
const server = new LiveServer({
  router: liveRouterOf(loaded, { encoder }),
  config: parseServeConfig(JSON.stringify({ models }), "models.json"),
  configName: "models.json",
  keys: new Map(),
  log: logFolder === undefined ? null : await RequestLog.open({ folder: logFolder }),
  loggedPrompts: "text",
  explore: 0,
  clientKey: null,
  seed: 1,
  onError: (error) => {
    throw error;
  },
});
await server.warmUp();
const { url } = listen(server, { hostname: "127.0.0.1", port: 0 });
await Deno.stdout.write(new TextEncoder().encode(`${new URL(url).port}\n`));
