import type { PandasColumn } from "./_numpy_array.ts";

/** Columns by name, each made when it is first asked for: what nobody reads costs nothing. */
export class ColumnsOnDemand implements ReadonlyMap<string, PandasColumn> {
  private readonly makers: ReadonlyMap<string, () => PandasColumn>;
  private readonly made = new Map<string, PandasColumn>();

  constructor(makers: Iterable<readonly [string, () => PandasColumn]>) {
    this.makers = new Map(makers);
  }

  get size(): number {
    return this.makers.size;
  }

  get(name: string): PandasColumn | undefined {
    const make = this.made.has(name) ? undefined : this.makers.get(name);
    if (make !== undefined) this.made.set(name, make());
    return this.made.get(name);
  }

  has(name: string): boolean {
    return this.makers.has(name);
  }

  keys(): MapIterator<string> {
    return this.makers.keys();
  }

  *values(): MapIterator<PandasColumn> {
    for (const name of this.keys()) yield this.get(name)!;
  }

  *entries(): MapIterator<[string, PandasColumn]> {
    for (const name of this.keys()) yield [name, this.get(name)!];
  }

  [Symbol.iterator](): MapIterator<[string, PandasColumn]> {
    return this.entries();
  }

  forEach(call: (column: PandasColumn, name: string, columns: ReadonlyMap<string, PandasColumn>) => void): void {
    for (const [name, column] of this) call(column, name, this);
  }
}
