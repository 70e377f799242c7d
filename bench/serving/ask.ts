/** Asks a server as fast as some connections can, by autocannon: `deno run … ask.ts OPTIONS`, both as JSON. */
import autocannon from "autocannon";
import { quantileOfSorted } from "../../lib/base/quantile.ts";

/** What is asked, and for how long. */
interface Asking {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const { seconds, ...asking }: Asking = JSON.parse(Deno.args[0]);
const milliseconds: number[] = [];
let nRefused = 0;
const running = autocannon({ ...asking, duration: seconds, method: "POST" });
running.on("response", (_client: unknown, status: number, _bytes: number, taken: number) => {
  if (status === 200) milliseconds.push(taken);
  else nRefused++;
});
const { errors, duration } = await running;
const sorted = Float64Array.from(milliseconds).sort();
const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantileOfSorted(sorted, share));
const found = { p50, p95, p99, perSecond: sorted.length / duration, nRefused: nRefused + errors };
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(found)));
