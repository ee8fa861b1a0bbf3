/** The function that writes one log record: where it goes, what lies in it, and its line. */
import { FIELD } from '../schema.js'
import { type Code, I32, I64, Label, V128, type WasmFunction } from './assembler.js'
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
  copy,
  differ,
  divide64,
  either,
  equal,
  get,
  greater,
  hasBits,
  isZero,
  isZero64,
  leave,
  less,
  load8,
  load32,
  load64,
  loadVector,
  loop,
  multiply,
  remainder64,
  select,
  set,
  shiftLeft,
  store8,
  store32,
  storeVector,
  subtract,
  when,
  wrap64,
} from './instructions.js'
import { hex, put, putString, readSize } from './json-text.js'
import {
  COUNT_AT,
  ENDS_AT,
  SEVERITIES,
  SEVERITY_AT,
  SLOT_BYTES,
  SLOT_OF_AT,
  STOP,
  slotAt,
  TAIL_AT,
  TAIL_SIZE_AT,
} from './log-entries-layout.js'
import { varint } from './varints.js'
import { putVarint, putVarint64, step, tag } from './writing.js'

const { LogRecord, EntryAdapter, Timestamp } = FIELD
/** What a byte of a record takes at most. */
const ESCAPED_BYTES = 6
/** More than names, ids, lengths and the time take, and what is overwritten behind them. */
const ENTRY_BYTES = 256

/** Locals of `record`, whose parameters are POS and END. Addresses are 0 of what is not there. */
const [POS, END, START, TAG, SIZE, NEXT, VALUE] = [0, 1, 2, 3, 4, 5, 6]
const [TIME, OBSERVED, SEVERITY, FLAGS, TRACE, SPAN] = [7, 8, 9, 10, 11, 12]
const [NAME, NAME_END, BODY, BODY_END, ROWS, ROWS_END] = [13, 14, 15, 16, 17, 18]
const [SLOT, ENTRY, LINE, AT, NANOS, ID] = [19, 20, 21, 22, 23, 24]

/**
 * `record(pos, end)`: writes its entry and leaves 0, or leaves why there is none. It needs
 * `attributes` of `log-entries.ts`, and `finish`.
 */
export function record(): WasmFunction {
  const locals = [...Array<number>(AT - END).fill(I32), I64, V128]
  const code = [
    set(START, get(POS)),
    readFields(),
    readTime(),
    findRoom(),
    writeTime(),
    store8(get(AT), constant(tag(EntryAdapter.line, 2))),
    step(AT, constant(3)),
    set(LINE, get(AT)),
    writeLine(),
    set(AT, call('finish', get(LINE), get(AT))),
    store32(get(SLOT), call('finish', add(get(ENTRY), constant(3)), get(AT))),
    store32(constant(COUNT_AT), add(load32(constant(COUNT_AT)), constant(1))),
    constant(0),
  ]
  return { name: 'record', params: 2, results: 1, locals, code }
}

const isOther: Code = [constant(STOP.other), leave]

function readFields(): Code {
  const [done, fields] = [new Label(), new Label()]
  const note = (start: number, end: number): Code => [set(start, get(VALUE)), set(end, get(NEXT))]
  const idAt = (local: number) => set(local, select(get(VALUE), constant(0), get(SIZE)))
  const arms = new Map<number, Code>([
    [tag(LogRecord.timeUnixNano, 1), set(TIME, get(VALUE))],
    [tag(LogRecord.observedTimeUnixNano, 1), set(OBSERVED, get(VALUE))],
    [tag(LogRecord.severityNumber, 0), set(SEVERITY, load8(get(VALUE)))],
    [tag(LogRecord.severityText, 2), note(NAME, NAME_END)],
    [tag(LogRecord.body, 2), note(BODY, BODY_END)],
    [
      tag(LogRecord.attributes, 2),
      // They lie together.
      either(get(ROWS), when(differ(get(POS), get(ROWS_END)), isOther), set(ROWS, get(POS))),
    ],
    [tag(LogRecord.flags, 5), set(FLAGS, load32(get(VALUE)))],
    [tag(LogRecord.traceId, 2), idAt(TRACE)],
    [tag(LogRecord.spanId, 2), idAt(SPAN)],
  ])
  const isAttribute = equal(get(TAG), constant(tag(LogRecord.attributes, 2)))
  return block(
    done,
    loop(
      fields,
      branchIf(done, atLeast(get(POS), get(END))),
      set(TAG, load8(get(POS))),
      when(greater(get(TAG), constant(127)), isOther),
      set(VALUE, add(get(POS), constant(1))),
      endOfField(),
      choose(get(TAG), arms),
      when(isAttribute, set(ROWS_END, get(NEXT))),
      set(POS, get(NEXT)),
      branch(fields),
    ),
  )
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

/** Of what has no time of its own: when it was observed. */
function readTime(): Code {
  return [
    when(get(TIME), set(NANOS, load64(get(TIME)))),
    when(
      and(isZero64(get(NANOS)), differ(get(OBSERVED), constant(0))),
      set(NANOS, load64(get(OBSERVED))),
    ),
    when(isZero64(get(NANOS)), isOther),
  ]
}

/** Leaves why there is none for the longest that the record may become. */
function findRoom(): Code {
  const needed = add(
    multiply(subtract(get(END), get(START)), constant(ESCAPED_BYTES)),
    add(load32(constant(TAIL_SIZE_AT)), constant(ENTRY_BYTES)),
  )
  const noSlot: Code = [constant(STOP.slot), leave]
  return [
    when(atLeast(get(SEVERITY), constant(SEVERITIES)), isOther),
    store32(constant(SEVERITY_AT), get(SEVERITY)),
    set(SLOT, load8(add(get(SEVERITY), constant(SLOT_OF_AT)))),
    when(isZero(get(SLOT)), noSlot),
    // Where the slot ends.
    set(SIZE, add(constant(slotAt(1)), multiply(get(SLOT), constant(SLOT_BYTES)))),
    set(SLOT, add(constant(ENDS_AT), shiftLeft(get(SLOT), constant(2)))),
    set(ENTRY, load32(get(SLOT))),
    when(greater(add(get(ENTRY), needed), get(SIZE)), noSlot),
  ]
}

/** The beginning of the entry: its tag, two bytes for its length, and its time. */
function writeTime(): Code {
  const [entry, time] = [FIELD.StreamAdapter.entries, EntryAdapter.timestamp]
  const nanos = wrap64(remainder64(get(NANOS), constant64(1e9)))
  return [
    set(AT, add(get(ENTRY), constant(5))),
    store8(get(ENTRY), constant(tag(entry, 2))),
    store8(get(ENTRY), constant(tag(time, 2)), 3),
    set(SIZE, nanos),
    store8(get(AT), constant(tag(Timestamp.seconds, 0))),
    step(AT),
    set(NANOS, divide64(get(NANOS), constant64(1e9))),
    putVarint64(AT, NANOS),
    when(
      get(SIZE),
      store8(get(AT), constant(tag(Timestamp.nanos, 0))),
      step(AT),
      putVarint(AT, SIZE),
    ),
    store8(get(ENTRY), subtract(subtract(get(AT), get(ENTRY)), constant(5)), 4),
  ]
}

/** Each part begins with a comma, and the first one's is where the object opens. */
function writeLine(): Code {
  const tailSize = load32(constant(TAIL_SIZE_AT))
  return [
    when(
      less(get(BODY), get(BODY_END)),
      put(AT, ',"body":'),
      set(AT, call('value', get(BODY), get(BODY_END), get(AT))),
    ),
    writeTrace(),
    writeSpan(),
    when(
      less(get(NAME), get(NAME_END)),
      put(AT, ',"severity":'),
      putString(get(NAME), get(NAME_END), AT),
    ),
    when(get(FLAGS), put(AT, ',"flags":'), set(AT, call('decimal', get(FLAGS), get(AT)))),
    when(
      get(ROWS),
      put(AT, ',"attributes":'),
      set(AT, call('attributes', get(ROWS), get(ROWS_END), get(AT))),
      when(isZero(get(AT)), isOther),
    ),
    // An object of nothing but the tail.
    when(equal(get(AT), get(LINE)), isOther),
    copy(get(AT), constant(TAIL_AT), tailSize),
    step(AT, tailSize),
    store8(get(LINE), constant(0x7b)),
  ]
}

/** Ids of zeros are none. */
function writeTrace(): Code {
  return when(
    get(TRACE),
    set(ID, loadVector(get(TRACE))),
    when(
      hasBits(get(ID)),
      put(AT, ',"traceid":"'),
      storeVector(get(AT), hex(get(ID), 0)),
      storeVector(get(AT), hex(get(ID), 8), 16),
      step(AT, constant(32)),
      put(AT, '"'),
    ),
  )
}

function writeSpan(): Code {
  return when(
    get(SPAN),
    when(
      isZero(isZero64(load64(get(SPAN)))),
      put(AT, ',"spanid":"'),
      storeVector(get(AT), hex(loadVector(get(SPAN)), 0)),
      step(AT, constant(16)),
      put(AT, '"'),
    ),
  )
}
