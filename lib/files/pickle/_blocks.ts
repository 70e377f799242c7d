import { type BlockValues, isBlockValues, NdArray } from "./_numpy_array.ts";
import { PickledList } from "./_pickled_literals.ts";
import type { Buildable, Room } from "./_pickled_values.ts";

/** Some columns of a data frame, and where they stand among its columns. */
interface Block {
  readonly values: BlockValues;
  readonly places: readonly number[];
}

/** The manager of a data frame's blocks. */
export class BlockManager {
  constructor(readonly blocks: readonly Block[], readonly axes: readonly unknown[]) {}
}

/** What `BlockManager(blocks, axes)` is. */
export function managerOf(args: readonly unknown[]): BlockManager {
  const [blocks, axes] = args.map((list) => list instanceof PickledList ? list.values() : list);
  if (!Array.isArray(blocks) || !blocks.every((block) => block instanceof PickledBlock) || !Array.isArray(axes)) {
    throw new SyntaxError("Cannot read the pickle as a data frame must have blocks and axes: it has not");
  }
  return new BlockManager(blocks, axes);
}

class PickledBlock implements Block {
  constructor(readonly values: BlockValues, readonly places: readonly number[]) {}
}

/** What `_unpickle_block(values, placement)` is. */
export function blockOf([values, placement]: readonly unknown[]): PickledBlock {
  const places = placement instanceof NdArray
    ? placement.items()
    : placement instanceof Slice
    ? placement.places()
    : null;
  if (!isBlockValues(values) || places === null || !places.every(isNumber)) {
    throw new SyntaxError("Cannot read the pickle as a block must have values and places: one has not");
  }
  return new PickledBlock(values, places);
}

/** The data frame that the pickle builds. */
export class PickledDataFrame implements Buildable {
  manager: BlockManager | null = null;
  build(state: unknown): void {
    const manager = state instanceof Map ? state.get("_mgr") : undefined;
    if (manager instanceof BlockManager) this.manager = manager;
  }
}

/** `slice(start, stop, step)`; the places it stands for are counted out where a block needs them. */
export class Slice {
  constructor(private readonly parts: readonly unknown[], private readonly room: Room) {}

  places(): number[] {
    const [first, end, by = 1] = this.parts.map((part) => part ?? undefined);
    if (
      !isNumber(first) || !isNumber(end) || !isNumber(by) || ![first, end, by].every(Number.isInteger) || by <= 0 ||
      end - first > 1e6
    ) {
      throw new SyntaxError("Cannot read the pickle as a block's places must be a short range: they are not");
    }
    const length = Math.max(0, Math.ceil((end - first) / by));
    this.room.take(8 * length);
    return Array.from({ length }, (_, i) => first + i * by);
  }
}

/** The manager of a series' values. */
export class SeriesManager implements Buildable {
  values: unknown = null;
  index: unknown = null;

  /** The state is axes, arrays, and both once more for older readers. */
  build(state: unknown): void {
    const [axes, arrays] = (Array.isArray(state) ? state : []).map((part) =>
      part instanceof PickledList ? part.values() : part
    );
    if (!Array.isArray(axes) || !Array.isArray(arrays)) {
      throw new SyntaxError("Cannot read the pickle as a series must have an index and values: it has not");
    }
    [this.index] = axes;
    [this.values] = arrays;
  }
}

/** The series that the pickle builds. */
export class PickledSeries implements Buildable {
  manager: SeriesManager | null = null;
  name: unknown = null;

  build(state: unknown): void {
    if (!(state instanceof Map)) return;
    const manager = state.get("_mgr");
    if (manager instanceof SeriesManager) this.manager = manager;
    this.name = state.get("_name") ?? state.get("name"); // The second is that of pandas 1.
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
