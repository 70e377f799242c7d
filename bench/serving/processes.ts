import { fileURLToPath } from "node:url";

/** A server in a process of its own. */
export interface ServerProcess {
  /** Its port on loopback. */
  readonly port: number;
  /** Its process. */
  readonly pid: number;
  /** Ends it. */
  readonly stop: () => Promise<void>;
}

/** Seconds in which a server must answer. */
const LONGEST_START_SECONDS = 120;

/** Starts a program of this folder that prints its port. */
export async function startProgram(file: string, args: readonly string[]): Promise<ServerProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-A", fileURLToPath(new URL(file, import.meta.url)), ...args],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  const { value = "" } = await reader.read();
  const port = Number(value);
  if (!(port > 0)) throw new Error(`Cannot time ${file} as it must say its port: it said "${value}"`);
  return { port, pid: child.pid, stop: () => stopped(child) };
}

/** Starts another program that listens on a port, and waits until it answers. */
export async function startPeer(command: readonly string[], port: number): Promise<ServerProcess> {
  const [program, ...args] = command;
  // LiteLLM would fetch its prices.
  const env = { LITELLM_LOCAL_MODEL_COST_MAP: "True" };
  // In a group of its own, since npx starts the server as a child of a shell, and all three must end.
  const child = new Deno.Command(program, { args, env, stdout: "null", stderr: "null", detached: true }).spawn();
  const hasEnded = child.status.then(() => true);
  for (let i = 0; i < LONGEST_START_SECONDS * 5; i++) {
    const isThere = await fetch(`http://127.0.0.1:${port}/`).then((response) => response.body?.cancel()).then(
      () => true,
      () => false,
    );
    if (isThere) return { port, pid: child.pid, stop: () => stopped(child, -child.pid) };
    const wait = new Promise<false>((resolve) => setTimeout(() => resolve(false), 200));
    if (await Promise.race([hasEnded, wait])) break;
  }
  await stopped(child, -child.pid);
  throw new Error(`Cannot time "${program}" as it must listen on port ${port}: it does not`);
}

/** Ends a process or, where its number is negative, the group that it leads. */
async function stopped(child: Deno.ChildProcess, pid = child.pid): Promise<void> {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error; // it has ended
  }
  await child.status;
}

/** A port that is free now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
