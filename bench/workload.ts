import type { BenchEnvironment } from "./environment.ts";

/** Another program that does the same work on the same bytes. */
export interface Peer {
  /** Its name in tables, such as "scikit-learn, cosine". */
  readonly name: string;
  /** The Python package whose version is shown, and without which the peer is left out. */
  readonly needs: string;
  /** The file of `bench/peers/` that does the work, without ending, and the word that it is started with. */
  readonly program: readonly [file: string, variant: string];
  /** So many times faster ours should be; `null` where the peer is shown for comparison only. */
  readonly target: number | null;
  /** The peer's work is this many units, where they are not ours. */
  readonly units?: number;
  /** Throws where the peer's result is not ours. */
  readonly check: (found: PeerResult) => void;
}

/** What a peer found: its arrays, by name. */
export type PeerResult = Readonly<Record<string, Float64Array>>;

/** A piece of work that is ready to be timed. */
export interface ReadyWork {
  /** The name in tables. */
  readonly workload: string;
  /** Does the work once. */
  readonly ours: () => Promise<void> | void;
  /** Ours should take no longer, in seconds; `null` where only ratios count. */
  readonly targetSeconds: number | null;
  /** Who else does it. */
  readonly peers: readonly Peer[];
  /** The work is this many units, and seconds are those of one. Default 1. */
  readonly units?: number;
}

/** A file of `bench/`: some work of one kind. */
export interface Workload {
  /** The name that `--only` takes. */
  readonly name: string;
  /** Makes inputs and writes them into a folder for the peers, as raw little-endian numbers or tables; some are made by Python. */
  readonly prepare: (folder: string, environment: BenchEnvironment) => Promise<readonly ReadyWork[]>;
}
