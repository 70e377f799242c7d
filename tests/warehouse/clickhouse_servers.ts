import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Debian's packages, unpacked; ignored by git. */
const UNPACKED = join(ROOT, "data", "cache", "clickhouse");
const LIBRARIES = [
  "usr/lib/x86_64-linux-gnu",
  "lib/x86_64-linux-gnu",
  "usr/lib/aarch64-linux-gnu",
  "lib/aarch64-linux-gnu",
];
export const PASSWORD = "pass'word";

/** Where the server's program is: installed, else unpacked from Debian's packages; or why there is none. */
export async function clickhouseProgram(): Promise<{ readonly path: string } | { readonly missing: string }> {
  for (
    const path of [
      "/usr/sbin/clickhouse-server",
      "/usr/bin/clickhouse-server",
      join(UNPACKED, "usr/sbin/clickhouse-server"),
    ]
  ) {
    if (await isThere(path)) return { path };
  }
  try {
    await unpackPackages();
  } catch (error) {
    return { missing: error instanceof Error ? error.message.split("\n")[0] : String(error) };
  }
  return { path: join(UNPACKED, "usr/sbin/clickhouse-server") };
}

/**
 * Needs no right to install: packages are downloaded and unpacked into a folder that gets its name when all are there.
 */
async function unpackPackages(): Promise<void> {
  const planned = await output("apt-get", ["install", "-s", "--no-install-recommends", "clickhouse-server"]);
  const names = [...planned.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name);
  const folder = `${UNPACKED}.${crypto.randomUUID()}.unfinished`;
  await Deno.mkdir(folder, { recursive: true });
  try {
    await output("apt-get", ["download", ...names], folder);
    for (const { name } of Deno.readDirSync(folder)) {
      if (name.endsWith(".deb")) await output("dpkg", ["-x", join(folder, name), join(folder, "root")]);
    }
    await Deno.rename(join(folder, "root"), UNPACKED).catch((error) => {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function output(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd }).output();
  if (!success) throw new Error(`${program} ${args[0]}: ${new TextDecoder().decode(stderr).trim()}`);
  return new TextDecoder().decode(stdout);
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** A server on loopback with ports and a folder of its own. */
export class Server {
  #child: Deno.ChildProcess | null = null;

  constructor(readonly program: string, readonly folder: string, readonly httpPort: number) {}

  /** Starts it, and waits until it answers. */
  async start(): Promise<void> {
    const folders = LIBRARIES.map((name) => join(dirname(dirname(dirname(this.program))), name));
    this.#child = new Deno.Command("env", {
      args: [
        `LD_LIBRARY_PATH=${this.program.startsWith(UNPACKED) ? folders.join(":") : ""}`,
        this.program,
        `--config-file=${join(this.folder, "config.xml")}`,
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
    for (let attempt = 0; attempt < 200; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (await this.query("SELECT 1").then(() => true, () => false)) return;
    }
    throw new Error(`ClickHouse does not answer on port ${this.httpPort}`);
  }

  /** Ends it as a lost machine ends. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.status;
    this.#child = null;
  }

  /** Runs a statement with all rights. */
  async query(sql: string, settings: Readonly<Record<string, string>> = {}): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.httpPort}/?${new URLSearchParams(settings)}`, {
      method: "POST",
      body: sql,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text.trimEnd();
  }
}

/** Two servers that are the shards of the cluster `two`. */
export interface Cluster extends AsyncDisposable {
  readonly shards: readonly [Server, Server];
  /** Address of a table at the first shard. */
  address(table: string): string;
}

/** Starts two servers. */
export async function startCluster(program: string): Promise<Cluster> {
  const folder = await Deno.makeTempDir();
  const [http1, http2, tcp1, tcp2] = freePorts(4);
  const shard = async (name: string, httpPort: number, tcpPort: number): Promise<Server> => {
    const own = join(folder, name);
    for (const part of ["data", "tmp"]) await Deno.mkdir(join(own, part), { recursive: true });
    await Deno.writeTextFile(join(own, "users.xml"), USERS);
    await Deno.writeTextFile(join(own, "config.xml"), configOf({ own, httpPort, tcpPort, cluster: [tcp1, tcp2] }));
    return new Server(program, own, httpPort);
  };
  const shards = [await shard("one", http1, tcp1), await shard("two", http2, tcp2)] as const;
  const end = async (): Promise<void> => {
    for (const server of shards) await server.kill();
    await Deno.remove(folder, { recursive: true });
  };
  try {
    await Promise.all(shards.map((server) => server.start()));
  } catch (error) {
    await end();
    throw error;
  }
  const address = (table: string): string => `clickhouse://127.0.0.1:${http1}/default/${encodeURIComponent(table)}`;
  return { shards, address, [Symbol.asyncDispose]: end };
}

function freePorts(n: number): number[] {
  const listeners = Array.from({ length: n }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map(({ addr }) => addr.port);
  for (const listener of listeners) listener.close();
  return ports;
}

const USERS = `<yandex>
  <profiles><default><max_memory_usage>6000000000</max_memory_usage></default></profiles>
  <users>
    <default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
    <guarded><password>${PASSWORD}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></guarded>
  </users>
  <quotas><default><interval><duration>3600</duration><queries>0</queries><errors>0</errors><result_rows>0</result_rows><read_rows>0</read_rows><execution_time>0</execution_time></interval></default></quotas>
</yandex>`;

function configOf({ own, httpPort, tcpPort, cluster }: {
  readonly own: string;
  readonly httpPort: number;
  readonly tcpPort: number;
  readonly cluster: readonly number[];
}): string {
  const shards = cluster.map((port) => `<shard><replica><host>127.0.0.1</host><port>${port}</port></replica></shard>`);
  return `<yandex>
  <logger><level>error</level><log>${own}/log</log><errorlog>${own}/errors</errorlog></logger>
  <listen_host>127.0.0.1</listen_host><http_port>${httpPort}</http_port><tcp_port>${tcpPort}</tcp_port>
  <path>${own}/data/</path><tmp_path>${own}/tmp/</tmp_path><users_config>${own}/users.xml</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
  <mark_cache_size>67108864</mark_cache_size><uncompressed_cache_size>0</uncompressed_cache_size>
  <max_concurrent_queries>50</max_concurrent_queries><keep_alive_timeout>3</keep_alive_timeout>
  <remote_servers><two>${shards.join("")}</two></remote_servers>
</yandex>`;
}
