/** `array.*` */

import { diagnose } from '#grammar'
import type { Value } from '#sdk'
import { valuesEqual } from '../equal.js'
import { Fault, failure } from '../fault.js'
import { isArray, type Kind, kindOf } from '../kind.js'
import { LIMITS } from '../limits.js'
import { describeKind, nounOf } from '../show.js'
import { define } from './definition.js'
import {
  anything,
  collection,
  flag,
  key,
  keys,
  list,
  object,
  objects,
  optional,
  rest,
} from './parameters.js'

type Fields = ReadonlyMap<string, Value>

export const arrayFunctions = [
  define({
    name: 'array.concat',
    about: 'One list with the items of all.',
    parameters: [rest(list('lists', 'The lists, in order.'))],
    result: 'array',
    call: ([lists]) => {
      checkCount(lists.reduce((sum, items) => sum + items.length, 0))
      return lists.flat()
    },
  }),
  define({
    name: 'array.combine_maps',
    about: 'Merges each object of one list with each of another that agrees on the given keys.',
    parameters: [
      objects('left', 'The first list.'),
      objects('right', 'The second list; where both objects have a field, this one wins.'),
      keys('keys', 'The fields both objects must have, with equal values.'),
      optional(flag('passthrough', 'Whether to keep objects of the first list that match none.')),
    ],
    result: 'array',
    stability: 'experimental',
    call: ([left, right, names, passthrough = false]) => combine(left, right, names, passthrough),
  }),
  define({
    name: 'array.group_by',
    about: 'Gathers objects that have the same value in a field, groups in order of appearance.',
    parameters: [
      objects('items', 'The objects.'),
      key('key', 'The field, whose values must be strings.'),
      flag(
        'drop_missing',
        'Whether to leave out objects without the field; else their group is "".',
      ),
    ],
    result: 'array',
    stability: 'experimental',
    call: ([items, name, dropMissing]) => groupBy(items, name, dropMissing),
  }),
  define({
    name: 'array.keys',
    about: 'The names of the fields of an object, in the order of the text.',
    parameters: [object('object', 'The object.')],
    result: 'array',
    inAlloy: false,
    call: ([fields]) => [...fields.keys()],
  }),
  define({
    name: 'array.values',
    about: 'The values of the fields of an object, in the order of the text.',
    parameters: [object('object', 'The object.')],
    result: 'array',
    inAlloy: false,
    call: ([fields]) => [...fields.values()],
  }),
  define({
    name: 'array.merge',
    about: 'One object with the fields of all; of fields with one name, the last one wins.',
    parameters: [rest(object('objects', 'The objects, in order.'))],
    result: 'object',
    inAlloy: false,
    call: ([all]) => new Map(all.flatMap((fields) => [...fields])),
  }),
  define({
    name: 'array.length',
    about: 'How many items a list, or fields an object has.',
    parameters: [collection('items', 'The list or the object.')],
    result: 'number',
    inAlloy: false,
    call: ([items]) => BigInt(isArray(items) ? items.length : items.size),
  }),
  define({
    name: 'array.contains',
    about: 'Whether an item of a list equals a value, as == compares.',
    parameters: [list('items', 'The list.'), anything('value', 'What to look for.')],
    result: 'bool',
    inAlloy: false,
    call: ([items, value]) => items.some((item) => valuesEqual(item, value)),
  }),
]

/** Objects to compare; more would hold everything up for seconds. */
const PAIRS_MAX = 25_000_000

function combine(
  left: readonly Fields[],
  right: readonly Fields[],
  names: readonly string[],
  passthrough: boolean,
): readonly Fields[] {
  const candidates = candidatesOf(right, names[0]!)
  const pairs = left.reduce((sum, one) => sum + candidates(one).length, 0)
  if (pairs > PAIRS_MAX) throw failure([], 'there are more than 25000000 pairs to compare')
  const combined: Fields[] = []
  for (const one of left) {
    const matching = candidates(one).filter((other) => agree(one, other, names))
    checkCount(combined.length + matching.length)
    combined.push(...matching.map((other) => new Map([...one, ...other])))
    if (passthrough && matching.length === 0) combined.push(one)
  }
  return combined
}

/** What may agree with an object on a field: a string agrees with the same string only. */
function candidatesOf(
  objects: readonly Fields[],
  name: string,
): (other: Fields) => readonly Fields[] {
  const stringIn = (object: Fields) => {
    const value = object.get(name)
    return typeof value === 'string' ? value : undefined
  }
  const groups = grouped(objects, stringIn)
  return (other) => groups.get(stringIn(other)) ?? []
}

/** In order of first appearance. */
function grouped<K>(
  objects: readonly Fields[],
  groupOf: (object: Fields, index: number) => K,
): ReadonlyMap<K, readonly Fields[]> {
  const groups = new Map<K, Fields[]>()
  for (const [index, object] of objects.entries()) {
    const group = groupOf(object, index)
    const members = groups.get(group)
    if (members) members.push(object)
    else groups.set(group, [object])
  }
  return groups
}

/** Alloy panics when it is to compare these. */
const NO_KEYS: readonly Kind[] = ['array', 'object', 'function']

function agree(left: Fields, right: Fields, names: readonly string[]): boolean {
  return names.every((name) => {
    const [a, b] = [left.get(name), right.get(name)]
    if (a === undefined || b === undefined) return false
    const kind = kindOf(a)
    if (NO_KEYS.includes(kind) && kind === kindOf(b)) {
      throw failure([], `objects cannot be matched by "${name}", which holds ${nounOf(kind)}`)
    }
    return valuesEqual(a, b)
  })
}

function groupBy(items: readonly Fields[], name: string, dropMissing: boolean): readonly Fields[] {
  const groups = grouped(items, (item, index) => {
    const value = item.get(name)
    if (value === undefined) return dropMissing ? undefined : ''
    if (typeof value !== 'string') throw notAString(index, name, value)
    return value
  })
  return [...groups].flatMap(([value, members]) =>
    value === undefined
      ? []
      : [
          new Map<string, Value>([
            [name, value],
            ['items', members],
          ]),
        ],
  )
}

function notAString(index: number, name: string, value: Value): Fault {
  const facts = {
    function: 'array.group_by',
    parameter: `items[${index}].${name}`,
    expected: 'a string',
    got: describeKind(value),
    help: undefined,
  }
  return new Fault([0, index, name], (at) => diagnose('argument-type', at, facts))
}

function checkCount(count: number): void {
  if (count > LIMITS.items) throw failure([], LIMITS.tooManyItems)
}
