import { type Attributes, attributeKey, type ClientInfo, encodeValue, type KeyEdit } from '#pdata'
import {
  type ArgumentsOf,
  any,
  attributes,
  compileRe2,
  type Problem,
  type Schema,
  string,
} from '#sdk'
import { regexFault, toAttributeValue } from './config-value.js'
import { CONVERTED_TYPES, type ConvertedType, convertedValue } from './convert.js'

const ACTIONS = ['insert', 'update', 'upsert', 'delete', 'hash', 'extract', 'convert'] as const
type ActionName = (typeof ACTIONS)[number]

const fields = {
  key: string({ default: '', about: 'The attribute that is worked on.' }),
  action: string({
    required: true,
    check: (text) => (isOneOf(ACTIONS, text.toLowerCase()) ? undefined : oneOf(ACTIONS)),
    about: 'insert, update, upsert, delete, hash, extract or convert; in any case.',
  }),
  value: any({ about: 'For insert, update and upsert: the new value.' }),
  pattern: string({
    default: '',
    check: (text) => {
      const fault = regexFault(text)
      return fault && `an RE2 regular expression (${fault})`
    },
    about: 'For delete and hash: which keys; for extract: named groups to take out.',
  }),
  from_attribute: string({ default: '', about: 'Take the new value from this attribute.' }),
  from_context: string({
    default: '',
    about: 'Take it from the sender: "metadata.NAME", "auth.NAME" or "client.address".',
  }),
  converted_type: string({
    default: '',
    check: (text) =>
      text === '' || isOneOf(CONVERTED_TYPES, text) ? undefined : oneOf(CONVERTED_TYPES),
    about: 'For convert: int, double or string.',
  }),
}

export type ActionArguments = ArgumentsOf<Schema<typeof fields>>

export const action = attributes(fields, checkAction)

/** Changes the attributes of one item. */
export interface Edit {
  readonly apply: (attributes: Attributes) => void
  /** The same as data, where it is about one key alone. */
  readonly byKey?: KeyEdit
}

/** For the data of one client; undefined where it gives the action nothing to do. */
export type Action = (client: ClientInfo | undefined) => Edit | undefined

/** What goes between the arguments of an action that was checked and the data. */
export function compileAction(values: ActionArguments): Action {
  const name = values.action.toLowerCase() as ActionName
  switch (name) {
    case 'insert':
    case 'update':
    case 'upsert':
      return writing(values, name)
    case 'delete':
      return deleting(values)
    case 'hash':
      return hashing(values)
    case 'extract':
      return extracting(values)
    case 'convert':
      return converting(values)
  }
}

function checkAction(values: ActionArguments): readonly Problem[] {
  const name = values.action.toLowerCase()
  if (!isOneOf(ACTIONS, name)) return []
  const { key, value, pattern, from_attribute, from_context, converted_type } = values
  const problems: Problem[] = []
  const add = (field: string, message: string) => problems.push({ path: [field], message })
  const byPattern = name === 'delete' || name === 'hash'
  if (key === '' && byPattern && pattern === '') {
    add('action', `the action ${name} needs a key or a pattern`)
  } else if (key === '' && !byPattern) add('action', `the action ${name} needs a key`)
  const hasValue = value !== undefined && value !== null
  const sources = [hasValue, from_attribute !== '', from_context !== ''].filter(Boolean).length
  if (WRITING.has(name)) {
    const all = 'value, from_attribute or from_context'
    if (sources === 0) add('action', `the action ${name} needs one of ${all}`)
    if (sources > 1) add('action', `the action ${name} needs only one of ${all}`)
    if (hasValue && toAttributeValue(value) === undefined) {
      add('value', 'value must be a string, a number, a boolean, or a list or object of them')
    }
  } else {
    const unused = { value: hasValue, from_attribute: from_attribute !== '' }
    const strict = { ...unused, from_context: !byPattern && from_context !== '' }
    for (const [field, isSet] of Object.entries(strict)) {
      if (isSet) add(field, `the action ${name} does not use ${field}`)
    }
  }
  if (pattern !== '' && !PATTERNED.has(name)) {
    add('pattern', `the action ${name} does not use pattern`)
  }
  if (converted_type !== '' && name !== 'convert') {
    add('converted_type', `the action ${name} does not use converted_type`)
  }
  if (name === 'convert' && converted_type === '') {
    add('action', 'the action convert needs a converted_type')
  }
  if (name === 'extract') problems.push(...checkGroups(pattern))
  return problems
}

const WRITING: ReadonlySet<string> = new Set(['insert', 'update', 'upsert'])
const PATTERNED: ReadonlySet<string> = new Set(['delete', 'hash', 'extract'])

function checkGroups(pattern: string): readonly Problem[] {
  if (pattern === '') return [{ path: ['action'], message: 'the action extract needs a pattern' }]
  if (regexFault(pattern)) return []
  const regex = compileRe2(pattern)
  const named = Object.keys(regex.namedGroups()).length
  if (named > 0 && named === regex.groupCount()) return []
  return [
    {
      path: ['pattern'],
      message: named === 0 ? 'pattern has no named groups' : 'pattern has a group without a name',
      help: 'write (?P<name>...) for what becomes an attribute, and (?:...) for other groups',
    },
  ]
}

function always(apply: Edit['apply'], byKey?: KeyEdit): Action {
  const edit = byKey ? { apply, byKey } : { apply }
  return () => edit
}

/** insert, update and upsert, from each of the three sources. */
function writing(values: ActionArguments, name: 'insert' | 'update' | 'upsert'): Action {
  const key = attributeKey(values.key)
  const mayWrite = (target: Attributes) =>
    name === 'upsert' || target.has(key) === (name === 'update')
  const write = (value: Uint8Array): Edit => ({
    apply: (target) => {
      if (mayWrite(target)) target.set(key, value)
    },
    byKey: {
      key,
      found: name === 'insert' ? 'keep' : 'set',
      missing: name === 'update' ? 'keep' : 'set',
      value,
    },
  })
  if (values.value !== undefined && values.value !== null) {
    const edit = write(encodeValue(toAttributeValue(values.value)!))
    return () => edit
  }
  if (values.from_context !== '') {
    return (client) => {
      const text = client && fromClient(client, values.from_context)
      return text === undefined ? undefined : write(encodeValue(text))
    }
  }
  const from = attributeKey(values.from_attribute)
  return always((target) => {
    const found = target.get(from)
    if (!found) return
    const { bytes, start, end } = found
    if (mayWrite(target)) target.set(key, bytes, start, end)
  })
}

/** What is known of a sender; several values of one header are joined by ";". */
function fromClient(client: ClientInfo, source: string): string | undefined {
  if (source === 'client.address') return client.address
  if (source.startsWith('auth.')) return client.auth.get(source.slice('auth.'.length))
  const header = source.startsWith('metadata.') ? source.slice('metadata.'.length) : source
  return client.metadata.get(header.toLowerCase())?.join(';')
}

function deleting({ key, pattern }: ActionArguments): Action {
  const target = key === '' ? undefined : attributeKey(key)
  const regex = pattern === '' ? undefined : compileRe2(pattern)
  const apply = (attributes: Attributes) => {
    if (target) attributes.delete(target)
    if (regex) attributes.retain((name) => !regex.test(name))
  }
  if (!target || regex) return always(apply)
  return always(apply, { key: target, found: 'delete', missing: 'keep' })
}

function hashing({ key, pattern }: ActionArguments): Action {
  const target = key === '' ? undefined : attributeKey(key)
  const regex = pattern === '' ? undefined : compileRe2(pattern)
  const apply = (attributes: Attributes) => {
    if (target) attributes.hash(target)
    if (!regex) return
    for (const name of new Set(attributes.keys())) {
      if (regex.test(name)) attributes.hash(attributeKey(name))
    }
  }
  if (!target || regex) return always(apply)
  return always(apply, { key: target, found: 'hash', missing: 'keep' })
}

function extracting({ key, pattern }: ActionArguments): Action {
  const source = attributeKey(key)
  const regex = compileRe2(pattern)
  const targets = Object.entries(regex.namedGroups())
    .sort(([, a], [, b]) => a - b)
    .map(([name, group]) => ({ key: attributeKey(name), group }))
  return always((attributes) => {
    const value = attributes.get(source)
    if (value?.kind !== 'string') return
    const matcher = regex.matcher(value.string)
    if (!matcher.find()) return
    for (const { key: target, group } of targets) {
      attributes.setText(target, matcher.group(group) ?? '')
    }
  })
}

function converting({ key, converted_type }: ActionArguments): Action {
  const target = attributeKey(key)
  return always((attributes) => {
    const value = attributes.get(target)
    const converted = value && convertedValue(value, converted_type as ConvertedType)
    if (converted !== undefined) attributes.set(target, encodeValue(converted))
  })
}

function isOneOf<T extends string>(names: readonly T[], text: string): text is T {
  return (names as readonly string[]).includes(text)
}

function oneOf(names: readonly string[]): string {
  return `one of ${names.map((name) => `"${name}"`).join(', ')}`
}
