/** Functions for what is rare: lengths of several bytes, long varints, unknown fields. */
import { type Code, I32, Label, type WasmFunction } from './assembler.js'
import {
  add,
  and,
  atLeast,
  block,
  branch,
  branchIf,
  call,
  constant,
  differ,
  equal,
  get,
  greater,
  isZero,
  leave,
  less,
  load8,
  loop,
  or,
  refuse,
  set,
  shiftLeft,
  shiftRight,
  subtract,
  when,
} from './instructions.js'

const POS = 0
const step = (local: number, by: Code = constant(1)): Code => set(local, add(get(local), by))

/** A length from its first byte: leaves it and where it ends, as `longSize` of scan-core does. */
function longSize(): WasmFunction {
  const [size, shift, byte] = [1, 2, 3]
  const bytes = new Label()
  const code = [
    loop(
      bytes,
      set(byte, load8(get(POS))),
      step(POS),
      set(size, or(get(size), shiftLeft(and(get(byte), constant(127)), get(shift)))),
      when(less(get(byte), constant(128)), get(size), get(POS), leave),
      step(shift, constant(7)),
      branchIf(bytes, less(get(shift), constant(28))),
    ),
    set(byte, load8(get(POS))),
    step(POS),
    when(greater(get(byte), constant(7)), refuse),
    or(get(size), shiftLeft(get(byte), constant(28))),
    get(POS),
  ]
  return { name: 'longSize', params: 1, results: 2, locals: [I32, I32, I32], code }
}

/** From behind a varint's first byte, which had its high bit set, to its end. */
function restOfVarint(): WasmFunction {
  const [end, last] = [1, 2]
  const bytes = new Label()
  const code = [
    // The tenth byte.
    set(last, add(get(POS), constant(8))),
    loop(
      bytes,
      when(atLeast(get(POS), get(end)), refuse),
      when(
        equal(get(POS), get(last)),
        when(greater(load8(get(POS)), constant(1)), refuse),
        add(get(POS), constant(1)),
        leave,
      ),
      step(POS),
      branchIf(bytes, greater(load8(subtract(get(POS), constant(1))), constant(127))),
    ),
    get(POS),
  ]
  return { name: 'restOfVarint', params: 2, results: 1, locals: [I32], code }
}

/** A packed list of varints, which must end where its length says. */
function varints(): WasmFunction {
  const end = 1
  const [all, one] = [new Label(), new Label()]
  const code = block(
    all,
    loop(one, branchIf(all, atLeast(get(POS), get(end))), varint(POS, end), branch(one)),
  )
  return { name: 'varints', params: 2, results: 0, locals: [], code }
}

/** Steps over a varint; `pos` may come to lie behind `end`. */
export function varint(pos: number, end: number): Code {
  return [
    step(pos),
    when(
      greater(load8(subtract(get(pos), constant(1))), constant(127)),
      set(pos, call('restOfVarint', get(pos), get(end))),
    ),
  ]
}

/** Goes over a field that the message does not have, as `unknown` of scan-core does. */
function unknown(): WasmFunction {
  const [end, known, tag, shift, byte] = [1, 2, 3, 4, 5]
  const [number, wire, size] = [byte, shift, byte]
  const tagBytes = new Label()
  const code = [
    loop(
      tagBytes,
      when(atLeast(get(POS), get(end)), refuse),
      set(byte, load8(get(POS))),
      step(POS),
      when(and(equal(get(shift), constant(28)), greater(get(byte), constant(15))), refuse),
      set(tag, or(get(tag), shiftLeft(and(get(byte), constant(127)), get(shift)))),
      when(greater(get(byte), constant(127)), step(shift, constant(7)), branch(tagBytes)),
      when(and(isZero(get(byte)), greater(get(shift), constant(0))), refuse),
    ),
    set(number, shiftRight(get(tag), constant(3))),
    when(isZero(get(number)), refuse),
    when(and(less(get(number), constant(32)), shiftRight(get(known), get(number))), refuse),
    set(wire, and(get(tag), constant(7))),
    when(isZero(get(wire)), varint(POS, end), get(POS), leave),
    when(equal(get(wire), constant(1)), add(get(POS), constant(8)), leave),
    when(equal(get(wire), constant(5)), add(get(POS), constant(4)), leave),
    when(differ(get(wire), constant(2)), refuse),
    call('longSize', get(POS)),
    set(POS),
    set(size),
    step(POS, get(size)),
    when(greater(get(POS), get(end)), refuse),
    get(POS),
  ]
  return { name: 'unknown', params: 3, results: 1, locals: [I32, I32, I32], code }
}

export const varintFunctions: readonly WasmFunction[] = [
  ...[longSize(), restOfVarint(), varints(), unknown()],
]
