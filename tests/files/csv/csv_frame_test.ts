import { parse } from "csv-parse/sync";
import fc from "fast-check";
import assert from "node:assert/strict";
import { codesOf } from "../../../lib/files/coded_column.ts";
import { csvFrameOf } from "../../../lib/files/csv/csv_frame.ts";
import { numberOfBytes } from "../../../lib/files/csv/decimal.ts";
import { type Frame, numberOfCell } from "../../../lib/files/frame.ts";
import { MOST_COLUMNS } from "../../../lib/files/table_size.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function cellsOf({ columns }: Frame): unknown {
  return [...columns].map(([name, cells]) => [name, ...Array.from(cells)]);
}

/** The columns of a text, each with its name first. */
const read = (text: string): unknown => cellsOf(csvFrameOf(bytesOf(text)));

/** Two columns in each way that programs write them. */
const WAYS: Readonly<Record<string, string>> = {
  "commas": "id,text\n1,x\n2,y\n",
  "semicolons": "id;text\n1;x\n2;y\n",
  "tabs": "id\ttext\n1\tx\n2\ty\n",
  "pipes": "id|text\n1|x\n2|y\n",
  "a sep= line": "sep=;\nid;text\n1;x\n2;y\n",
  "a sep= line of a delimiter that is none of the usual": "SEP=#\r\nid#text\r\n1#x\r\n2#y\r\n",
  "a byte order mark and a sep= line": '\uFEFF"sep=|"\nid|text\n1|x\n2|y\n',
  "carriage returns and line feeds": "id,text\r\n1,x\r\n2,y\r\n",
  "carriage returns alone": "id,text\r1,x\r2,y\r",
  "no line feed at the end": "id,text\n1,x\n2,y",
  "quotes around everything": '"id","text"\n"1","x"\n"2","y"\n',
  "trailing commas": "id,text,,\n1,x,,\n2,y,,\n",
  "trailing commas in rows alone": "id,text\n1,x,\n2,y,,\n",
  "blank rows and lines": "id,text\n,\n1,x\n\n,\n2,y\n,\n\r\n",
  "blank lines before the names": "\n\nid,text\n1,x\n2,y\n",
};
for (const [way, text] of Object.entries(WAYS)) {
  Deno.test(`csvFrameOf() reads ${way}`, () => assert.deepEqual(read(text), [["id", "1", "2"], ["text", "x", "y"]]));
}

Deno.test("csvFrameOf() chooses the delimiter by which rows are even, wherever the others stand", () => {
  assert.deepEqual(read('"score, 0;1";usd\n0,5;1\n1,0;2\n'), [["score, 0;1", "0,5", "1,0"], ["usd", "1", "2"]]);
  assert.deepEqual(read("score, 0-1;usd\n0,5;1\n1;2\n"), [["score, 0-1", "0,5", "1"], ["usd", "1", "2"]]);
  assert.deepEqual(read("id,a|quality,b|quality\n1,2,3\n"), [["id", "1"], ["a|quality", "2"], ["b|quality", "3"]]);
  assert.deepEqual(read("question\tid\nWhat, then?\t1\nNow; or later, or never?\t2\n"), [
    ["question", "What, then?", "Now; or later, or never?"],
    ["id", "1", "2"],
  ]);
});

Deno.test("csvFrameOf() says that numbers may have decimal commas where no comma parts the cells", () => {
  const mayHave = (text: string): boolean | undefined => csvFrameOf(bytesOf(text)).decimalComma;
  assert.deepEqual([mayHave("a;b\n1,5;2\n"), mayHave("a\tb\n1,5\t2\n"), mayHave("a,b\n1,5\n")], [true, true, false]);
});

Deno.test("csvFrameOf() keeps the texts of a long column of numbers, also where words follow", () => {
  const numbers = Array.from({ length: 70_000 }, (_, row) => `${row % 3 === 0 ? "+" : ""}${row}.50`);
  for (const last of [["7", "n/a", "8"], ["x", "7"], ["1".repeat(300)], ["7", "\u00e9"]]) {
    const cells = [...numbers, ...last];
    const { columns, numbers: numbersOf } = csvFrameOf(
      bytesOf(`id,cost\n${cells.map((cell) => `1,${cell}\n`).join("")}`),
    );
    const wanted = cells.map(numberOfCell);
    const found = numbersOf!("cost");
    if (wanted.includes(undefined)) assert.equal(found, null);
    else assert.ok(found!.every((number, row) => Object.is(number, wanted[row])));
    assert.ok(Array.from(columns.get("cost")!).every((cell, row) => cell === cells[row]));
    const { codes, texts } = codesOf(columns.get("cost")!, cells.length);
    assert.equal(new Set(texts).size, texts.length);
    assert.ok(cells.every((cell, row) => texts[codes[row]] === cell));
  }
});

Deno.test("csvFrameOf() keeps quotes inside a cell that does not begin with one, as spreadsheets do", () =>
  assert.deepEqual(read('id,text\n1,5" disk\n'), [["id", "1"], ["text", '5" disk']]));

Deno.test("csvFrameOf() names the line of a row that is not whole", () => {
  const refused = (text: string, message: RegExp): void => assert.throws(() => read(text), message);
  refused('id,text\n1,"a\nb"\n2\n', /line 4 has 1 cells, the first row 2/);
  refused("id,text\n1,x,y\n", /line 2 has 3 cells, the first row 2/);
  refused('id,text\n1,"x"y\n', /a cell in quotes on line 2 must end with its quote: text follows it/);
  refused('id,text\n1,"x', /each quote that opens a cell must be closed: the last is not/);
  refused("id,text,id\n1,x,2\n", /"id" stands twice/);
  refused("id,,\n1,x,y\n", /each column must have a name: 2 with cells have none/);
});

const cell = fc.constantFrom("", "a", "1.5", "ü", 'say "no"', "a,b", "a\nb", "a\r\nb", " ", "x".repeat(40));
const table = fc.integer({ min: 2, max: 4 }).chain((width) =>
  fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 })
);

Deno.test("csvFrameOf() reads what csv-parse reads, whole and in parts of any length", () => {
  const written = (text: string, isQuoted: boolean): string =>
    isQuoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  fc.assert(
    fc.property(
      table,
      fc.boolean(),
      fc.constantFrom("\n", "\r\n"),
      fc.integer({ min: 1, max: 40 }),
      (rows, isQuoted, end, part) => {
        const names = rows[0].map((_, at) => `column ${at}`);
        const text = [names, ...rows].map((row) => row.map((text) => written(text, isQuoted)).join(",") + end).join("");
        const parsed: string[][] = parse(text, { record_delimiter: end });
        const kept = parsed.slice(1).filter((row) => row.some((text) => text !== ""));
        const wanted = names.map((name, at) => [name, ...kept.map((row) => row[at])]);
        assert.deepEqual(cellsOf(csvFrameOf(bytesOf(text))), wanted);
        assert.deepEqual(cellsOf(csvFrameOf(bytesOf(text), part)), wanted);
      },
    ),
    { seed: 7 },
  );
});

Deno.test("numberOfBytes() reads bytes as numberOfCell() reads their text", () => {
  const part = fc.constantFrom(
    "",
    "0",
    "1",
    "7",
    "12345",
    "000",
    "90071992547409931",
    ".",
    "-",
    "+",
    "e",
    "E-7",
    "e22",
    "e308",
    "nan",
    "1,5",
    " ",
  );
  fc.assert(
    fc.property(
      fc.oneof(fc.array(part, { maxLength: 5 }).map((parts) => parts.join("")), fc.double().map(String)),
      (text) => {
        const bytes = bytesOf(`,${text},`);
        const view = new DataView(bytes.buffer, 1);
        assert.deepEqual(numberOfBytes(view, 0, bytes.length - 2), numberOfCell(text), text);
      },
    ),
    { seed: 8, numRuns: 20_000 },
  );
});

Deno.test("a column of numbers is read without its texts, and texts that are no numbers make none", () => {
  const frame = csvFrameOf(bytesOf("a,b,c\n0.1,,x\n1e-05,N/A,1\n-3,true,2\n"));
  assert.deepEqual(frame.numbers!("a"), Float64Array.of(0.1, 1e-5, -3));
  assert.deepEqual(frame.numbers!("b"), Float64Array.of(NaN, NaN, 1));
  assert.deepEqual([frame.numbers!("c"), frame.numbers!("d")], [null, null]);
  assert.deepEqual([...Array.from(frame.columns.get("a")!)], ["0.1", "1e-05", "-3"]);
  assert.equal(frame.numbers!("a"), null);
});

Deno.test("a table of as many columns as there may be is read, one more is refused in one line", () => {
  const row = (n: number, cell: (at: number) => string): string =>
    Array.from({ length: n }, (_, at) => cell(at)).join(",");
  const text = (n: number): string => `${row(n, (at) => `c${at}`)}\n${row(n, String)}\n`;
  assert.equal(csvFrameOf(bytesOf(text(MOST_COLUMNS))).columns.size, MOST_COLUMNS);
  assert.throws(
    () => read(text(MOST_COLUMNS + 1)),
    /^SyntaxError: Cannot read the CSV as a table must have at most 50000 columns: the first row has more; [^\n]+$/,
  );
});
