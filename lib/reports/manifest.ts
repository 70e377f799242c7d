import { sha256OfBytes } from "../base/sha256.ts";
import denoJson from "../../deno.json" with { type: "text" };
import { escapeHtml } from "../base/words.ts";
import { PROGRAM } from "../base/program.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";
import type { FolderContents } from "../base/write_folder.ts";

/** What is needed to repeat a run and to compare the repetition. It holds no times: the same run has the same. */
export interface Manifest {
  /** The program. */
  readonly program: string;
  /** The outcomes, with the hash of their bytes. */
  readonly outcomes: OutcomeSource;
  /** The encoder, with the settings that change a vector. */
  readonly encoder: string;
  /** The other options of the run. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Versions of the runtime and of the packages. */
  readonly versions: Readonly<Record<string, string>>;
  /** What another run with the same inputs gives, on this machine and on others. */
  readonly repeatability: typeof REPEATABILITY;
  /** SHA-256 of all tables together: equal checksums are equal numbers. */
  readonly numbersSha256: string;
  /** SHA-256 of each file written, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Sums of float32 numbers end in other bits on processors with other vector units. */
const REPEATABILITY = {
  sameMachine: "every file has the same bytes",
  otherMachines:
    "rounded numbers of the printed tables and of report.html are the same, except those of single MLP networks, whose third " +
    "decimal is noise; checksums may differ",
} as const;

/** The manifest of a run, from its inputs and the files that it will write. */
export function manifestOf(
  { outcomes, encoder, settings }: Pick<Manifest, "outcomes" | "encoder" | "settings">,
  files: FolderContents,
): Manifest {
  const tables = [...files].filter(([path]) => path.endsWith(".csv")).map(([, contents]) => contents);
  return {
    program: PROGRAM,
    outcomes,
    encoder,
    settings,
    versions: {
      deno: Deno.version.deno,
      v8: Deno.version.v8,
      platform: `${Deno.build.os} ${Deno.build.arch}`,
      ...packageVersions(),
    },
    repeatability: REPEATABILITY,
    numbersSha256: sha256OfBytes(...tables),
    files: Object.fromEntries([...files].map(([path, contents]) => [path, sha256OfBytes(contents)])),
  };
}

/** What a page says of the run that made it, as HTML. */
export function provenanceBody(
  { program, outcomes, encoder, settings, versions, numbersSha256 }: Omit<Manifest, "files">,
): string {
  return `<p>Numbers' checksum: <code>${numbersSha256}</code></p>
<pre>${escapeHtml(JSON.stringify({ program, outcomes, encoder, settings, versions }, null, 2))}</pre>`;
}

/** The packages that deno.json pins; it is read as text as it has comments. */
function packageVersions(): Record<string, string> {
  return Object.fromEntries(
    [...denoJson.matchAll(/"npm:\/?([^"]+)@(\d[^"/]*)\/?"/g)].map(([, name, version]) => [name, version]),
  );
}
