export { csvOf, type Table, tableOfRows } from "../table.ts";
