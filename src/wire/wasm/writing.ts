/** What functions that write protobuf have in common. */
import { type Code, I32, Label, type WasmFunction } from './assembler.js'
import {
  add,
  branch,
  constant,
  constant64,
  copy,
  either,
  get,
  greater,
  greater64,
  less,
  loop,
  or,
  set,
  shiftRight,
  shiftRight64,
  store8,
  subtract,
  when,
  wrap64,
} from './instructions.js'

export const step = (local: number, by: Code = constant(1)): Code => set(local, add(get(local), by))

export function tag(field: number, wire: number): number {
  return (field << 3) | wire
}

/** Writes the number in a local, which is lost, and steps behind it. */
export function putVarint(at: number, number: number): Code {
  const bytes = new Label()
  return [
    loop(
      bytes,
      when(
        greater(get(number), constant(127)),
        store8(get(at), or(get(number), constant(128))),
        step(at),
        set(number, shiftRight(get(number), constant(7))),
        branch(bytes),
      ),
    ),
    store8(get(at), get(number)),
    step(at),
  ]
}

/** The same with a local of 64 bits. */
export function putVarint64(at: number, number: number): Code {
  const bytes = new Label()
  return [
    loop(
      bytes,
      when(
        greater64(get(number), constant64(127)),
        store8(get(at), or(wrap64(get(number)), constant(128))),
        step(at),
        set(number, shiftRight64(get(number), constant64(7))),
        branch(bytes),
      ),
    ),
    store8(get(at), wrap64(get(number))),
    step(at),
  ]
}

/**
 * `finish(body, end)`: sets the length of the message between, moving it where the length needs
 * other than the two bytes in front of it. Leaves where it ends.
 */
export function finish(): WasmFunction {
  const [body, end, size, more] = [0, 1, 2, 3]
  const seven = (shift: number) => shiftRight(get(size), constant(shift))
  const code = [
    set(size, subtract(get(end), get(body))),
    set(more, subtract(greater(get(size), constant(16_383)), less(get(size), constant(128)))),
    when(get(more), copy(add(get(body), get(more)), get(body), get(size)), step(body, get(more))),
    set(end, add(get(body), get(size))),
    // Written from its end on: how much lies in front depends on the size.
    either(
      less(get(size), constant(128)),
      store8(subtract(get(body), constant(1)), get(size)),
      either(
        less(get(size), constant(16_384)),
        [
          store8(subtract(get(body), constant(2)), or(get(size), constant(128))),
          store8(subtract(get(body), constant(1)), seven(7)),
        ],
        [
          store8(subtract(get(body), constant(3)), or(get(size), constant(128))),
          store8(subtract(get(body), constant(2)), or(seven(7), constant(128))),
          store8(subtract(get(body), constant(1)), seven(14)),
        ],
      ),
    ),
    get(end),
  ]
  return { name: 'finish', params: 2, results: 1, locals: [I32, I32], code }
}
