/** Functions that check UTF-8, sixteen bytes at a time. They read up to 16 bytes past its end. */
import { type Code, Label, V128, type WasmFunction } from './assembler.js'
import {
  add,
  and,
  andBytes,
  atMost,
  branchIf,
  call,
  constant,
  constantVector,
  either,
  get,
  greater,
  hasBits,
  highBits,
  leave,
  lessBytes,
  loadVector,
  lookUp,
  loop,
  orBytes,
  refuse,
  select,
  set,
  shiftLeft,
  shiftRightBytes,
  shuffle,
  splat,
  subtract,
  subtractBytes,
  when,
  xorBytes,
} from './instructions.js'

const WIDTH = 16

/**
 * Checks the string in `[start, end)`. Most are ASCII and of at most 32 bytes: one or two loads,
 * and nothing called (bench/wire: 1.1x).
 */
export function checkText(start: number, end: number): Code {
  const size = subtract(get(end), get(start))
  const first = loadVector(get(start))
  const last = loadVector(subtract(get(end), constant(WIDTH)))
  const bits = subtract(shiftLeft(constant(1), size), constant(1))
  const check = (name: string) => call(name, get(start), get(end))
  return either(
    atMost(size, constant(WIDTH)),
    when(and(highBits(first), bits), check('multibyte')),
    either(
      atMost(size, constant(2 * WIDTH)),
      when(highBits(orBytes(first, last)), check('multibyte')),
      check('longText'),
    ),
  )
}

const [POS, END] = [0, 1]

/** A string of 16 bytes or more. */
function longText(): WasmFunction {
  const blocks = new Label()
  const code = [
    loop(
      blocks,
      when(highBits(loadVector(get(POS))), call('multibyte', get(POS), get(END)), leave),
      set(POS, add(get(POS), constant(WIDTH))),
      branchIf(blocks, atMost(add(get(POS), constant(WIDTH)), get(END))),
    ),
    // The last block's first bytes were seen, and are ASCII.
    when(
      highBits(loadVector(subtract(get(END), constant(WIDTH)))),
      call('multibyte', get(POS), get(END)),
    ),
  ]
  return { name: 'longText', params: 2, results: 0, locals: [], code }
}

const DIGITS = '0123456789abcdef'

/**
 * What two bytes in a row may not be, by the first one's high and low half and the second one's
 * high half. Each fault is a bit, so that three look-ups and two ANDs find the faults of sixteen
 * pairs.
 */
const FAULTS: readonly (readonly [high: string, low: string, second: string])[] = [
  // A lead and no continuation.
  ['cdef', DIGITS, '01234567cdef'],
  // ASCII and a continuation.
  ['01234567', DIGITS, '89ab'],
  // Overlong: two bytes, three, and four or above U+13FFFF.
  ['c', '01', '89ab'],
  ['e', '0', '89'],
  ['f', '056789abcdef', '8'],
  // A surrogate.
  ['e', 'd', 'ab'],
  // Above U+10FFFF.
  ['f', '456789abcdef', '9ab'],
  // Two continuations, of which the second must be a third or fourth byte.
  ['89ab', DIGITS, '89ab'],
]

/** The bit of the last fault. */
const CONTINUES = 0x80

function tableOf(half: 0 | 1 | 2): readonly number[] {
  return Array.from(DIGITS, (digit) =>
    FAULTS.reduce((bits, fault, n) => bits | (fault[half].includes(digit) ? 1 << n : 0), 0),
  )
}

/**
 * Any string. One block more than it fills is looked at: the zeros behind the end are what a
 * character that is cut there stumbles over.
 */
function multibyte(): WasmFunction {
  const [block, before, faults] = [2, 3, 4]
  const blocks = new Label()
  /** The block as of so many bytes before. */
  const earlier = (count: number) =>
    shuffle(
      get(before),
      get(block),
      sixteen((n) => WIDTH - count + n),
    )
  const lowHalf = (vector: Code) => andBytes(vector, constantVector(sixteen(() => 15)))
  const highHalf = (vector: Code) => shiftRightBytes(vector, constant(4))
  const pairs = andBytes(
    andBytes(lookUp(tableOf(0), highHalf(earlier(1))), lookUp(tableOf(1), lowHalf(earlier(1)))),
    lookUp(tableOf(2), highHalf(get(block))),
  )
  /** The high bit where the byte so many before begins a character of more bytes than that. */
  const isWithin = (count: number, lead: number) =>
    subtractBytes(earlier(count), constantVector(sixteen(() => lead - CONTINUES)))
  const continues = andBytes(
    orBytes(isWithin(2, 0xe0), isWithin(3, 0xf0)),
    constantVector(sixteen(() => CONTINUES)),
  )
  const code = [
    loop(
      blocks,
      set(block, upToEnd(loadVector(get(POS)))),
      set(faults, orBytes(get(faults), xorBytes(pairs, continues))),
      set(before, get(block)),
      set(POS, add(get(POS), constant(WIDTH))),
      branchIf(blocks, atMost(get(POS), get(END))),
    ),
    when(hasBits(get(faults)), refuse),
  ]
  return { name: 'multibyte', params: 2, results: 0, locals: [V128, V128, V128], code }
}

/** A block with zeros behind the string's end. */
function upToEnd(vector: Code): Code {
  const rest = subtract(get(END), get(POS))
  const size = select(constant(WIDTH), rest, greater(rest, constant(WIDTH)))
  return andBytes(vector, lessBytes(constantVector(sixteen((n) => n)), splat(size)))
}

function sixteen(byte: (n: number) => number): readonly number[] {
  return Array.from({ length: WIDTH }, (_, n) => byte(n))
}

export const textFunctions: readonly WasmFunction[] = [longText(), multibyte()]
