/**
 * Writes log records as entries of Loki, their lines as JSON: a module of WebAssembly. It takes
 * those that are plain, which nearly all are, and stops at any other.
 *
 * `run(pos, end)` goes over the fields of a ScopeLogs in the input. Entries of one severity go to
 * one slot; see `log-entries-layout.ts` for where all lies and for what it leaves.
 */
import { FIELD } from '../schema.js'
import { assemble, type Code, I32, Label, type WasmFunction } from './assembler.js'
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
  set,
  shiftLeft,
  shiftRight,
  store8,
  store16,
  when,
} from './instructions.js'
import { HOST_VALUE, jsonFunctions, readSize } from './json-text.js'
import { DIGITS_AT, SLOTS, STOP, slotAt } from './log-entries-layout.js'
import { record } from './log-record.js'
import { varintFunctions } from './varints.js'
import { finish, step, tag } from './writing.js'

const { KeyValue } = FIELD
const PAGE_BYTES = 64 * 1024
/** Attributes with one of these keys are not plain: they begin with an l and have such a length. */
const HINTS = [
  'loki.attribute.labels',
  'loki.resource.labels',
  'loki.tenant',
  'loki.format',
  'level',
]
const HINT_LENGTHS = HINTS.reduce((bits, { length }) => bits | (1 << length), 0)

export function assembleLogEntries(): Uint8Array<ArrayBuffer> {
  const functions = [
    ...[run(), record(), attributes(), finish()],
    ...[...jsonFunctions(DIGITS_AT), ...varintFunctions],
  ]
  const memoryPages = Math.ceil(slotAt(SLOTS + 1) / PAGE_BYTES)
  return assemble({ imports: [HOST_VALUE], functions, globals: [], memoryPages })
}

function run(): WasmFunction {
  const [pos, end, size, body, why] = [0, 1, 2, 3, 4]
  const [done, fields] = [new Label(), new Label()]
  const stopped = (reason: Code) => or(shiftLeft(get(pos), constant(2)), reason)
  const isRecord = equal(load8(get(pos)), constant(tag(FIELD.ScopeLogs.logRecords, 2)))
  const code = [
    block(
      done,
      loop(
        fields,
        branchIf(done, atLeast(get(pos), get(end))),
        when(isZero(isRecord), stopped(constant(STOP.other)), leave),
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
        set(why, call('record', get(body), get(size))),
        when(get(why), stopped(get(why)), leave),
        set(pos, get(size)),
        branch(fields),
      ),
    ),
    stopped(constant(STOP.end)),
  ]
  return { name: 'run', params: 2, results: 1, locals: [I32, I32, I32], code, isExported: true }
}

/**
 * `attributes(pos, end, at)`: the object of the KeyValues that lie there, or 0 where one of them is
 * a hint or is not a short key and then a value.
 */
function attributes(): WasmFunction {
  const [pos, end, at, begin, size, key, next, value] = [0, 1, 2, 3, 4, 5, 6, 7]
  const none: Code = [constant(0), leave]
  const rows = new Label()
  const isNo = (where: number, field: number) => differ(load8(get(where)), constant(tag(field, 2)))
  const isHint = and(
    equal(load8(get(key)), constant(0x6c)),
    and(less(get(size), constant(32)), bitOf(HINT_LENGTHS, get(size))),
  )
  const pair = (two: string) => constant(Buffer.from(two).readUInt16LE())
  const code = [
    set(begin, pair('{"')),
    loop(
      rows,
      readSize(add(get(pos), constant(1)), size, key),
      set(next, add(get(key), get(size))),
      when(isNo(key, KeyValue.key), none),
      set(size, load8(get(key), 1)),
      when(greater(get(size), constant(127)), none),
      step(key, constant(2)),
      set(pos, add(get(key), get(size))),
      when(or(isNo(pos, KeyValue.value), atLeast(get(pos), get(next))), none),
      when(isHint, none),
      store16(get(at), get(begin)),
      set(begin, pair(',"')),
      set(at, call('text', get(key), get(pos), add(get(at), constant(2)))),
      store16(get(at), pair('":')),
      readSize(add(get(pos), constant(1)), size, value),
      when(differ(add(get(value), get(size)), get(next)), none),
      set(at, call('value', get(value), get(next), add(get(at), constant(2)))),
      set(pos, get(next)),
      branchIf(rows, less(get(pos), get(end))),
    ),
    store8(get(at), constant(0x7d)),
    add(get(at), constant(1)),
  ]
  return { name: 'attributes', params: 3, results: 1, locals: Array(5).fill(I32), code }
}

function bitOf(bits: number, index: Code): Code {
  return and(shiftRight(constant(bits), index), constant(1))
}
