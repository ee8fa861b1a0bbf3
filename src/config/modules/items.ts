import { createHash } from 'node:crypto'
import { Capsule, ExportedConsumer, OptionalSecret, Secret, type Value } from '#sdk'
import { isArray, isNumber, isObject } from '../kind.js'
import type { Reference } from '../link.js'
import { textOfNumber } from '../numbers.js'
import { sameValue } from '../same.js'
import { holdsUnknown } from '../unknown.js'
import { valueToJson } from '../value-json.js'
import { type Binding, type Reader, readBinding } from './binding.js'

/** How the items of a collection are named. */
export interface Naming {
  /** The field of an item that names it; "" for none. */
  readonly id: string
  readonly hash: boolean
}

/** One item, with the name that its components have it by. */
export interface Item {
  readonly key: string
  readonly value: Value
}

const KEY_LENGTH_MAX = 64
const HASH_LENGTH = 12

/**
 * The items of a collection, each under a name of its own that does not depend on the others', as
 * far as they differ. Undefined while that cannot be told.
 */
export function itemsOf(collection: Value, naming: Naming): readonly Item[] | undefined {
  if (!isArray(collection)) return undefined
  const counts = new Map<string, number>()
  const items: Item[] = []
  for (const value of collection) {
    const name = nameOf(value, naming)
    if (name === undefined) return undefined
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    items.push({ key: count === 1 ? name : `${name}_${count}`, value })
  }
  return items
}

/** Whether a template would be expanded to the same. */
export function sameItems(one: Value, other: Value, naming: Naming): boolean {
  const [a, b] = [itemsOf(one, naming), itemsOf(other, naming)]
  if (!a || !b) return a === b
  return (
    a.length === b.length &&
    a.every(({ key, value }, index) => {
      const { key: otherKey, value: otherValue } = b[index]!
      // What is not plain is looked up when it is used.
      return key === otherKey && (!isPlain(value) || sameValue(value, otherValue))
    })
  )
}

function nameOf(value: Value, { id, hash }: Naming): string | undefined {
  const named = isObject(value) && id !== '' ? (value.get(id) ?? value) : value
  if (holdsUnknown(named)) return undefined
  if (typeof named === 'string') return hash ? hashOf(named) : plain(named)
  if (isNumber(named)) return plain(textOfNumber(named))
  if (typeof named === 'boolean') return String(named)
  if (named instanceof ExportedConsumer) return plain(named.owner)
  return hashOf(valueToJson(named))
}

/** As ids and folders may have it. */
function plain(text: string): string {
  const name = text.replace(/\W/g, '_')
  if (name === '') return '_'
  return name.length > KEY_LENGTH_MAX ? `${name.slice(0, KEY_LENGTH_MAX)}_${hashOf(text)}` : name
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH)
}

/** The item that a template is for. */
export class ItemBinding implements Binding {
  readonly id: string
  readonly references: readonly Reference[]
  readonly hidden: boolean
  readonly #item: Item
  readonly #collection: Binding
  readonly #naming: Naming

  constructor(id: string, item: Item, collection: Binding, naming: Naming) {
    this.id = id
    this.#item = item
    this.#collection = collection
    this.#naming = naming
    this.hidden = collection.hidden
    // A plain value is as it was when the template was expanded; a new one expands it again.
    this.references = isPlain(item.value) ? [] : collection.references
  }

  /** What only a running graph has, such as a consumer, is looked up again under its name. */
  read(reader: Reader): Value {
    const { key, value } = this.#item
    if (this.references.length === 0) return value
    const items = itemsOf(readBinding(this.#collection, reader), this.#naming)
    return items?.find((one) => one.key === key)?.value ?? value
  }
}

function isPlain(value: Value): boolean {
  if (isArray(value)) return value.every(isPlain)
  if (isObject(value)) return [...value.values()].every(isPlain)
  return !(value instanceof Capsule) || value instanceof Secret || value instanceof OptionalSecret
}
