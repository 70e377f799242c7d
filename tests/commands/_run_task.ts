import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What a command said, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a confined command as its task does. */
export async function runTask(...args: string[]): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-P=launch", "lib/cli.ts", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

/** Runs a body with a folder that is removed after it. */
export async function inTemporaryFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Names of all files below a folder, sorted. */
export async function filesBelow(folder: string, before = ""): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    names.push(...(isDirectory ? await filesBelow(`${folder}/${name}`, `${before}${name}/`) : [before + name]));
  }
  return names.sort();
}

/** A long table in JSON Lines: three models, two evaluations; longer prompts are harder, so that a router can learn something. */
export function madeTable(n: number, { grade = (value: number): number => value } = {}): string {
  const models = [["small", 0.9, 1e-5], ["middle", 1.3, 1e-4], ["large", 1.7, 2e-3]] as const;
  const lines = Array.from({ length: n }, (_, i) => {
    const hard = (i * 37 % 100) / 100;
    const evalName = i % 3 === 0 ? "sums" : "words";
    return models.map(([model, skill, cost], j) => {
      const luck = ((i * 7919 + j * 104729) % 1000) / 1000;
      return JSON.stringify({
        ...{ id: `${evalName}.${i}`, task: evalName, model },
        question: `Question ${i} ${hard > 0.5 ? "proves a lemma" : "adds two numbers"} ${
          "deeply ".repeat(Math.floor(hard * 9))
        }`,
        score: grade(Number(luck < skill - hard)),
        cost: cost * (1 + hard),
      });
    }).join("\n");
  });
  return lines.join("\n") + "\n";
}
