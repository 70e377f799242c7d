import { PickleMachine, type Step } from "./_pickle_machine.ts";
import { type PickledGlobal, Room } from "./_pickled_values.ts";

/**
 * Reads a Python pickle (protocols 2 to 5) without executing anything: an opcode machine whose objects are made by `globals` alone.
 *
 * Texts come back as `PickledText`, lists and tuples as arrays, dictionaries as `Map`s keyed by text or number, bytes as `Uint8Array`.
 *
 * **Source**: the opcode table of Python's `pickletools`.
 *
 * @param globals the allow-list: what may be named, by `module.name`
 * @param room the memory that may be taken; default twice the bytes' size
 * @throws SyntaxError where the bytes are not a whole pickle, it names a global that is not on the list, or asks for too much memory
 */
export function readPickle(bytes: Uint8Array, globals: ReadonlyMap<string, PickledGlobal>, room = new Room(bytes.length)): unknown {
  return new PickleMachine(bytes, globals, room).run(STEPS);
}

/** What each opcode does, in the order of `pickletools`: numbers, texts, bytes, collections, memo, objects. */
const STEPS: ReadonlyMap<number, Step> = new Map([
  [0x4a, (m) => m.push(m.i32())], // BININT
  [0x4b, (m) => m.push(m.u8())], // BININT1
  [0x4d, (m) => m.push(m.u16())], // BININT2
  [0x8a, (m) => m.push(m.long(m.u8()))], // LONG1
  [0x47, (m) => m.push(m.f64())], // BINFLOAT
  [0x8c, (m) => m.text(m.u8())], // SHORT_BINUNICODE
  [0x58, (m) => m.text(m.u32())], // BINUNICODE
  [0x8d, (m) => m.text(m.u64())], // BINUNICODE8
  [0x43, (m) => m.raw(m.u8())], // SHORT_BINBYTES
  [0x42, (m) => m.raw(m.u32())], // BINBYTES
  [0x8e, (m) => m.raw(m.u64())], // BINBYTES8
  [0x96, (m) => m.raw(m.u64())], // BYTEARRAY8
  [0x4e, (m) => m.push(null)], // NONE
  [0x88, (m) => m.push(true)], // NEWTRUE
  [0x89, (m) => m.push(false)], // NEWFALSE
  [0x28, (m) => m.mark()], // MARK
  [0x5d, (m) => m.list([])], // EMPTY_LIST
  [0x29, (m) => m.list([])], // EMPTY_TUPLE
  [0x7d, (m) => m.dictionary()], // EMPTY_DICT
  [0x74, (m) => m.list(m.popToMark())], // TUPLE
  [0x85, (m) => m.list(m.popMany(1))], // TUPLE1
  [0x86, (m) => m.list(m.popMany(2))], // TUPLE2
  [0x87, (m) => m.list(m.popMany(3))], // TUPLE3
  [0x61, (m) => m.append([m.pop()])], // APPEND
  [0x65, (m) => m.append(m.popToMark())], // APPENDS
  [0x73, (m) => m.setItems(m.popMany(2))], // SETITEM
  [0x75, (m) => m.setItems(m.popToMark())], // SETITEMS
  [0x94, (m) => m.memoize()], // MEMOIZE
  [0x71, (m) => m.put(m.u8())], // BINPUT
  [0x72, (m) => m.put(m.u32())], // LONG_BINPUT
  [0x68, (m) => m.get(m.u8())], // BINGET
  [0x6a, (m) => m.get(m.u32())], // LONG_BINGET
  [0x63, (m) => m.global(m.line(), m.line())], // GLOBAL
  [0x93, (m) => m.stackGlobal()], // STACK_GLOBAL
  [0x52, (m) => m.call()], // REDUCE
  [0x81, (m) => m.call()], // NEWOBJ
  [0x62, (m) => m.build()], // BUILD
  [0x80, (m) => m.protocol(m.u8())], // PROTO
  [0x95, (m) => m.take(8) as unknown as void], // FRAME
]);
