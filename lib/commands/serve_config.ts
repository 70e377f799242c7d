import type { LiveServer } from "../serve/live_server.ts";
import { unreadable } from "../base/refusal.ts";
import { parseServeConfig, type ServeConfig } from "../serve/models_config.ts";

/**
 * Reads a configuration file.
 *
 * @throws Error where it cannot be read; as {@linkcode parseServeConfig} where it is none
 */
export function readConfig(file: string): ServeConfig {
  let text: string;
  try {
    text = Deno.readTextFileSync(file);
  } catch (cause) {
    throw unreadable(file, cause as Error);
  }
  return parseServeConfig(text, file);
}

/** What a configuration needs permission for. */
export interface ConfigReach {
  /** Hosts with their ports. */
  readonly hosts: readonly string[];
  /** Names of the environment variables that hold keys. */
  readonly keyNames: readonly string[];
}

/** The hosts and variables that a configuration names. */
export function reachOf({ models }: ServeConfig): ConfigReach {
  return {
    hosts: models.map(({ baseUrl }) => {
      const { hostname, port, protocol } = new URL(baseUrl);
      return `${hostname}:${port === "" ? (protocol === "https:" ? 443 : 80) : port}`;
    }),
    keyNames: models.flatMap(({ keyEnv }) => keyEnv ?? []),
  };
}

/** The keys of a configuration by the names of their variables; the empty text where one is not set. */
export function keysOf(config: ServeConfig): ReadonlyMap<string, string> {
  return new Map(reachOf(config).keyNames.map((name) => [name, Deno.env.get(name) ?? ""]));
}

/**
 * Reads the configuration anew at each SIGHUP. One that cannot be used is said in a line, and the old one stays.
 *
 * @returns a function that ends this
 */
export function reloadOnHangUp(
  server: LiveServer,
  { configFile, say }: { readonly configFile: string; readonly say: (text: string) => void },
): () => void {
  if (Deno.build.os === "windows") return () => {};
  const reload = (): void => {
    try {
      const config = readConfig(configFile);
      needPermissions(config, configFile);
      server.reload(config, { configName: configFile, keys: keysOf(config) });
      say(`Read ${configFile} anew: requests are now answered by it`);
    } catch (error) {
      say(`${(error as Error).message}. The old configuration stays`);
    }
  };
  Deno.addSignalListener("SIGHUP", reload);
  return () => Deno.removeSignalListener("SIGHUP", reload);
}

/** A program's permissions are those of its start: what only the new file names cannot be reached. */
function needPermissions(config: ServeConfig, name: string): void {
  const { hosts, keyNames } = reachOf(config);
  const isGranted = (descriptor: Deno.PermissionDescriptor): boolean =>
    Deno.permissions.querySync(descriptor).state === "granted";
  const denied = new Set([
    ...hosts.filter((host) => !isGranted({ name: "net", host })),
    ...keyNames.filter((variable) => !isGranted({ name: "env", variable })),
  ]);
  if (denied.size === 0) return;
  throw new TypeError(
    `Cannot read "${name}" anew as it must name the hosts and keys of the start: it also names ${
      [...denied].join(", ")
    }; start the server again`,
  );
}
