import { fileURLToPath } from "node:url";

/** A folder of the project, whatever the working directory is (a notebook's is its own folder). */
function projectFolder(path: string): string {
  const url = new URL(`../../${path}`, import.meta.url);
  return url.protocol === "file:" ? fileURLToPath(url) : path;
}

/** Where weights are looked for and kept: one folder an encoder. */
export function defaultWeightsFolder(): string {
  return projectFolder("data/raw/weights");
}

/** Where vectors are kept between runs: one file for each encoder and its settings. */
export function defaultCacheFolder(): string {
  return projectFolder("data/cache");
}
