/** The function that writes one data point: what lies in it, its labels and its sample. */
import { FIELD } from '../schema.js'
import { type Code, I32, I64, Label, type WasmFunction } from './assembler.js'
import {
  add,
  and,
  atLeast,
  block,
  branch,
  branchIf,
  call,
  choose,
  constant,
  constant64,
  differ,
  divide64,
  doubleBits,
  either,
  equal,
  get,
  greater,
  greater64,
  isZero,
  isZero64,
  leave,
  load8,
  load32,
  load64,
  loop,
  multiply,
  set,
  store8,
  store32,
  store64,
  subtract,
  when,
} from './instructions.js'
import { readSize } from './json-text.js'
import {
  ATTRIBUTE_BYTES,
  COUNT_AT,
  END_AT,
  NAME_AT,
  NAME_SIZE_AT,
  NEWEST_AT,
  PROGRAM_HEAD_BYTES,
  ROW_BYTES,
  ROWS_AT,
  SERIES_END,
  STEP_BYTES,
  STOP,
} from './number-series-layout.js'
import { varint } from './varints.js'
import { putVarint, putVarint64, step, tag } from './writing.js'

const { NumberDataPoint, WriteRequest, TimeSeries, Sample } = FIELD
/** What a value takes at most for each of its bytes. */
const TEXT_BYTES = 6
/** More than tags, lengths and the sample take, and what is overwritten behind them. */
const SERIES_BYTES = 128
const LABEL_BYTES = 8
/** DataPointFlags: NO_RECORDED_VALUE. */
const NOT_RECORDED = 1

/** Locals, of which the first four are parameters. Addresses are 0 of what is not there. */
const [POS, END, PROGRAM, IS_COUNTER] = [0, 1, 2, 3]
const [START, TAG, SIZE, NEXT, VALUE, FLAGS] = [4, 5, 6, 7, 8, 9]
const [TIME_AT, START_AT, INT_AT, DOUBLE_AT] = [10, 11, 12, 13]
const [ROW, ATTRIBUTE, STEPS, STEPS_END, SERIES, AT, SAMPLE] = [14, 15, 16, 17, 18, 19, 20]
const [TIME, CREATED, BITS] = [21, 22, 23]

/**
 * `point(pos, end, program, isCounter)`: writes its series and leaves 0, or leaves why there is
 * none.
 */
export function point(): WasmFunction {
  const locals = [...Array<number>(SAMPLE - IS_COUNTER).fill(I32), I64, I64, I64]
  const code = [
    set(START, get(POS)),
    readFields(),
    findRoom(),
    store8(get(SERIES), constant(tag(WriteRequest.timeseries, 2))),
    set(AT, add(get(SERIES), constant(3))),
    writeLabels(),
    readTimes(),
    writeSample(),
    when(get(IS_COUNTER), writeCreated()),
    store32(constant(END_AT), call('finish', add(get(SERIES), constant(3)), get(AT))),
    store32(constant(COUNT_AT), add(load32(constant(COUNT_AT)), constant(1))),
    constant(0),
  ]
  return { name: 'point', params: 4, results: 1, locals, code }
}

const isOther: Code = [constant(STOP.other), leave]

function readFields(): Code {
  const [done, fields] = [new Label(), new Label()]
  const arms = new Map<number, Code>([
    [tag(NumberDataPoint.startTimeUnixNano, 1), set(START_AT, get(VALUE))],
    [tag(NumberDataPoint.timeUnixNano, 1), set(TIME_AT, get(VALUE))],
    [tag(NumberDataPoint.asDouble, 1), set(DOUBLE_AT, get(VALUE))],
    [tag(NumberDataPoint.asInt, 1), set(INT_AT, get(VALUE))],
    [tag(NumberDataPoint.exemplars, 2), isOther],
    [tag(NumberDataPoint.attributes, 2), readAttribute()],
    [tag(NumberDataPoint.flags, 0), set(FLAGS, load8(get(VALUE)))],
  ])
  return [
    set(ROW, constant(ROWS_AT)),
    set(ATTRIBUTE, add(get(PROGRAM), constant(PROGRAM_HEAD_BYTES))),
    set(STEPS, add(get(ATTRIBUTE), multiply(load32(get(PROGRAM)), constant(ATTRIBUTE_BYTES)))),
    block(
      done,
      loop(
        fields,
        branchIf(done, atLeast(get(POS), get(END))),
        set(TAG, load8(get(POS))),
        when(greater(get(TAG), constant(127)), isOther),
        set(VALUE, add(get(POS), constant(1))),
        endOfField(),
        choose(get(TAG), arms),
        set(POS, get(NEXT)),
        branch(fields),
      ),
    ),
    when(differ(get(ATTRIBUTE), get(STEPS)), isOther),
    // The series has ended, which is rare.
    when(and(get(FLAGS), constant(NOT_RECORDED)), isOther),
  ]
}

/** Sets NEXT, and of what has a length SIZE, and VALUE to behind it. */
function endOfField(): Code {
  const wire = and(get(TAG), constant(7))
  const arms = new Map<number, Code>([
    [0, [set(NEXT, get(VALUE)), varint(NEXT, END)]],
    [1, set(NEXT, add(get(VALUE), constant(8)))],
    [5, set(NEXT, add(get(VALUE), constant(4)))],
  ])
  return either(
    equal(wire, constant(2)),
    [readSize(add(get(POS), constant(1)), SIZE, VALUE), set(NEXT, add(get(VALUE), get(SIZE)))],
    choose(wire, arms),
  )
}

/** The next, which must be the one that the program has next. */
function readAttribute(): Code {
  return [
    when(atLeast(get(ATTRIBUTE), get(STEPS)), isOther),
    when(
      isZero(call('isSame', get(VALUE), load32(get(ATTRIBUTE)), load32(get(ATTRIBUTE), 4))),
      isOther,
    ),
    set(POS, add(get(VALUE), load32(get(ATTRIBUTE), 4))),
    when(atLeast(get(POS), get(NEXT)), isOther),
    readSize(get(POS), SIZE, VALUE),
    when(differ(add(get(VALUE), get(SIZE)), get(NEXT)), isOther),
    store32(get(ROW), get(VALUE)),
    store32(get(ROW), get(NEXT), 4),
    step(ROW, constant(ROW_BYTES)),
    step(ATTRIBUTE, constant(ATTRIBUTE_BYTES)),
  ]
}

/** For the longest that the series may become. */
function findRoom(): Code {
  const texts = multiply(subtract(get(END), get(START)), constant(TEXT_BYTES))
  const names = add(load32(get(PROGRAM), 8), load32(constant(NAME_SIZE_AT)))
  const heads = multiply(load32(get(PROGRAM)), constant(LABEL_BYTES))
  const needed = add(add(texts, names), add(heads, constant(SERIES_BYTES)))
  return [
    set(SERIES, load32(constant(END_AT))),
    when(greater(add(get(SERIES), needed), constant(SERIES_END)), ...[constant(STOP.room), leave]),
  ]
}

function writeLabels(): Code {
  const [done, steps] = [new Label(), new Label()]
  const [address, size] = [load32(get(STEPS), 4), load32(get(STEPS), 8)]
  const row = load32(get(STEPS))
  const copied = (from: Code, bytes: Code) => set(AT, call('copyText', from, bytes, get(AT)))
  return [
    set(STEPS_END, add(get(STEPS), multiply(load32(get(PROGRAM), 4), constant(STEP_BYTES)))),
    block(
      done,
      loop(
        steps,
        branchIf(done, atLeast(get(STEPS), get(STEPS_END))),
        either(
          row,
          [
            set(AT, call('label', load32(row), load32(row, 4), address, size, get(AT))),
            when(isZero(get(AT)), isOther),
          ],
          either(
            size,
            copied(address, size),
            copied(constant(NAME_AT), load32(constant(NAME_SIZE_AT))),
          ),
        ),
        step(STEPS, constant(STEP_BYTES)),
        branch(steps),
      ),
    ),
  ]
}

/** As milliseconds. What began after its own time did so nobody knows when. */
function readTimes(): Code {
  const millis = (at: number) => divide64(load64(get(at)), constant64(1e6))
  return [
    when(get(TIME_AT), set(TIME, millis(TIME_AT))),
    when(get(START_AT), set(CREATED, millis(START_AT))),
    when(greater64(get(CREATED), get(TIME)), set(CREATED, constant64(0))),
    when(
      greater64(get(TIME), load64(constant(NEWEST_AT))),
      store64(constant(NEWEST_AT), get(TIME)),
    ),
  ]
}

/** Without what is 0, which -0 is not. */
function writeSample(): Code {
  return [
    store8(get(AT), constant(tag(TimeSeries.samples, 2))),
    step(AT, constant(2)),
    set(SAMPLE, get(AT)),
    either(
      get(INT_AT),
      set(BITS, doubleBits(load64(get(INT_AT)))),
      when(get(DOUBLE_AT), set(BITS, load64(get(DOUBLE_AT)))),
    ),
    when(
      isZero(isZero64(get(BITS))),
      store8(get(AT), constant(tag(Sample.value, 1))),
      store64(add(get(AT), constant(1)), get(BITS)),
      step(AT, constant(9)),
    ),
    when(
      isZero(isZero64(get(TIME))),
      store8(get(AT), constant(tag(Sample.timestamp, 0))),
      step(AT),
      putVarint64(AT, TIME),
    ),
    store8(subtract(get(SAMPLE), constant(1)), subtract(get(AT), get(SAMPLE))),
  ]
}

function writeCreated(): Code {
  return when(
    isZero(isZero64(get(CREATED))),
    set(SIZE, constant(tag(TimeSeries.createdTimestamp, 0))),
    putVarint(AT, SIZE),
    putVarint64(AT, CREATED),
  )
}
