/** YAML as Alloy's reader (yaml.v3) takes it: 1.2 with some of 1.1. */
import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import type { CST, Document, Pair, ParsedNode, Scalar } from 'yaml'
import type { Value } from '#sdk'
import { isArray, isNumber, isObject } from '../kind.js'
import { LIMITS } from '../limits.js'
import { toFloat } from '../numbers.js'
import { Base64Fault, decodeBase64 } from './base64.js'
import { DocumentFault, placeIn } from './document-fault.js'
import { resolvePlain } from './yaml-scalar.js'

/** UTF-16 units: larger texts hold everything up for seconds. */
const LENGTH_MAX = 4 * 1024 * 1024

/** What the library's messages say, without the pieces of the text that they quote. */
const FAULTS: Readonly<Record<string, string>> = {
  BAD_INDENT: 'wrong indentation, or a list or object without its end',
  BLOCK_AS_IMPLICIT_KEY: 'a key within the value of another',
  MISSING_CHAR: 'a missing ":", "," or closing mark',
  MULTILINE_IMPLICIT_KEY: 'a key over many lines',
  TAB_AS_INDENT: 'a tab as indentation',
  UNEXPECTED_TOKEN: 'a misplaced mark',
}

let library: typeof Yaml | undefined

/** It takes 45 ms to load: not before the first text. */
function yaml(): typeof Yaml {
  library ??= createRequire(import.meta.url)('yaml') as typeof Yaml
  return library
}

/** The first document of a text; null when there is none. Throws `DocumentFault`. */
export function parseYaml(text: string): Value {
  if (text.length > LENGTH_MAX) throw new DocumentFault('it is longer than 4 MiB')
  if (/(?![\t\n\r\x85])\p{Cc}/u.test(text)) throw new DocumentFault('it has control characters')
  const document = firstDocument(text)
  const [error] = document.errors
  if (error) {
    const fault = FAULTS[error.code] ?? 'a fault'
    throw new DocumentFault(`${fault} at ${placeIn(text, error.pos[0])}`)
  }
  return new YamlReader(document).read()
}

/**
 * All scalars are read as strings ("failsafe"), to be resolved as yaml.v3 does. The library's own
 * search for equal keys takes quadratic time, as does its search for the anchor of an alias.
 */
function firstDocument(text: string): Document.Parsed {
  const composer = new (yaml().Composer)<ParsedNode, true>({
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    logLevel: 'error',
  })
  for (const token of new (yaml().Parser)().parse(text)) {
    checkDepth(token)
    for (const document of composer.next(token)) return document
  }
  for (const document of composer.end(true, text.length)) return document
  throw new Error('bug: a YAML text has a document, if an empty one')
}

/**
 * The parser keeps its own stack, but the composer calls itself; and a stack that overflows while
 * V8 compiles a regular expression ends the process.
 */
function checkDepth(token: CST.Token): void {
  let level: readonly CST.Token[] = [token]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > LIMITS.depth) throw new DocumentFault(LIMITS.tooDeep)
    level = level.flatMap(partsOf)
  }
}

function partsOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : []
  if (!('items' in token)) return []
  return token.items.flatMap(({ key, value }) => [key, value].filter((one) => one != null))
}

type Field = Pair<ParsedNode, ParsedNode | null>

class YamlReader {
  readonly #document: Document.Parsed
  readonly #anchors = new Map<string, ParsedNode>()
  /** Nodes read, those behind an alias each time: a few aliases of aliases stand for billions. */
  #count = 0
  #depth = 0
  #aliasDepth = 0

  constructor(document: Document.Parsed) {
    this.#document = document
  }

  read(): Value {
    return this.#value(this.#document.contents)
  }

  #value(node: ParsedNode | null): Value {
    if (++this.#count > LIMITS.items) throw new DocumentFault(LIMITS.tooManyItems)
    if (++this.#depth > LIMITS.depth) throw new DocumentFault(LIMITS.tooDeep)
    const value = this.#read(node)
    this.#depth--
    return value
  }

  #read(node: ParsedNode | null): Value {
    if (node === null) return null
    if (yaml().isAlias(node)) {
      this.#aliasDepth++
      const value = this.#value(this.#target(node.source))
      this.#aliasDepth--
      return value
    }
    this.#remember(node)
    if (yaml().isSeq(node)) return node.items.map((item) => this.#value(item as ParsedNode))
    return yaml().isMap(node) ? this.#map(node.items as Field[]) : valueOfScalar(node)
  }

  /** What is written wins over what `<<` merges in; of merged maps the first wins. */
  #map(pairs: readonly Field[]): Value {
    const fields = new Map<string, Value>()
    const merged: ReadonlyMap<string, Value>[] = []
    for (const { key, value } of pairs) {
      if (isMerge(key)) merged.push(...mapsToMerge(this.#value(value)))
      else this.#field(key, value, fields)
    }
    for (const map of merged) {
      for (const [name, value] of map) if (!fields.has(name)) fields.set(name, value)
    }
    return fields
  }

  /** Keys that are no strings are taken as they are written. */
  #field(key: ParsedNode, value: ParsedNode | null, fields: Map<string, Value>): void {
    const node = yaml().isAlias(key) ? this.#target(key.source) : key
    if (!yaml().isScalar(node)) throw new DocumentFault('a key must be a string')
    this.#remember(node)
    const name = String(node.value ?? '')
    if (fields.has(name)) throw new DocumentFault('a key is given twice')
    fields.set(name, this.#value(value))
  }

  /**
   * An anchor holds from where it stands until the next of its name, and is not set again by an
   * alias.
   */
  #remember(node: ParsedNode): void {
    if (node.anchor !== undefined && this.#aliasDepth === 0) this.#anchors.set(node.anchor, node)
  }

  #target(anchor: string): ParsedNode {
    const target = this.#anchors.get(anchor)
    if (!target) throw new DocumentFault('an alias comes before its anchor, or has none')
    return target
  }
}

function isMerge(key: ParsedNode): boolean {
  return yaml().isScalar(key) && key.type === 'PLAIN' && key.value === '<<'
}

function mapsToMerge(value: Value): readonly ReadonlyMap<string, Value>[] {
  const maps = isArray(value) ? value : [value]
  if (!maps.every(isObject)) throw new DocumentFault('"<<" takes an object, or a list of them')
  return maps
}

function valueOfScalar(node: Scalar): Value {
  const text = String(node.value)
  const tag = node.tag?.replace('tag:yaml.org,2002:', '!!')
  switch (tag) {
    case undefined:
      return node.type === 'PLAIN' ? resolvePlain(text) : text
    case '!':
    case '!!timestamp':
      return resolvePlain(text)
    case '!!null':
    case '!!bool':
    case '!!int':
    case '!!float':
      return taggedValue(tag, resolvePlain(text))
    case '!!binary':
      return binaryText(text)
    default:
      return text
  }
}

function taggedValue(tag: '!!null' | '!!bool' | '!!int' | '!!float', value: Value): Value {
  if (tag === '!!null' && value === null) return null
  if (tag === '!!bool' && typeof value === 'boolean') return value
  if (tag === '!!int' && isNumber(value) && typeof value !== 'number') return value
  if (tag === '!!float' && isNumber(value)) return toFloat(value)
  throw new DocumentFault(`a value is no ${tag}`)
}

function binaryText(text: string): string {
  try {
    return Buffer.from(decodeBase64(text.replace(/\s/g, ''), 'standard')).toString()
  } catch (error) {
    if (!(error instanceof Base64Fault)) throw error
    throw new DocumentFault('a value is no !!binary')
  }
}
