/** Columns by name. Each is made at its first use, so that unused columns cost nothing. */
export class ColumnsOnDemand<Column extends ArrayLike<unknown>> implements ReadonlyMap<string, Column> {
  private readonly makers: ReadonlyMap<string, () => Column>;
  private readonly made = new Map<string, Column>();

  constructor(makers: Iterable<readonly [string, () => Column]>) {
    this.makers = new Map(makers);
  }

  get size(): number {
    return this.makers.size;
  }

  get(name: string): Column | undefined {
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

  *values(): MapIterator<Column> {
    for (const name of this.keys()) yield this.get(name)!;
  }

  *entries(): MapIterator<[string, Column]> {
    for (const name of this.keys()) yield [name, this.get(name)!];
  }

  [Symbol.iterator](): MapIterator<[string, Column]> {
    return this.entries();
  }

  forEach(call: (column: Column, name: string, columns: ReadonlyMap<string, Column>) => void): void {
    for (const [name, column] of this) call(column, name, this);
  }
}
