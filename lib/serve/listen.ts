import type { LiveServer } from "./live_server.ts";

/** A server that listens. */
export interface Listening {
  /** Its address, such as `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Takes no more requests, lets those that it has come to their end, and ends. */
  readonly stop: () => Promise<void>;
}

/** Where a server listens. */
export interface ListenOptions {
  /** The host. */
  readonly hostname: string;
  /** The port; 0 takes any that is free. */
  readonly port: number;
}

/** Lets a live server listen. */
export function listen(server: LiveServer, { hostname, port }: ListenOptions): Listening {
  const http = Deno.serve({ hostname, port, onListen: () => {} }, server.handle);
  const host = http.addr.hostname.includes(":") ? `[${http.addr.hostname}]` : http.addr.hostname;
  return {
    url: `http://${host}:${http.addr.port}`,
    stop: async () => {
      server.close();
      await http.shutdown();
      await server.settled();
    },
  };
}

/** True for addresses that only programs on this machine reach. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
