import {
  readSint32,
  readUint32,
  readUint64,
  type ScalarType,
  sizeOfVarint,
  wireTypeOf,
} from '#wire'
import { Attributes } from './attributes.js'
import type { Edits } from './edits.js'
import { FieldList } from './field-list.js'
import type { ItemEdits } from './item-edits.js'
import { childShape, type Shape } from './shape.js'
import { ValueView } from './value.js'

/**
 * One message of a chunk, read by field number (`FIELD`) where it lies and edited by splices. There
 * is one object for each level, moved along as the walk goes on: what it gives is valid until then,
 * and a loop's messages are not to be kept. Reading after an edit sees the edit. Absent fields read
 * as their defaults.
 */
export class Message {
  readonly shape: Shape
  readonly #edits: Edits
  readonly #fields: FieldList
  /** For a header (see `child`): who holds it and where. Absent for what `each` walks. */
  readonly #owner: { readonly message: Message; readonly number: number } | undefined
  readonly #headers = new Map<number, Message>()
  readonly #walks = new Map<number, Walk>()
  #bytes: Buffer = Buffer.alloc(0)
  #start = 0
  #body = 0
  #end = 0
  #indexed = false
  #dirty = false
  #slot = 0
  /** By how many bytes messages inside have grown. */
  #growth = 0
  #removed = false
  /** While a walk stands at it. */
  #isCurrent = false
  /** A bit for each field whose messages a walk has edited. */
  #editedFields = 0
  /** Messages on the way to items that were removed from it. */
  #lost = 0
  #attributes: Attributes | undefined
  #value: ValueView | undefined

  constructor(edits: Edits, shape: Shape, owner?: { message: Message; number: number }) {
    this.shape = shape
    this.#edits = edits
    this.#fields = new FieldList(edits.arena)
    this.#owner = owner
  }

  has(number: number): boolean {
    return this.#list().last(number) >= 0
  }

  text(number: number): string {
    const list = this.#list()
    const row = list.last(number)
    return row < 0 ? '' : list.bytes(row).toString('utf8', list.value(row), list.end(row))
  }

  /**
   * Bytes, or a string's UTF-8, or a message's body; a view that the next edit may leave behind.
   */
  bytes(number: number): Buffer {
    const list = this.#list()
    const row = list.last(number)
    return row < 0 ? NO_BYTES : list.bytes(row).subarray(list.value(row), list.end(row))
  }

  /** Enums, flags, counts, doubles; true is 1. */
  number(number: number): number {
    const list = this.#list()
    const row = list.last(number)
    if (row < 0) return 0
    const bytes = list.bytes(row)
    const at = list.value(row)
    switch (this.#scalar(number)) {
      case 'double':
        return bytes.readDoubleLE(at)
      case 'fixed32':
        return bytes.readUInt32LE(at)
      case 'sint32':
        return readSint32(bytes, at)
      case 'int32':
        return readUint32(bytes, at) | 0
      default:
        return readUint32(bytes, at)
    }
  }

  /** 64-bit integers and timestamps. */
  bigint(number: number): bigint {
    const list = this.#list()
    const row = list.last(number)
    if (row < 0) return 0n
    const bytes = list.bytes(row)
    const at = list.value(row)
    switch (this.#scalar(number)) {
      case 'fixed64':
        return bytes.readBigUInt64LE(at)
      case 'sfixed64':
        return bytes.readBigInt64LE(at)
      case 'uint64':
        return readUint64(bytes, at)
      default:
        return BigInt.asIntN(64, readUint64(bytes, at))
    }
  }

  /** A value such as a log's body; good until the next call. */
  value(number: number): ValueView {
    this.#value ??= new ValueView()
    const list = this.#list()
    const row = list.last(number)
    if (row < 0) return this.#value.at(NO_BYTES, 0, 0)
    return this.#value.at(list.bytes(row), list.value(row), list.end(row))
  }

  /** Its attributes (an exemplar's filtered ones, a metric's metadata). */
  get attributes(): Attributes {
    if (!this.#attributes) {
      if (this.shape.attributes === 0) throw new Error(`bug: ${this.shape.name} has no attributes`)
      const touch = () => this.#touch()
      this.#attributes = new Attributes(this.#fields, this.shape.attributes, touch)
    }
    this.#list()
    return this.#attributes
  }

  /**
   * Numbers for what `number` reads, bigints for what `bigint` does; bytes also for a message's
   * body.
   */
  set(number: number, value: string | number | bigint | Uint8Array): void {
    this.#list()
    const { arena } = this.#edits
    const from = arena.pos
    const type = this.#scalar(number)
    if (typeof value === 'string') {
      arena.string(number, value)
      this.#put(number, from, arena.pos - Buffer.byteLength(value))
    } else if (value instanceof Uint8Array) {
      arena.field(number, value)
      this.#put(number, from, arena.pos - value.length)
    } else {
      arena.tag(number, wireTypeOf(type ?? 'int64'))
      const at = arena.pos
      if (type === 'double') arena.double(Number(value))
      else if (type === 'fixed32') arena.fixed32(Number(value))
      else if (type === 'fixed64' || type === 'sfixed64') arena.fixed64(BigInt(value))
      else if (type === 'sint32') arena.varint(((Number(value) << 1) ^ (Number(value) >> 31)) >>> 0)
      else arena.varint64(BigInt(value))
      this.#put(number, from, at)
    }
    this.#clearRivals(number)
  }

  /** Back to the default. */
  clear(number: number): void {
    const list = this.#list()
    for (let row = 0; row < list.count; row++) if (list.number(row) === number) list.remove(row)
    this.#touch()
  }

  /**
   * A singular message in it, such as a resource, scope or status; there is always one to read, and
   * editing adds it where it is missing. Its repeated messages can not be walked.
   */
  child(number: number): Message {
    let child = this.#headers.get(number)
    if (!child) {
      const shape = childShape(this.shape, number)
      child = new Message(this.#edits, shape, { message: this, number })
      this.#headers.set(number, child)
    }
    const list = this.#list()
    // Once edited it holds what will be written.
    if (child.#dirty) return child
    const row = list.last(number)
    if (row < 0) child.#place(NO_BYTES, 0, 0, 0)
    else child.#place(list.bytes(row), 0, list.value(row), list.end(row))
    return child
  }

  /**
   * Walks the messages of a field, each of which can be edited and removed while it is current. May
   * be walked again, but not while it is being walked, nor after a walk that edited.
   */
  each(number: number): Iterable<Message> {
    if (this.#owner) throw new Error(`bug: ${this.shape.name} can not be walked`)
    let walk = this.#walks.get(number)
    if (!walk) {
      walk = this.#walk(number)
      this.#walks.set(number, walk)
    }
    if (walk.child.#isCurrent || (this.#editedFields & (1 << number)) !== 0) {
      throw new Error(`bug: field ${number} of ${this.shape.name} is walked or was edited`)
    }
    walk.row = 0
    return walk
  }

  /** Kept and used again: a generator for each walk, and a result for each step, are felt. */
  #walk(number: number): Walk {
    const child = new Message(this.#edits, childShape(this.shape, number))
    const step = { done: false, value: child } as const
    const close = () => {
      if (!child.#isCurrent) return
      child.#isCurrent = false
      child.#close(this, number)
    }
    const walk: Walk = {
      child,
      row: 0,
      next: () => {
        close()
        const list = this.#list()
        for (let { row } = walk; row < list.count; row++) {
          if (list.number(row) !== number || !list.isUntouched(row)) continue
          child.#place(this.#bytes, list.start(row), list.value(row), list.end(row))
          child.#slot = this.#edits.reserve(list.start(row))
          child.#isCurrent = true
          walk.row = row + 1
          return step
        }
        walk.row = list.count
        return END
      },
      return: () => {
        close()
        return END
      },
      [Symbol.iterator]: () => walk,
    }
    return walk
  }

  /**
   * Edits attributes of all items inside, without walking them. Not while they are walked, nor
   * after an edit of theirs.
   */
  editItems(items: ItemEdits): void {
    const carriers = this.shape.carriers.reduce((mask, number) => mask | (1 << number), 0)
    if (!this.#isCurrent || (this.#editedFields & carriers) !== 0) {
      throw new Error(`bug: items of ${this.shape.name} are not to be edited`)
    }
    this.#editedFields |= carriers
    this.#growth += items.run(this.#edits, this.shape, this.#bytes, this.#body, this.#end)
  }

  /**
   * Takes it out of its parent. Parents that so lose all items go too. Only for what `each` walks.
   */
  remove(): void {
    if (this.#owner) throw new Error(`bug: ${this.shape.name} can not be removed`)
    this.#removed = true
  }

  /** The message as it came, without edits: for looking only. */
  get raw(): Buffer {
    return this.#bytes.subarray(this.#body, this.#end)
  }

  /** As `raw`, with its tag and length: a field to be put elsewhere. Only for what `each` walks. */
  get rawField(): Buffer {
    return this.#bytes.subarray(this.#start, this.#end)
  }

  /** For the walk's start: the whole chunk is the body. */
  openRoot(chunk: Buffer): void {
    this.#place(chunk, 0, 0, chunk.length)
  }

  #list(): FieldList {
    if (!this.#indexed) {
      this.#fields.load(this.#bytes, this.#body, this.#end)
      this.#indexed = true
    }
    return this.#fields
  }

  #place(bytes: Buffer, start: number, body: number, end: number): void {
    this.#bytes = bytes
    this.#start = start
    this.#body = body
    this.#end = end
    this.#indexed = false
    this.#dirty = false
    this.#removed = false
    this.#growth = 0
    this.#editedFields = 0
    this.#lost = 0
  }

  #scalar(number: number): ScalarType | undefined {
    return this.shape.fields[number]?.type as ScalarType | undefined
  }

  /** What was written to the arena from `from` on is the field now. */
  #put(number: number, from: number, value: number): void {
    const row = this.#fields.last(number)
    if (row < 0) this.#fields.insert(number, from, value)
    else this.#fields.replace(row, from, value)
    this.#touch()
  }

  /** Of a oneof only the field that was set stays. */
  #clearRivals(number: number): void {
    const group = this.shape.fields[number]?.oneof
    if (group === undefined) return
    for (const field of this.shape.fields) {
      if (field?.oneof !== group || field.number === number) continue
      if (this.#fields.last(field.number) >= 0) this.clear(field.number)
    }
  }

  #touch(): void {
    this.#dirty = true
    if (this.#owner) this.#owner.message.#touch()
  }

  /** Puts edited headers in their places, so that the fields tell all there is to change. */
  #gather(): void {
    for (const [number, child] of this.#headers) {
      if (!child.#dirty) continue
      child.#gather()
      const { arena } = this.#edits
      const from = arena.pos
      arena.tag(number, 2)
      arena.varint(child.#fields.size())
      const value = arena.pos
      child.#fields.writeOut()
      this.#put(number, from, value)
      child.#dirty = false
    }
  }

  /** Behind its last inner edit: reports its own, and the new length before all of them. */
  #close(parent: Message, number: number): void {
    const edits = this.#edits
    const gone = this.#removed || (this.#lost > 0 && !this.#keepsCarriers())
    if (gone) {
      for (const child of this.#headers.values()) child.#dirty = false
      edits.rollBack(this.#slot)
      edits.remove(this.#start, this.#end)
      parent.#growth -= this.#end - this.#start
      parent.#editedFields |= 1 << number
      if (parent.shape.carriers.includes(number)) parent.#lost++
      return
    }
    if (this.#dirty) {
      this.#gather()
      this.#growth += this.#fields.report(edits)
      this.#dirty = false
    }
    const size = this.#end - this.#body + this.#growth
    if (this.#growth !== 0) {
      const length = this.#start + sizeOfVarint(number << 3)
      parent.#growth += this.#growth + edits.fillLength(this.#slot, length, this.#body, size)
    } else if (edits.count === this.#slot + 1) {
      edits.rollBack(this.#slot)
      return
    }
    parent.#editedFields |= 1 << number
  }

  #keepsCarriers(): boolean {
    let left = -this.#lost
    const list = this.#list()
    for (let row = 0; row < list.count; row++) {
      if (this.shape.carriers.includes(list.number(row))) left++
    }
    return left > 0
  }
}

/** The walk of one field's messages. */
interface Walk extends IterableIterator<Message, undefined> {
  readonly child: Message
  /** The row that is looked at next. */
  row: number
}

const END: IteratorReturnResult<undefined> = { done: true, value: undefined }
const NO_BYTES = Buffer.alloc(0)
