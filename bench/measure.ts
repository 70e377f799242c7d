import { openPeer, type PeerProcess } from "./peer_process.ts";
import type { BenchEnvironment } from "./environment.ts";
import type { Peer, ReadyWork } from "./workload.ts";

/** Shows what runs. */
export type Progress = (line: string) => void;

/** Seconds of repeated runs. */
export interface Seconds {
  /** The median, by which programs are compared. */
  readonly median: number;
  /** The least. */
  readonly least: number;
  /** The most. */
  readonly most: number;
}

/** One row of the table: some work, and one peer's time for it. */
export interface BenchRow {
  /** What was done. */
  readonly workload: string;
  /** Ours. */
  readonly ours: Seconds;
  /** The peer and its version; `null` where nothing is compared. */
  readonly peer: string | null;
  /** The peer's; `null` where there is none or it could not be installed. */
  readonly theirs: Seconds | null;
  /** Peer's median ÷ our median: above 1, ours is faster. */
  readonly ratio: number | null;
  /** The ratio that is aimed at. */
  readonly target: number | null;
  /** The time that is aimed at, where no ratio is. */
  readonly targetSeconds: number | null;
  /** True where the target is reached; `null` where there is none, or nothing to compare with. */
  readonly held: boolean | null;
}

/** Each program runs so often. */
export const N_RUNS = 5;

/**
 * Times some work and its peers: first each once, to warm up and to compare results; then all in turn, N_RUNS times, so that whatever else
 * the machine does hits all alike.
 *
 * @throws Error where a peer's result is not ours: what does not agree is not timed
 */
export async function measure(work: ReadyWork, folder: string, options: {
  readonly environment: BenchEnvironment;
  readonly say: Progress;
}): Promise<BenchRow[]> {
  const { environment, say } = options;
  say(`${work.workload}: ours, once`);
  await work.ours();
  const there = work.peers.filter(({ needs }) => environment.versions.has(needs));
  const processes = new Map<Peer, PeerProcess>();
  try {
    for (const peer of there) {
      say(`${work.workload}: ${peer.name}, once, and are the results equal`);
      const process = await openPeer(peer, folder, environment);
      processes.set(peer, process);
      await process.run();
      peer.check(await process.result());
    }
    const ours: number[] = [];
    const theirs = new Map(there.map((peer) => [peer, [] as number[]]));
    for (let run = 1; run <= N_RUNS; run++) {
      say(`${work.workload}: run ${run} of ${N_RUNS}`);
      const start = performance.now();
      await work.ours();
      ours.push((performance.now() - start) / 1000 / (work.units ?? 1));
      for (const [peer, process] of processes) {
        theirs.get(peer)!.push(await process.run() / (peer.units ?? work.units ?? 1));
      }
    }
    const mine = secondsOf(ours);
    if (work.peers.length === 0) return [rowOf(work, mine, null)];
    return work.peers.map((peer) => rowOf(work, mine, { peer, seconds: theirs.get(peer) ?? null, environment }));
  } finally {
    for (const process of processes.values()) await process.close();
  }
}

function rowOf(
  { workload, targetSeconds }: ReadyWork,
  ours: Seconds,
  beside: {
    readonly peer: Peer;
    readonly seconds: readonly number[] | null;
    readonly environment: BenchEnvironment;
  } | null,
): BenchRow {
  const theirs = beside?.seconds == null ? null : secondsOf(beside.seconds);
  const ratio = theirs && theirs.median / ours.median;
  const target = beside?.peer.target ?? null;
  return {
    workload,
    ours,
    peer: beside &&
      `${beside.peer.name} (${beside.peer.needs} ${
        beside.environment.versions.get(beside.peer.needs) ?? "could not be installed"
      })`,
    theirs,
    ratio,
    target,
    targetSeconds,
    held: target !== null
      ? (ratio === null ? null : ratio >= target)
      : targetSeconds !== null
      ? ours.median <= targetSeconds
      : null,
  };
}

/** Median, least and most of an odd number of runs. */
export function secondsOf(runs: readonly number[]): Seconds {
  const sorted = runs.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], least: sorted[0], most: sorted[sorted.length - 1] };
}
