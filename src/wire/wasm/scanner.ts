/**
 * Writes the scanner of `generator.ts` once more, as a module of WebAssembly: one function for each
 * message, `(pos, end)`, which goes back when its fields end where they should and traps at any
 * fault. An exported one for each request is given the size of the bytes at address 0, and leaves
 * twice the number of items, plus 1 if the request is regular.
 */
import { type FieldTable, MESSAGES, type MessageName } from '../messages.js'
import {
  firstField,
  groupsOf,
  knownFields,
  legacyField,
  reachable,
  WASM_BYTES_MAX,
} from '../scan-plan.js'
import { FIELD, isMessage, SCANNED, VALUE_DEPTH_MAX, wireTypeOf } from '../schema.js'
import { assemble, type Code, I32, Label, type WasmFunction } from './assembler.js'
import {
  add,
  and,
  atLeast,
  block,
  branch,
  branchIf,
  branchTo,
  call,
  constant,
  differ,
  equal,
  get,
  getGlobal,
  greater,
  leave,
  load8,
  loop,
  or,
  refuse,
  set,
  setGlobal,
  shiftLeft,
  subtract,
  when,
} from './instructions.js'
import { checkText, textFunctions } from './utf8.js'
import { varint, varintFunctions } from './varints.js'

/** Globals: of the scan under way, as in `scan-core.ts`. */
const [ITEMS, REGULAR, DEPTH] = [0, 1, 2]

const PAGE_BYTES = 64 * 1024
/** What is read past the end of the bytes is behind them in memory, and has no effect. */
const SLACK_PAGES = 1

export function assembleScanner(): Uint8Array<ArrayBuffer> {
  const requests = Object.values(SCANNED)
  return assemble({
    functions: [
      ...requests.map(entry),
      ...[...reachable(requests)].map(scanFunction),
      ...varintFunctions,
      ...textFunctions,
    ],
    globals: [0, 0, 0],
    memoryPages: Math.ceil(WASM_BYTES_MAX / PAGE_BYTES) + SLACK_PAGES,
  })
}

/** Sets all globals: a scan that trapped leaves them as they were. */
function entry(request: MessageName): WasmFunction {
  const size = 0
  const code = [
    setGlobal(ITEMS, constant(0)),
    setGlobal(REGULAR, constant(1)),
    setGlobal(DEPTH, constant(0)),
    call(request, constant(0), get(size)),
    or(shiftLeft(getGlobal(ITEMS), constant(1)), getGlobal(REGULAR)),
  ]
  return { name: `scan${request}`, params: 1, results: 1, locals: [], code, isExported: true }
}

/** The first local of every function: where it stands. */
const POS = 0

function scanFunction(message: MessageName): WasmFunction {
  const [end, params] = [1, 2]
  const locals: number[] = []
  const newLocal = () => params + locals.push(I32) - 1
  const code = [
    message === 'KeyValue' ? plainKeyValue(end, newLocal(), newLocal()) : [],
    new MessageScan(message, end, newLocal).code(),
  ]
  return { name: message, params, results: 0, locals, code }
}

/**
 * Nearly every KeyValue is a key and then a value, each of fewer than 128 bytes, and most values
 * are strings. Of those nothing needs a loop or a call (bench/wire: 1.7x for all of a span).
 */
function plainKeyValue(end: number, next: number, size: number): Code {
  const other = new Label()
  const { KeyValue, AnyValue } = FIELD
  const isNoField = (at: Code, number: number) => differ(load8(at), constant((number << 3) | 2))
  return block(
    other,
    branchIf(other, isNoField(get(POS), KeyValue.key)),
    set(next, load8(get(POS), 1)),
    branchIf(other, greater(get(next), constant(127))),
    set(next, add(add(get(next), get(POS)), constant(2))),
    // What is read behind it may lie behind the end, and then does not fit below.
    branchIf(other, isNoField(get(next), KeyValue.value)),
    set(size, load8(get(next), 1)),
    branchIf(other, greater(get(size), constant(127))),
    branchIf(other, differ(add(add(get(next), get(size)), constant(2)), get(end))),
    step(2),
    checkText(POS, next),
    set(POS, add(get(next), constant(2))),
    when(
      and(
        equal(load8(get(POS)), constant((AnyValue.stringValue << 3) | 2)),
        equal(add(load8(get(POS), 1), constant(2)), get(size)),
      ),
      step(2),
      checkText(POS, end),
      leave,
    ),
    call('AnyValue', get(POS), get(end)),
    leave,
  )
}

/** Writes the scan of one message. */
class MessageScan {
  readonly #message: MessageName
  readonly #groups: ReadonlyMap<string, number>
  readonly #first: ReturnType<typeof firstField>
  readonly #end: number
  readonly #tag: number
  readonly #next: number
  readonly #seen: number
  /** Behind a field. */
  readonly #each = new Label()

  constructor(message: MessageName, end: number, newLocal: () => number) {
    this.#message = message
    this.#groups = groupsOf(message)
    this.#first = firstField(message)
    this.#end = end
    this.#tag = newLocal()
    this.#next = newLocal()
    this.#seen = this.#groups.size > 0 || this.#first ? newLocal() : 0
  }

  /** Goes over the fields in [POS, end). */
  code(): Code {
    const [done, otherwise] = [new Label(), new Label()]
    const each = this.#each
    const arms = Object.entries(MESSAGES[this.#message]).flatMap(([name, field]) =>
      this.#arms(name, field),
    )
    const legacy = legacyField(this.#message)
    if (legacy) {
      const code = [setGlobal(REGULAR, constant(0)), this.#value(legacy)]
      arms.push({ tag: (legacy.number << 3) | 2, code })
    }
    const small = arms.filter(({ tag }) => tag < 128)
    const large = arms.filter(({ tag }) => tag > 127)
    return [
      this.#seen > 0 ? set(this.#seen, constant(0)) : [],
      block(
        done,
        loop(
          each,
          branchIf(done, atLeast(get(POS), get(this.#end))),
          block(
            otherwise,
            set(this.#tag, load8(get(POS))),
            step(1),
            this.#switch(small, otherwise),
          ),
          large.map((arm) => this.#largeTag(arm)),
          this.#first?.repeated ? this.#seenIs(this.#first.bit) : [],
          set(POS, call('unknown', before(), get(this.#end), constant(knownFields(this.#message)))),
          branch(each),
        ),
      ),
      when(differ(get(POS), get(this.#end)), refuse),
    ]
  }

  /** Branches by the tag to one of the arms, and from each of them to the next field. */
  #switch(arms: readonly Arm[], otherwise: Label): Code {
    const table: Label[] = Array(Math.max(...arms.map(({ tag }) => tag)) + 1).fill(otherwise)
    const labels = arms.map(({ tag }) => {
      const label = new Label()
      table[tag] = label
      return label
    })
    return arms.reduce<Code>(
      (code, arm, n) => [block(labels[n]!, code), arm.code, branch(this.#each)],
      branchTo(table, otherwise, get(this.#tag)),
    )
  }

  #arms(name: string, field: FieldTable): readonly Arm[] {
    const wire = wireTypeOf(field.type)
    const order = this.#order(name, field)
    const code = [
      order,
      field.item ? setGlobal(ITEMS, add(getGlobal(ITEMS), constant(1))) : [],
      this.#value(field),
    ]
    const single = { tag: (field.number << 3) | wire, code }
    if (!field.repeated || wire === 2) return [single]
    const packed = [order, this.#sized(this.#packed(wire))]
    return [single, { tag: (field.number << 3) | 2, code: packed }]
  }

  /** Notes what has been seen, and whether it is regular that this field comes now. */
  #order(name: string, field: FieldTable): Code {
    const bit = this.#groups.get(field.oneof ?? name)
    const irregular = setGlobal(REGULAR, constant(0))
    if (bit !== undefined) {
      return [when(and(get(this.#seen), constant(bit)), irregular), this.#seenIs(bit)]
    }
    const first = this.#first
    if (!first) return []
    if (first.name !== name) return this.#seenIs(first.bit)
    return [when(get(this.#seen), irregular), first.repeated ? [] : this.#seenIs(first.bit)]
  }

  #seenIs(bit: number): Code {
    return set(this.#seen, or(get(this.#seen), constant(bit)))
  }

  #value(field: FieldTable): Code {
    switch (wireTypeOf(field.type)) {
      case 0:
        return varint(POS, this.#end)
      case 1:
        return step(8)
      case 5:
        return step(4)
      case 2:
        return this.#sized(this.#content(field))
    }
  }

  /** Reads a length, checks it, does `inside` with [POS, next) and goes on behind. */
  #sized(inside: Code): Code {
    const next = this.#next
    return [
      set(next, load8(get(POS))),
      step(1),
      when(greater(get(next), constant(127)), call('longSize', before()), set(POS), set(next)),
      set(next, add(get(next), get(POS))),
      when(greater(get(next), get(this.#end)), refuse),
      inside,
      set(POS, get(next)),
    ]
  }

  #content({ type, idLength }: FieldTable): Code {
    const next = this.#next
    if (type === 'string') return checkText(POS, next)
    if (idLength !== undefined) {
      const size = subtract(get(next), get(POS))
      return when(size, when(differ(size, constant(idLength)), refuse))
    }
    if (!isMessage(type)) return []
    const scan = call(type, get(POS), get(next))
    return type === 'ArrayValue' || type === 'KeyValueList' ? nested(scan) : scan
  }

  #packed(wire: 0 | 1 | 5): Code {
    if (wire === 0) return call('varints', get(POS), get(this.#next))
    const rest = constant(wire === 1 ? 7 : 3)
    return when(and(subtract(get(this.#next), get(POS)), rest), refuse)
  }

  /** Tags of two bytes: the switch has seen the first. */
  #largeTag({ tag, code }: Arm): Code {
    const isIt = and(
      equal(get(this.#tag), constant((tag & 127) | 128)),
      equal(load8(get(POS)), constant(tag >> 7)),
    )
    return when(isIt, step(1), code, branch(this.#each))
  }
}

/** What is done at a tag. */
interface Arm {
  readonly tag: number
  readonly code: Code
}

function step(by: number): Code {
  return set(POS, add(get(POS), constant(by)))
}

/** Where the byte lies that was read last. */
function before(): Code {
  return subtract(get(POS), constant(1))
}

function nested(scan: Code): Code {
  return [
    setGlobal(DEPTH, add(getGlobal(DEPTH), constant(1))),
    when(greater(getGlobal(DEPTH), constant(VALUE_DEPTH_MAX)), refuse),
    scan,
    setGlobal(DEPTH, subtract(getGlobal(DEPTH), constant(1))),
  ]
}
