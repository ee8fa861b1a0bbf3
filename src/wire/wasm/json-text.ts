/**
 * Functions that write JSON, sixteen bytes at a time. Each is told where to write, and leaves where
 * that ends; up to 16 bytes behind are overwritten. Of what they read, the same many behind its end
 * have no effect.
 */
import { FIELD } from '../schema.js'
import { type Code, I32, Label, type Signature, V128, type WasmFunction } from './assembler.js'
import {
  add,
  and,
  andBytes,
  atMost,
  branch,
  branchIf,
  call,
  constant,
  constantVector,
  divide,
  either,
  equal,
  equalBytes,
  extract8,
  get,
  greater,
  highBits,
  isZero,
  leave,
  less,
  lessBytes,
  load8,
  loadVector,
  lookUp,
  loop,
  or,
  orBytes,
  refuse,
  remainder,
  select,
  set,
  shiftLeft,
  shiftRight,
  shiftRightBytes,
  shuffle,
  splat,
  store8,
  storeVector,
  subtract,
  trailingZeros,
  when,
} from './instructions.js'
import { step, tag } from './writing.js'

const WIDTH = 16
const [QUOTE, BACKSLASH] = [0x22, 0x5c]

/** The first locals of all functions but `escaped` and `decimal`. */
const [POS, END, AT] = [0, 1, 2]

const always = (byte: number): Code => constantVector(Array(WIDTH).fill(byte))

/** Puts up to 16 characters of ASCII at `at`, and steps behind them. */
export function put(at: number, text: string): Code {
  const bytes = Array.from({ length: WIDTH }, (_, n) => text.charCodeAt(n) || 0)
  return [storeVector(get(at), constantVector(bytes)), step(at, constant(text.length))]
}

/** A string of the UTF-8 in [pos, end), with its quotes. */
export function putString(pos: Code, end: Code, at: number): Code {
  return [
    store8(get(at), constant(QUOTE)),
    set(at, call('text', pos, end, add(get(at), constant(1)))),
    store8(get(at), constant(QUOTE)),
    step(at),
  ]
}

/** `text(pos, end, at)`: UTF-8, escaped. */
function text(): WasmFunction {
  const [rest, bits, block] = [3, 4, 5]
  const blocks = new Label()
  const special = orBytes(
    lessBytes(get(block), always(0x20)),
    orBytes(equalBytes(get(block), always(QUOTE)), equalBytes(get(block), always(BACKSLASH))),
  )
  const code = [
    loop(
      blocks,
      set(block, loadVector(get(POS))),
      storeVector(get(AT), get(block)),
      set(bits, highBits(special)),
      set(rest, subtract(get(END), get(POS))),
      when(
        less(get(rest), constant(WIDTH)),
        set(bits, and(get(bits), subtract(shiftLeft(constant(1), get(rest)), constant(1)))),
      ),
      when(
        isZero(get(bits)),
        when(atMost(get(rest), constant(WIDTH)), add(get(AT), get(rest)), leave),
        step(POS, constant(WIDTH)),
        step(AT, constant(WIDTH)),
        branch(blocks),
      ),
      set(bits, trailingZeros(get(bits))),
      step(POS, get(bits)),
      set(AT, call('escaped', load8(get(POS)), add(get(AT), get(bits)))),
      step(POS),
      branch(blocks),
    ),
    refuse,
  ]
  return { name: 'text', params: 3, results: 1, locals: [I32, I32, V128], code }
}

/** The letters of control characters from 8 on. */
const LETTERS = [...Array<number>(8).fill(0), ...Buffer.from('btn\0fr\0\0')]

/** `escaped(byte, at)`: one that does not stand for itself. */
function escaped(): WasmFunction {
  const [byte, at, letter] = [0, 1, 2]
  const low = and(get(byte), constant(15))
  const code = [
    store8(get(at), constant(BACKSLASH)),
    set(
      letter,
      select(
        extract8(lookUp(LETTERS, splat(get(byte))), 0),
        get(byte),
        less(get(byte), constant(0x20)),
      ),
    ),
    when(get(letter), store8(get(at), get(letter), 1), add(get(at), constant(2)), leave),
    step(at),
    put(at, 'u00'),
    store8(get(at), or(constant(0x30), shiftRight(get(byte), constant(4)))),
    store8(get(at), add(low, select(constant(0x57), constant(0x30), greater(low, constant(9)))), 1),
    add(get(at), constant(2)),
  ]
  return { name: 'escaped', params: 2, results: 1, locals: [I32], code }
}

/** `decimal(number, at)`, by way of the 16 bytes at `scratch`. */
export function decimal(scratch: number): WasmFunction {
  const [number, at, pos] = [0, 1, 2]
  const digits = new Label()
  const end = constant(scratch + WIDTH)
  const code = [
    set(pos, end),
    loop(
      digits,
      set(pos, subtract(get(pos), constant(1))),
      store8(get(pos), or(constant(0x30), remainder(get(number), constant(10)))),
      set(number, divide(get(number), constant(10))),
      when(get(number), branch(digits)),
    ),
    storeVector(get(at), loadVector(get(pos))),
    add(get(at), subtract(end, get(pos))),
  ]
  return { name: 'decimal', params: 2, results: 1, locals: [I32], code }
}

/** Two digits for each of the first 8 bytes of a vector, or of the last. */
export function hex(vector: Code, first: 0 | 8): Code {
  const table = Array.from(Buffer.from('0123456789abcdef'))
  return shuffle(
    lookUp(table, shiftRightBytes(vector, constant(4))),
    lookUp(table, andBytes(vector, always(15))),
    Array.from({ length: WIDTH }, (_, n) => first + (n >> 1) + (n & 1) * WIDTH),
  )
}

/** Reads the length at `at`: how much it says, and where what it is of begins. */
export function readSize(at: Code, size: number, start: number): Code {
  return [
    set(size, load8(at)),
    set(start, add(at, constant(1))),
    when(greater(get(size), constant(127)), call('longSize', at), set(start), set(size)),
  ]
}

/** Locals that a scalar is read with; the last two are 0 at first. */
interface ScalarLocals {
  readonly size: number
  readonly shift: number
  readonly number: number
}

/**
 * Puts the text of an AnyValue at `at` and steps behind it: of a bool or an integer below 2^28.
 * What is neither is for `otherwise`.
 */
export function putScalar(
  [pos, end, at]: readonly [number, number, number],
  { size, shift, number }: ScalarLocals,
  otherwise: Code,
): Code {
  const { boolValue, intValue } = FIELD.AnyValue
  const bytes = new Label()
  const tagIs = (field: number) => equal(load8(get(pos)), constant(tag(field, 0)))
  return [
    set(size, subtract(get(end), get(pos))),
    either(
      and(equal(get(size), constant(2)), tagIs(boolValue)),
      either(load8(get(pos), 1), put(at, 'true'), put(at, 'false')),
      either(
        // Of two to five bytes.
        and(less(subtract(get(size), constant(2)), constant(4)), tagIs(intValue)),
        [
          loop(
            bytes,
            step(pos),
            set(
              number,
              or(get(number), shiftLeft(and(load8(get(pos)), constant(127)), get(shift))),
            ),
            step(shift, constant(7)),
            branchIf(bytes, greater(load8(get(pos)), constant(127))),
          ),
          set(at, call('decimal', get(number), get(at))),
        ],
        otherwise,
      ),
    ),
  ]
}

/**
 * `value(pos, end, at)`: an AnyValue. What is neither a string nor a small scalar is left to the
 * host.
 */
function value(): WasmFunction {
  const [size, start, shift, number] = [3, 4, 5, 6]
  const isString = equal(load8(get(POS)), constant(tag(FIELD.AnyValue.stringValue, 2)))
  const host = set(AT, call(HOST_VALUE.name, get(POS), get(END), get(AT)))
  const code = [
    when(
      and(greater(subtract(get(END), get(POS)), constant(1)), isString),
      readSize(add(get(POS), constant(1)), size, start),
      when(
        equal(add(get(start), get(size)), get(END)),
        ...[putString(get(start), get(END), AT), get(AT), leave],
      ),
    ),
    putScalar([POS, END, AT], { size, shift, number }, host),
    get(AT),
  ]
  return { name: 'value', params: 3, results: 1, locals: Array(4).fill(I32), code }
}

/** Of the host, which writes what is rare. */
export const HOST_VALUE: Signature = { name: 'hostValue', params: 3, results: 1 }

/** They need `longSize`, and 32 bytes at `scratch`. */
export function jsonFunctions(scratch: number): readonly WasmFunction[] {
  return [text(), escaped(), decimal(scratch), value()]
}
