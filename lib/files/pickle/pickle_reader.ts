import { bytesInMemory, type ByteSource } from "../byte_source.ts";
import { PickleInput } from "./_input.ts";
import { PickleMachine, type Step } from "./_machine.ts";
import { Literals } from "./_pickled_literals.ts";
import { type PickledGlobal, Room } from "./_pickled_values.ts";

/** The tools of a pickle's reader. */
export interface PickleContext {
  /** The pickle's texts and numbers. */
  readonly literals: Literals;
  /** The memory that may be taken: twice the file's size, and some. */
  readonly room: Room;
}

/**
 * Reads a Python pickle (protocols 2 to 5) without executing anything: an opcode machine whose objects are made by `globalsOf` alone.
 *
 * Texts come back as ranges of bytes, tuples as arrays, lists as `PickledList`, dictionaries as `Map`s keyed by text or number, bytes as
 * `Uint8Array`. A file is read once from its start to its end; its texts are read again when they are asked for.
 *
 * **Source**: the opcode table of Python's `pickletools`.
 *
 * @param globalsOf the allow-list: what may be named, by `module.name`
 * @throws SyntaxError where the bytes are not a whole pickle, it names a global that is not on the list, or asks for too much memory
 */
export function readPickle(
  pickle: Uint8Array | ByteSource,
  globalsOf: (context: PickleContext) => ReadonlyMap<string, PickledGlobal>,
): unknown {
  const source = pickle instanceof Uint8Array ? bytesInMemory(pickle) : pickle;
  const room = new Room(source.size);
  const literals = new Literals(source, room);
  return new PickleMachine(new PickleInput(source), literals, room, globalsOf({ literals, room })).run(STEPS);
}

/** The action of each opcode: literals, bytes, collections, memo, objects. */
const STEPS: readonly (Step | undefined)[] = table([
  [0x4a, (m) => m.literal(0, 4)], // BININT
  [0x4b, (m) => m.literal(0, 1)], // BININT1
  [0x4d, (m) => m.literal(0, 2)], // BININT2
  [0x8a, (m) => m.literal(1, m.input.u8())], // LONG1
  [0x47, (m) => m.literal(0, 8)], // BINFLOAT
  [0x8c, (m) => m.literal(1, m.input.u8())], // SHORT_BINUNICODE
  [0x58, (m) => m.literal(4, m.input.u32())], // BINUNICODE
  [0x8d, (m) => m.literal(8, m.input.u64())], // BINUNICODE8
  [0x4e, (m) => m.literal(0, 0)], // NONE
  [0x88, (m) => m.literal(0, 0)], // NEWTRUE
  [0x89, (m) => m.literal(0, 0)], // NEWFALSE
  [0x43, (m) => m.raw(m.input.u8())], // SHORT_BINBYTES
  [0x42, (m) => m.raw(m.input.u32())], // BINBYTES
  [0x8e, (m) => m.raw(m.input.u64())], // BINBYTES8
  [0x96, (m) => m.raw(m.input.u64())], // BYTEARRAY8
  [0x28, (m) => m.mark()], // MARK
  [0x5d, (m) => m.list()], // EMPTY_LIST
  [0x29, (m) => m.tuple([])], // EMPTY_TUPLE
  [0x7d, (m) => m.dictionary()], // EMPTY_DICT
  [0x74, (m) => m.tuple(m.popToMark())], // TUPLE
  [0x85, (m) => m.tuple(m.popMany(1))], // TUPLE1
  [0x86, (m) => m.tuple(m.popMany(2))], // TUPLE2
  [0x87, (m) => m.tuple(m.popMany(3))], // TUPLE3
  [0x61, (m) => m.append([m.pop()])], // APPEND
  [0x65, (m) => m.append(m.popToMark())], // APPENDS
  [0x73, (m) => m.setItems(m.popMany(2))], // SETITEM
  [0x75, (m) => m.setItems(m.popToMark())], // SETITEMS
  [0x94, (m) => m.memoize()], // MEMOIZE
  [0x71, (m) => m.put(m.input.u8())], // BINPUT
  [0x72, (m) => m.put(m.input.u32())], // LONG_BINPUT
  [0x68, (m) => m.get(m.input.u8())], // BINGET
  [0x6a, (m) => m.get(m.input.u32())], // LONG_BINGET
  [0x63, (m) => m.global(m.input.line(), m.input.line())], // GLOBAL
  [0x93, (m) => m.stackGlobal()], // STACK_GLOBAL
  [0x52, (m) => m.call()], // REDUCE
  [0x81, (m) => m.call()], // NEWOBJ
  [0x62, (m) => m.build()], // BUILD
  [0x80, (m) => m.protocol(m.input.u8())], // PROTO
  [0x95, (m) => m.input.take(8)], // FRAME, whose length says nothing that its opcodes do not say
]);

function table(steps: readonly (readonly [opcode: number, step: Step])[]): readonly (Step | undefined)[] {
  const all: (Step | undefined)[] = new Array(256).fill(undefined);
  for (const [opcode, step] of steps) all[opcode] = step;
  return all;
}
