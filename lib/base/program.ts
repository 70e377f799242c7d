import denoJson from "../../deno.json" with { type: "text" };

/** The program and its version, as deno.json says. */
export const PROGRAM = `RouterBench for Deno ${denoJson.match(/"version": "(.+?)"/)![1]}`;
