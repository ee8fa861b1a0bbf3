/** Attributes that say which others become labels, and how a line is written. */
import { type AttributeValue, decodeValue, labelName, ValueView, valueText } from '#pdata'
import type { AttributeRows } from './rows.js'

/** An attribute that is to be a label. */
export interface LabelHint {
  readonly key: Buffer
  readonly label: string
  /** Its segments, where it may lie in attributes that are maps. */
  readonly path: readonly string[]
}

export const HINTS = {
  attributes: Buffer.from('loki.attribute.labels'),
  resource: Buffer.from('loki.resource.labels'),
  tenant: Buffer.from('loki.tenant'),
  format: Buffer.from('loki.format'),
}

/** The attribute that is the label `level`, whatever the severity. */
export const LEVEL = Buffer.from('level')

const LENGTHS = new Uint8Array(128)
for (const { length } of [...Object.values(HINTS), LEVEL]) LENGTHS[length] = 1

/** The rows of hints among attributes; -1 where there is none. */
export class HintRows {
  attributes = -1
  resource = -1
  tenant = -1
  format = -1
  level = -1

  /** Hints are not written. */
  find(rows: AttributeRows): void {
    this.attributes = this.resource = this.tenant = this.format = this.level = -1
    for (let row = 0; row < rows.count; row++) {
      const start = rows.keyStart(row)
      const size = rows.keyEnd(row) - start
      if (size < 128 && LENGTHS[size] === 1 && rows.bytes[start] === 0x6c) this.#note(rows, row)
    }
  }

  #note(rows: AttributeRows, row: number): void {
    if (rows.hasKey(row, LEVEL)) {
      if (this.level < 0) this.level = row
      return
    }
    if (rows.hasKey(row, HINTS.attributes)) this.attributes = row
    else if (rows.hasKey(row, HINTS.resource)) this.resource = row
    else if (rows.hasKey(row, HINTS.tenant)) this.tenant = row
    else if (rows.hasKey(row, HINTS.format)) this.format = row
    else return
    rows.take(row)
  }
}

const view = new ValueView()

export function textOf(rows: AttributeRows, row: number): string {
  return view.at(rows.bytes, rows.valueStart(row), rows.valueEnd(row)).toText()
}

/** It has no text that could be a label: no value, or an empty one. */
export function isBlank(rows: AttributeRows, row: number): boolean {
  const start = rows.valueStart(row)
  const size = rows.valueEnd(row) - start
  if (size === 0) return true
  const { bytes } = rows
  return size === 2 && bytes[start + 1] === 0 && (bytes[start]! & 7) === 2 && !textOf(rows, row)
}

/** What a hint asks for. */
export interface HintList {
  /** Another one for each. */
  readonly id: number
  readonly hints: readonly LabelHint[]
}

const KNOWN_MAX = 1000

/** Lists of names as hints have them, kept from record to record: most have the same. */
export class HintLists {
  readonly #label: string | undefined
  readonly #known = new Map<string, HintList>()
  #last = 0

  /** With a `label`, whatever is named becomes that one. */
  constructor(label?: string) {
    this.#label = label
  }

  /** Of the value in a row: names with commas between them, or an array of names. */
  at(rows: AttributeRows, row: number): HintList {
    const bytes = rows.bytes.toString('latin1', rows.valueStart(row), rows.valueEnd(row))
    let list = this.#known.get(bytes)
    if (!list) {
      const value = decodeValue(rows.bytes, rows.valueStart(row), rows.valueEnd(row))
      list = { id: ++this.#last, hints: parseHint(value, this.#label) }
      if (this.#known.size >= KNOWN_MAX) this.#known.clear()
      this.#known.set(bytes, list)
    }
    return list
  }
}

/** Of names that are the same label the last counts. */
function parseHint(value: AttributeValue, always: string | undefined): readonly LabelHint[] {
  const names = Array.isArray(value) ? value.map(valueText) : valueText(value).split(',')
  const byLabel = new Map<string, LabelHint>()
  for (const name of names.map((one) => one.trim())) {
    if (name === '') continue
    const label = always ?? labelName(name)
    byLabel.set(label, { key: Buffer.from(name), label, path: name.split('.') })
  }
  return [...byLabel.values()]
}

/**
 * Takes what hints name out of the rows and adds it to labels: name, value, name, value ...
 */
export function promote(rows: AttributeRows, hints: readonly LabelHint[], labels: string[]): void {
  for (const hint of hints) {
    const row = rows.find(hint.key)
    const text = row >= 0 ? textOf(rows, row) : nestedText(rows, hint)
    if (text === '') continue
    labels.push(hint.label, text)
    if (row >= 0) rows.take(row)
  }
}

/** Takes the same out of the rows, and says by what values these labels differ from others. */
export function takeValues(rows: AttributeRows, hints: readonly LabelHint[]): string {
  let key = ''
  for (const hint of hints) {
    const row = rows.find(hint.key)
    let value = ''
    if (row < 0) value = nestedText(rows, hint)
    else if (!isBlank(rows, row)) {
      value = rows.bytes.toString('latin1', rows.valueStart(row), rows.valueEnd(row))
      rows.take(row)
    }
    key += `${value.length}:${value}`
  }
  return key
}

/** A value inside an attribute that is a map; '' without one. */
function nestedText(rows: AttributeRows, { path }: LabelHint): string {
  for (let size = path.length - 1; size > 0; size--) {
    const row = rows.find(Buffer.from(path.slice(0, size).join('.')))
    if (row < 0) continue
    const value = decodeValue(rows.bytes, rows.valueStart(row), rows.valueEnd(row))
    const found = valueIn(value, path.slice(size))
    if (found !== undefined) return valueText(found)
  }
  return ''
}

function valueIn(value: AttributeValue, path: readonly string[]): AttributeValue | undefined {
  if (!(value instanceof Map)) return undefined
  const map = value as ReadonlyMap<string, AttributeValue>
  for (let size = path.length; size > 0; size--) {
    const inner = map.get(path.slice(0, size).join('.'))
    if (inner === undefined) continue
    const found = size === path.length ? inner : valueIn(inner, path.slice(size))
    if (found !== undefined) return found
  }
  return undefined
}
