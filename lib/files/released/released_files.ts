/** A file that the authors of RouterBench released. */
export interface ReleasedFile {
  /** The name on the command line. */
  readonly name: string;
  /** The file's name. */
  readonly file: string;
  /** Where it is, at the pinned revision. */
  readonly url: string;
  /** Its size; `null` where it is known only roughly. */
  readonly bytes: number | null;
  /** Limit of its size. */
  readonly mostBytes: number;
  /** Its SHA-256; `null` where only the hub tells it. */
  readonly sha256: string | null;
}

const REVISION = "784021482c3f320c6619ed4b3bb3b41a21424fcb";
const AT = `https://huggingface.co/datasets/withmartian/routerbench/resolve/${REVISION}`;

/** The released files. **Source**: data/paper/README.md, "Data"; the revision is pinned, so the files cannot change. */
export const RELEASED_FILES: readonly ReleasedFile[] = [
  {
    name: "routerbench-0shot",
    file: "routerbench_0shot.pkl",
    url: `${AT}/routerbench_0shot.pkl`,
    bytes: 99_567_659,
    mostBytes: 99_567_659,
    sha256: "ba4f77f19517610a707c374e99322d7750c30fc4ae7ff5527888595a1e65d36d",
  },
  {
    name: "routerbench-5shot",
    file: "routerbench_5shot.pkl",
    url: `${AT}/routerbench_5shot.pkl`,
    bytes: null,
    mostBytes: 170_000_000,
    sha256: "fbd7d3d16fba2759a18fa0ad44409d3e0e92ba80d03d90827eed1a6d084c9ffe",
  },
  {
    name: "routerbench-raw",
    file: "routerbench_raw.pkl",
    url: `${AT}/routerbench_raw.pkl`,
    bytes: null,
    mostBytes: 1_200_000_000,
    sha256: null,
  },
];
