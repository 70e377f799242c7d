import { terminalTable } from "../lib/paper/run/summary.ts";
import type { BenchRow, Seconds } from "./measure.ts";
import type { MemoryRow } from "./memory.ts";
import { type ScalingRow, SIZES } from "./scaling.ts";
import type { LoadRow } from "./serving/load.ts";
import type { ServingRow } from "./serving/overhead.ts";

/** The table of times; `null` where there are none. */
export function speedTable(rows: readonly BenchRow[]): string | null {
  return rows.length === 0 ? null : terminalTable({
    columns: ["work", "ours, s: median (least–most)", "beside", "its, s", "ratio", "target", "held"],
    rows: rows.map(({ workload, ours, peer, theirs, ratio, target, targetSeconds, held }) => [
      ...[
        workload,
        secondsText(ours),
        peer,
        theirs && secondsText(theirs),
        ratio === null ? null : `${digits(ratio)}×`,
      ],
      ...[target !== null ? `≥ ${digits(target)}×` : targetSeconds && `≤ ${targetSeconds} s`, yesNo(held)],
    ]),
  });
}

/** The table of memory; `null` where there is none. */
export function memoryTable(rows: readonly MemoryRow[]): string | null {
  return rows.length === 0 ? null : terminalTable({
    columns: ["work", "most memory, MB", "target", "held"],
    rows: rows.map((
      { workload, megabytes, target, held },
    ) => [workload, megabytes.toFixed(0), `< ${target}`, yesNo(held)]),
  });
}

/** The table of growing work; `null` where there is none. */
export function scalingTable(rows: readonly ScalingRow[]): string | null {
  return rows.length === 0 ? null : terminalTable({
    columns: ["work, s", ...SIZES.map((n) => `n = ${n.toLocaleString("en-US")}`), "time ∝"],
    rows: rows.map(({ workload, seconds, exponent }) => [workload, ...seconds.map(digits), `n^${exponent.toFixed(2)}`]),
  });
}

/** The table of a live server's times; `null` where there are none. */
export function servingTable(rows: readonly ServingRow[]): string | null {
  return rows.length === 0 ? null : terminalTable({
    columns: ["work", "connections", "p50, ms", "p95, ms", "p99, ms", "a second", "of direct"],
    rows: rows.map(({ work, connections, p50, p95, p99, perSecond, ofDirect }) => [
      work,
      String(connections),
      ...[p50, p95, p99].map(digits),
      perSecond.toFixed(0),
      ofDirect === null ? null : `${digits(ofDirect)}×`,
    ]),
  });
}

/** The table of a live server under load; `null` where there is none. */
export function loadTable(rows: readonly LoadRow[]): string | null {
  return rows.length === 0 ? null : terminalTable({
    columns: ["load", "requests", "answered", "refused", "retried", "lines logged", "memory, MB"],
    rows: rows.map(({ work, nRequests, nAnswered, nRefused, nRetried, nLines, megabytes }) => [
      work,
      ...[nRequests, nAnswered, nRefused, nRetried, nLines].map((n) => n.toLocaleString("en-US")),
      megabytes.toFixed(0),
    ]),
  });
}

function secondsText({ median, least, most }: Seconds): string {
  return `${digits(median)} (${digits(least)}–${digits(most)})`;
}

/** Three significant digits, without an exponent. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  return value >= 100 ? value.toFixed(0) : value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(value))));
}

function yesNo(held: boolean | null): string | null {
  return held === null ? null : held ? "yes" : "no";
}
