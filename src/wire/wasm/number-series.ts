/**
 * Writes data points of gauges and sums as series of remote-write 1.0: a module of WebAssembly. It
 * takes points whose attributes have the keys of a program, and stops at any other.
 *
 * `points(pos, end, program, isCounter)` goes over the fields of a Gauge or a Sum in the input; see
 * `number-series-layout.ts` for where all lies and for what it leaves.
 */
import { FIELD } from '../schema.js'
import { assemble, type Code, I32, Label, type WasmFunction } from './assembler.js'
import {
  add,
  and,
  atLeast,
  atMost,
  block,
  branch,
  branchIf,
  call,
  constant,
  differ,
  equal,
  equalBytes,
  get,
  greater,
  highBits,
  isZero,
  leave,
  less,
  load8,
  loadVector,
  loop,
  or,
  refuse,
  set,
  shiftLeft,
  storeVector,
  subtract,
  when,
} from './instructions.js'
import { decimal, readSize } from './json-text.js'
import { HOST_TEXT, label } from './number-label.js'
import { point } from './number-point.js'
import { DIGITS_AT, SERIES_END, STOP } from './number-series-layout.js'
import { varintFunctions } from './varints.js'
import { finish, step, tag } from './writing.js'

const PAGE_BYTES = 64 * 1024
const WIDTH = 16
/** A bit for each byte of a vector. */
const ALL = 0xffff

export function assembleNumberSeries(): Uint8Array<ArrayBuffer> {
  const functions = [
    ...[points(), point(), label(), isSame(), copyText(), finish(), decimal(DIGITS_AT)],
    ...varintFunctions,
  ]
  // One more, for what is written past the end.
  const memoryPages = Math.ceil(SERIES_END / PAGE_BYTES) + 1
  return assemble({ imports: [HOST_TEXT], functions, globals: [], memoryPages })
}

function points(): WasmFunction {
  const [pos, end, program, isCounter, size, body, why] = [0, 1, 2, 3, 4, 5, 6]
  const [done, fields] = [new Label(), new Label()]
  const stopped = (reason: Code) => or(shiftLeft(get(pos), constant(2)), reason)
  const isPoint = equal(load8(get(pos)), constant(tag(FIELD.Gauge.dataPoints, 2)))
  const code = [
    block(
      done,
      loop(
        fields,
        branchIf(done, atLeast(get(pos), get(end))),
        when(isZero(isPoint), stopped(constant(STOP.other)), leave),
        // A length that is cut is not read: what is behind the end may be anything.
        branchIf(
          done,
          and(
            greater(load8(get(pos), 1), constant(127)),
            greater(add(get(pos), constant(6)), get(end)),
          ),
        ),
        readSize(add(get(pos), constant(1)), size, body),
        set(size, add(get(body), get(size))),
        branchIf(done, greater(get(size), get(end))),
        set(why, call('point', get(body), get(size), get(program), get(isCounter))),
        when(get(why), stopped(get(why)), leave),
        set(pos, get(size)),
        branch(fields),
      ),
    ),
    stopped(constant(STOP.end)),
  ]
  return { name: 'points', params: 4, results: 1, locals: [I32, I32, I32], code, isExported: true }
}

/** `isSame(one, other, size)`: whether the bytes at both addresses are the same. */
function isSame(): WasmFunction {
  const [one, other, size, bits, rest] = [0, 1, 2, 3, 4]
  const blocks = new Label()
  const code = [
    loop(
      blocks,
      set(bits, highBits(equalBytes(loadVector(get(one)), loadVector(get(other))))),
      when(
        atMost(get(size), constant(WIDTH)),
        set(rest, subtract(shiftLeft(constant(1), get(size)), constant(1))),
        equal(and(get(bits), get(rest)), get(rest)),
        leave,
      ),
      when(differ(get(bits), constant(ALL)), constant(0), leave),
      step(one, constant(WIDTH)),
      step(other, constant(WIDTH)),
      set(size, subtract(get(size), constant(WIDTH))),
      branch(blocks),
    ),
    refuse,
  ]
  return { name: 'isSame', params: 3, results: 1, locals: [I32, I32], code }
}

/** `copyText(from, size, at)`: leaves where it ends; up to 16 bytes behind are overwritten. */
function copyText(): WasmFunction {
  const [from, size, at, pos] = [0, 1, 2, 3]
  const blocks = new Label()
  const code = [
    loop(
      blocks,
      storeVector(add(get(at), get(pos)), loadVector(add(get(from), get(pos)))),
      step(pos, constant(WIDTH)),
      branchIf(blocks, less(get(pos), get(size))),
    ),
    add(get(at), get(size)),
  ]
  return { name: 'copyText', params: 3, results: 1, locals: [I32], code }
}
