import assert from "node:assert/strict";
import { suggestion } from "../../lib/base/suggestion.ts";

Deno.test("suggestion() names what was meant", () => {
  const options = ["encoder", "evals", "json", "out", "protocol", "seed", "help"];
  const meant: Record<string, string> = {
    encodr: "encoder",
    jsn: "json",
    sede: "seed",
    output: "out",
    prot: "protocol",
    halp: "help",
    eval: "evals",
  };
  for (const [name, right] of Object.entries(meant)) {
    assert.equal(suggestion(name, options), `; did you mean "--${right}"?`, name);
  }
  assert.equal(suggestion("audti", ["data", "audit"], ""), '; did you mean "audit"?');
  assert.equal(
    suggestion("01_quick.ipynb", ["05_paper.ipynb", "01_quick_start.ipynb"], ""),
    '; did you mean "01_quick_start.ipynb"?',
  );
});

Deno.test("suggestion() says nothing where nothing is near", () => {
  for (const name of ["", "x", "wholly-different"]) assert.equal(suggestion(name, ["encoder", "evals", "k"]), "");
  assert.equal(suggestion("any", []), "");
});
