/**
 * The instructions that we write, operands first: `add(get(0), constant(1))`. What is called with
 * operands leaves one value; statements leave none.
 */
import { type Code, Label, signed, unsigned } from './assembler.js'

export const get = (local: number): Code => [0x20, unsigned(local)]
export const set = (local: number, ...value: Code[]): Code => [value, 0x21, unsigned(local)]
export const getGlobal = (index: number): Code => [0x23, unsigned(index)]
export const setGlobal = (index: number, value: Code): Code => [value, 0x24, unsigned(index)]

export const constant = (value: number): Code => [0x41, signed(value | 0)]
export const load8 = (at: Code, offset = 0): Code => [at, 0x2d, 0, unsigned(offset)]
export const load32 = (at: Code, offset = 0): Code => [at, 0x28, 0, unsigned(offset)]
export const store8 = (at: Code, value: Code, offset = 0): Code => [
  ...[at, value, 0x3a, 0, unsigned(offset)],
]
export const store16 = (at: Code, value: Code): Code => [at, value, 0x3b, 0, 0]
export const store32 = (at: Code, value: Code, offset = 0): Code => [
  ...[at, value, 0x36, 0, unsigned(offset)],
]
/** Copies `size` bytes, which may overlap. */
export const copy = (into: Code, from: Code, size: Code): Code => [
  ...[into, from, size, 0xfc, 10, 0, 0],
]

const binary =
  (opcode: number) =>
  (left: Code, right: Code): Code => [left, right, opcode]

export const isZero = (value: Code): Code => [value, 0x45]
export const equal = binary(0x46)
export const differ = binary(0x47)
/** All comparisons are of unsigned numbers. */
export const less = binary(0x49)
export const greater = binary(0x4b)
export const atMost = binary(0x4d)
export const atLeast = binary(0x4f)
export const add = binary(0x6a)
export const subtract = binary(0x6b)
export const multiply = binary(0x6c)
/** Of unsigned numbers, as are remainders. */
export const divide = binary(0x6e)
export const remainder = binary(0x70)
export const and = binary(0x71)
export const or = binary(0x72)
export const xor = binary(0x73)
export const shiftLeft = binary(0x74)
export const shiftRight = binary(0x76)
export const rotateRight = binary(0x78)
/** How many of the lowest bits are 0. */
export const trailingZeros = (value: Code): Code => [value, 0x68]
/** The one where `condition` is not 0. Both are worked out. */
export const select = (one: Code, other: Code, condition: Code): Code => [
  ...[one, other, condition, 0x1b],
]

/** Ends the module's run: what is read is refused. */
export const refuse: Code = 0x00
export const leave: Code = 0x0f

const EMPTY = 0x40
const open = (label?: Label): Code => ({ open: label })
const close: Code = [0x0b, { close: true }]

/** Branches to the label lead behind it. */
export const block = (label: Label, ...code: Code[]): Code => [
  ...[open(label), 0x02, EMPTY, code, close],
]
/** Branches to the label lead to its start; what does not branch goes on behind it. */
export const loop = (label: Label, ...code: Code[]): Code => [
  ...[open(label), 0x03, EMPTY, code, close],
]
export const when = (condition: Code, ...code: Code[]): Code => [
  ...[condition, open(), 0x04, EMPTY, code, close],
]
export const either = (condition: Code, one: Code, other: Code): Code => [
  ...[condition, open(), 0x04, EMPTY, one, 0x05, other, close],
]
export const branch = (label: Label): Code => [0x0c, { branch: label }]
export const branchIf = (label: Label, condition: Code): Code => [
  ...[condition, 0x0d, { branch: label }],
]
/** To the label at the index, or to `otherwise` beyond their end. */
export const branchTo = (labels: readonly Label[], otherwise: Label, index: Code): Code => [
  index,
  0x0e,
  unsigned(labels.length),
  labels.map((label) => ({ branch: label })),
  { branch: otherwise },
]
/** The code of the case that the index is, and behind the cases then; of none for any other. */
export const choose = (index: Code, cases: ReadonlyMap<number, Code>): Code => {
  const after = new Label()
  const table = Array<Label>(Math.max(...cases.keys()) + 1).fill(after)
  const labels = [...cases.keys()].map((number) => {
    table[number] = new Label()
    return table[number]
  })
  return block(
    after,
    [...cases.values()].reduce<Code>(
      (inner, code, n) => [block(labels[n]!, inner), code, branch(after)],
      branchTo(table, after, index),
    ),
  )
}
export const call = (name: string, ...operands: Code[]): Code => [operands, 0x10, { call: name }]

/** Numbers of 64 bits, all unsigned. */
export const load64 = (at: Code): Code => [at, 0x29, 0, 0]
export const store64 = (at: Code, value: Code): Code => [at, value, 0x37, 0, 0]
/** The bits of the double nearest to a signed number. */
export const doubleBits = (value: Code): Code => [value, 0xb9, 0xbd]
export const constant64 = (value: number): Code => [0x42, signed(value)]
export const isZero64 = (value: Code): Code => [value, 0x50]
export const greater64 = binary(0x56)
export const divide64 = binary(0x80)
export const remainder64 = binary(0x82)
export const shiftRight64 = binary(0x88)
/** The low 32 bits. */
export const wrap64 = (value: Code): Code => [value, 0xa7]

/** Sixteen bytes at once. */
const vector = (opcode: number): Code => [0xfd, unsigned(opcode)]
const vectors =
  (opcode: number) =>
  (left: Code, right: Code): Code => [left, right, vector(opcode)]

export const loadVector = (at: Code): Code => [at, vector(0x00), 0, 0]
export const constantVector = (bytes: readonly number[]): Code => [vector(0x0c), bytes]
/** Bytes of `left` (0 to 15) and `right` (16 to 31), as the list picks them. */
export const shuffle = (left: Code, right: Code, bytes: readonly number[]): Code => [
  ...[left, right, vector(0x0d), bytes],
]
/** For each byte of `indexes` the one of `table`; 0 for what is above 15. */
export const lookUp = (table: readonly number[], indexes: Code): Code => [
  ...[constantVector(table), indexes, vector(0x0e)],
]
export const splat = (value: Code): Code => [value, vector(0x0f)]
export const extract8 = (value: Code, lane: number): Code => [value, vector(0x16), lane]
export const equalBytes = vectors(0x23)
export const lessBytes = vectors(0x26)
export const andBytes = vectors(0x4e)
export const orBytes = vectors(0x50)
export const xorBytes = vectors(0x51)
/** 1 if any bit is set. */
export const hasBits = (value: Code): Code => [value, vector(0x53)]
/** The highest bit of each byte. */
export const highBits = (value: Code): Code => [value, vector(0x64)]
export const shiftRightBytes = vectors(0x6d)
/** Not below 0. */
export const subtractBytes = vectors(0x73)
/** Four numbers at once, or one of them. */
export const storeVector = (at: Code, value: Code, offset = 0): Code => [
  ...[at, value, vector(0x0b), 0, unsigned(offset)],
]
export const splat32 = (value: Code): Code => [value, vector(0x11)]
export const extract32 = (value: Code, lane: number): Code => [value, vector(0x1b), lane]
export const replace32 = (value: Code, lane: number, by: Code): Code => [
  ...[value, by, vector(0x1c), lane],
]
