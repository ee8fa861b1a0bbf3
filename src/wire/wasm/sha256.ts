/**
 * SHA-256 (FIPS 180-4) of short texts, as a module of WebAssembly. `sha256(size)` hashes the bytes
 * at address 0 and leaves the hash in hexadecimal digits at DIGITS_AT.
 */
import { assemble, type Code, I32, Label, V128 } from './assembler.js'
import {
  add,
  and,
  andBytes,
  branchIf,
  constant,
  constantVector,
  extract32,
  get,
  less,
  loadVector,
  lookUp,
  loop,
  replace32,
  rotateRight,
  set,
  shiftLeft,
  shiftRight,
  shiftRightBytes,
  shuffle,
  splat32,
  store8,
  storeVector,
  subtract,
  xor,
} from './instructions.js'
import { DIGITS_AT } from './sha256-layout.js'

const BLOCK = 64
const ROUNDS = 64
const ROTATIONS = { first: [2, 13, 22], fifth: [6, 11, 25] } as const

/** Locals: the one parameter, sixteen words of the block, the state, what is added to, places. */
const SIZE = 0
const WORD = 1
const STATE = WORD + 16
const SUM = STATE + 8
const POS = SUM + 8
const END = POS + 1
const FOUR = END + 1

export function assembleSha256(): Uint8Array<ArrayBuffer> {
  const locals = [...Array<number>(END - SIZE).fill(I32), V128]
  const code = [pad(), start(), blocks(), digits()]
  return assemble({
    functions: [{ name: 'sha256', params: 1, results: 0, locals, code, isExported: true }],
    globals: [],
    memoryPages: 1,
  })
}

/** Behind the text: one bit, zeros, and at the end of a block the text's length in bits. */
function pad(): Code {
  const zeros = constantVector(Array(16).fill(0))
  const bits = shiftLeft(get(SIZE), constant(3))
  return [
    [0, 16, 32, 48, 64].map((offset) => storeVector(get(SIZE), zeros, offset)),
    store8(get(SIZE), constant(0x80)),
    set(END, and(add(get(SIZE), constant(BLOCK + 8)), constant(-BLOCK))),
    store8(subtract(get(END), constant(3)), shiftRight(bits, constant(16))),
    store8(subtract(get(END), constant(2)), shiftRight(bits, constant(8))),
    store8(subtract(get(END), constant(1)), bits),
  ]
}

function start(): Code {
  return [
    PRIMES.slice(0, 8).map((prime, n) => set(SUM + n, constant(fraction(Math.sqrt(prime))))),
    set(POS, constant(0)),
  ]
}

function blocks(): Code {
  const each = new Label()
  return loop(
    each,
    [0, 4, 8, 12].map(loadFour),
    eight((n) => set(STATE + n, get(SUM + n))),
    Array.from({ length: ROUNDS }, (_, n) => round(n)),
    eight((n) => set(SUM + n, add(get(SUM + n), get(STATE + n)))),
    set(POS, add(get(POS), constant(BLOCK))),
    branchIf(each, less(get(POS), get(END))),
  )
}

function loadFour(first: number): Code {
  return [
    set(FOUR, turned(loadVector(add(get(POS), constant(first * 4))))),
    [0, 1, 2, 3].map((lane) => set(WORD + first + lane, extract32(get(FOUR), lane))),
  ]
}

/** The eight numbers of the state change their roles and not their places. */
function round(n: number): Code {
  const role = (of: number) => STATE + ((of - n + ROUNDS) % 8)
  const [a, b, c, d] = [role(0), role(1), role(2), role(3)]
  const [e, f, g, h] = [role(4), role(5), role(6), role(7)]
  const choice = xor(get(g), and(get(e), xor(get(f), get(g))))
  const majority = xor(and(get(a), get(b)), and(get(c), xor(get(a), get(b))))
  const key = constant(fraction(Math.cbrt(PRIMES[n]!)))
  return [
    n < 16 ? [] : schedule(n),
    set(h, sum(get(h), mixed(e, ROTATIONS.fifth), choice, key, get(WORD + (n % 16)))),
    set(d, add(get(d), get(h))),
    set(h, sum(get(h), mixed(a, ROTATIONS.first), majority)),
  ]
}

/** Word `n` takes the place of the one 16 before it. */
function schedule(n: number): Code {
  const word = (back: number) => WORD + ((n - back) % 16)
  const small = (local: number, one: number, other: number, shift: number) =>
    xor(
      xor(rotateRight(get(local), constant(one)), rotateRight(get(local), constant(other))),
      shiftRight(get(local), constant(shift)),
    )
  const late = small(word(15), 7, 18, 3)
  const early = small(word(2), 17, 19, 10)
  return set(word(16), sum(get(word(16)), late, get(word(7)), early))
}

function mixed(local: number, rotations: readonly [number, number, number]): Code {
  const [one, two, three] = rotations.map((by) => rotateRight(get(local), constant(by)))
  return xor(xor(one!, two!), three!)
}

/** 32 bytes as 64 digits, a vector of sixteen bytes at a time. */
function digits(): Code {
  const table = Array.from(Buffer.from('0123456789abcdef'))
  const half = (of: Code) => lookUp(table, of)
  return [0, 4].map((first) => {
    const four = [1, 2, 3].reduce<Code>(
      (vector, lane) => replace32(vector, lane, get(SUM + first + lane)),
      splat32(get(SUM + first)),
    )
    const high = half(shiftRightBytes(get(FOUR), constant(4)))
    const low = half(andBytes(get(FOUR), constantVector(Array(16).fill(15))))
    return [
      set(FOUR, turned(four)),
      [0, 8].map((from) =>
        storeVector(
          constant(DIGITS_AT + first * 8 + from * 2),
          shuffle(
            high,
            low,
            Array.from({ length: 16 }, (_, n) => from + (n >> 1) + (n & 1) * 16),
          ),
        ),
      ),
    ]
  })
}

/** Four numbers with their bytes in the other order. */
function turned(vector: Code): Code {
  return shuffle(
    vector,
    constantVector(Array(16).fill(0)),
    Array.from({ length: 16 }, (_, n) => n ^ 3),
  )
}

function sum(first: Code, ...others: readonly Code[]): Code {
  return others.reduce<Code>((all, one) => add(all, one), first)
}

function eight(code: (n: number) => Code): Code {
  return Array.from({ length: 8 }, (_, n) => code(n))
}

/** The first 32 bits behind the point. */
function fraction(value: number): number {
  return Math.floor((value % 1) * 2 ** 32)
}

const PRIMES = Array.from({ length: 312 }, (_, n) => n).filter(
  (n) => n > 1 && !Array.from({ length: 16 }, (_, d) => d + 2).some((d) => d < n && n % d === 0),
)
