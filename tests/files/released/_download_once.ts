// A download in a process of its own, so that it can be killed.
import { download } from "../../../lib/files/released/download.ts";

const [url, path, sha256, bytes] = Deno.args;
await download(url, path, { sha256, bytes: Number(bytes), mostBytes: Number(bytes) });
