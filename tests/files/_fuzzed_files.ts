import { gunzipSync, gzipSync } from "node:zlib";
import type { Random } from "../../lib/base/random.ts";
import { mutatedBy, type Mutation, MUTATIONS, TEXT_MUTATIONS } from "./_mutations.ts";

/** The formats that are fuzzed. */
export const FUZZED = ["pickle", "csv", "json", "jsonl", "parquet", "gzip", "bzip2", "xz", "zst", "zip"] as const;
export type Fuzzed = (typeof FUZZED)[number];

const FIXTURES = new URL("../fixtures/", import.meta.url);

/** Tables as texts: what is whole in them is read, so that mutations reach deep. */
const CSV: readonly string[] = [
  "id,model,score,cost,prompt\n" +
  [0, 1, 2, 3].flatMap((i) => [`${i},s,1,0.001,"Say ""${i}"",\nplease"`, `${i},l,0.5,1e-2,x${i}`]).join("\n"),
  "sep=;\nprompt;model;quality;cost_usd;latency\nWhat?;s;0,5;0,25;1.5s\nWhat?;l;1,0;1.234,5;900 ms\n",
  'prompt_id\teval_name\tm|quality\tm|cost_usd\tn|quality\tn|cost_usd\r\n1\ta\tpass\t$0.1\tfail\t$0.2\r\n"2"\tb\tfail\t1\tpass\t2\r\n\t\t\t\t\t\r\n',
  "id|model|correct|prompt_tokens|completion_tokens|cost||\n1|s|True|10|20|0.5||\n1|l|N/A|1,000|7||||\n",
];
const ROWS = [0, 1, 2].flatMap((i) =>
  ["s", "l"].map((model, at) => ({
    id: 9e15 + i,
    model,
    score: (i + at) % 2,
    cost: [0.001, 0.01][at],
    usage: { prompt_tokens: 10 * i, completion_tokens: 5 },
    messages: [{ role: "system", content: "Be brief" }, { role: "user", content: `Wie groß ist ${i}? 😀` }],
    tags: ["a", null, i],
  }))
);
const JSONL: readonly string[] = [
  ROWS.map((row) => JSON.stringify(row)).join("\n"),
  ROWS.map((row) => JSON.stringify(row).replace(":0,", ":NaN,")).join("\r\n\n"),
  JSON.stringify({ model_name: "m", performance: 1, records: ROWS }, null, 1),
  JSON.stringify(Object.fromEntries(["id", "model", "score", "cost"].map((name) => [
    name,
    Object.fromEntries(ROWS.map((row, at) => [at, (row as Record<string, unknown>)[name]])),
  ]))),
];
const JSON_ARRAYS: readonly string[] = [
  JSON.stringify(ROWS),
  JSON.stringify(ROWS.slice(0, 2), null, 2),
  JSON.stringify(ROWS.map((row) => Object.values(row))),
];

/** The whole files of a format, by their names. */
export function seedsOf(format: Fuzzed): readonly (readonly [name: string, bytes: Uint8Array])[] {
  switch (format) {
    case "csv":
      return texts(CSV);
    case "jsonl":
      return texts(JSONL);
    case "json":
      return texts(JSON_ARRAYS);
    case "gzip":
      return [...fixtures(/^(packed.*\.gz|long_snappy\.parquet|pandas2_raw\.pkl)$/), ...texts([...CSV, ...JSONL])].map(
        ([name, bytes]) => [name, name.endsWith(".gz") ? bytes : new Uint8Array(gzipSync(bytes))],
      );
    case "bzip2":
      return fixtures(/\.bz2$/);
    case "zst":
    case "zip":
      return fixtures(new RegExp(`\\.${format}$`));
    case "xz":
      return fixtures(/\.xz$/);
    case "parquet":
      return fixtures(/\.parquet$/);
    case "pickle":
      return [...fixtures(/\.pkl$/), ...fixtures(/\.pkl$/, "pandas_types/")];
  }
}

function texts(all: readonly string[]): (readonly [string, Uint8Array])[] {
  return all.map((text, at) => [`text ${at}`, new TextEncoder().encode(text)]);
}

function fixtures(pattern: RegExp, folder = ""): (readonly [string, Uint8Array])[] {
  const names = [...Deno.readDirSync(new URL(folder, FIXTURES))].map(({ name }) => name).filter((name) =>
    pattern.test(name)
  );
  return names.sort().map((name) => [name, Deno.readFileSync(new URL(folder + name, FIXTURES))]);
}

/** A file of a format with one to three mutations: of texts those of texts too, of gzip mostly what is packed. */
export function fuzzedFile(
  bytes: Uint8Array,
  format: Fuzzed,
  random: Random,
): { readonly bytes: Uint8Array; readonly names: readonly string[] } {
  const isText = format === "csv" || format === "json" || format === "jsonl";
  const all: Readonly<Record<string, Mutation>> = isText ? { ...TEXT_MUTATIONS, ...MUTATIONS } : MUTATIONS;
  if (format !== "gzip" || random.integer(2) === 0) return mutatedBy(all, bytes, random);
  const inside = mutatedBy({ ...TEXT_MUTATIONS, ...MUTATIONS }, new Uint8Array(gunzipSync(bytes)), random);
  return { bytes: new Uint8Array(gzipSync(inside.bytes)), names: inside.names };
}
