/** Bodies decoded against schemas as the peer's struct tags give them. */
import { expect, test } from 'vitest'
import { type ast, parseFile, Source } from '#grammar'
import {
  any,
  attributes,
  block,
  blocks,
  entries,
  type Field,
  label,
  list,
  map,
  number,
  type Schema,
  string,
  type Type,
  type,
  type Value,
  variants,
} from '#sdk'
import { corpus } from '../../test/support/corpus.js'
import { decodeBody } from './decode-body.js'
import { systemEnvironment } from './environment.js'
import { evaluate } from './evaluate.js'

interface Case {
  readonly id: string
  readonly input: string
  /** Struct fields by struct; undefined for the cases that have a target of their own. */
  readonly schema?: Readonly<
    Record<string, readonly { readonly goType: string; readonly tag: string }[]>
  >
  readonly error: string | null
}

const about = 'For the test.'

/** The peer's errors in our codes. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/must be an attribute, but is used as a block/, 'not-a-block'],
  [/must be a block, but is used as an attribute/, 'not-an-attribute'],
  [/missing required attribute/, 'missing-attribute'],
  [/missing required block/, 'missing-block'],
  [/unrecognized attribute name/, 'unknown-attribute'],
  [/unrecognized block name/, 'unknown-block'],
  [/requires non-empty label/, 'label-missing'],
  [/does not support specifying labels|requires empty label/, 'label-forbidden'],
  [/nested blocks not supported/, 'unknown-block'],
  [/should be/, 'wrong-type'],
]

const file = corpus<{ cases: readonly Case[] }>('syntax/decode.json')
for (const one of file?.cases ?? [])
  test(one.id, () => expect(faultOf(one)).toEqual(expectedOf(one)))

/** The code of the first error, after its line where the peer has one; null for success. */
function expectedOf({ error }: Case): string | null {
  if (error === null) return null
  const code = CODES.find(([pattern]) => pattern.test(error))?.[1]
  if (!code) throw new Error(`what is "${error}" here?`)
  const line = lineIn(error)
  return line ? `${line} ${code}` : code
}

function lineIn(error: string): string | undefined {
  return /(?:^|:)(\d+):\d+: /.exec(error)?.[1]
}

function faultOf(one: Case): string | null {
  const source = new Source('test', one.input)
  const { file: tree, diagnostics } = parseFile(source)
  expect(diagnostics).toEqual([])
  const faults: string[] = []
  const scope = {
    components: { lookup: (name: string) => (name === 'key_value' ? KEY_VALUE : undefined) },
    environment: systemEnvironment({}, '0.0.0'),
    lenient: false,
  }
  const written = { body: tree.body, head: { source, start: 0, end: 0 }, label: undefined }
  decodeBody('test', written, schemaOf(one, tree), {
    component: 'test',
    evaluate: (expression) => evaluate(expression, scope),
    report: ({ code, at }) => {
      const { line } = at.source.positionAt(at.start)
      faults.push(lineIn(one.error ?? '') ? `${line} ${code}` : code)
    },
    wire: () => {},
  })
  return faults[0] ?? null
}

const KEY_VALUE = new Map<string, Value>([
  ['object', new Map<string, Value>([['field1', [15n, 30n, 'Hello, world!']]])],
])

/** A file with the block of the case, or with the attribute that the expression cases decode. */
function schemaOf({ id, schema, error }: Case, tree: ast.File): Schema {
  const [first] = tree.body
  if (first?.kind === 'attribute') {
    const numbers: Type<unknown> = { shape: list(type.number(), { about }).type }
    const inner: Type<unknown> = { shape: map(numbers, { about }).type }
    const key = /should be string/.test(error ?? '') ? string({ about }) : map(inner, { about })
    return attributes({ key })
  }
  if (!schema) return attributes({ [first!.name]: block(entries(type.any), { about }) })
  const names = Object.keys(schema)
  const inSquash = names.filter((name) =>
    Object.values(schema).some((fields) => fields.some(({ goType }) => bare(goType) === name)),
  )
  const outer = names.find((name) => !inSquash.includes(name))
  if (!outer) throw new Error(`${id} has no outermost struct`)
  return attributes({ [first!.name]: block(structOf(outer, schema), { about }) })
}

type Structs = NonNullable<Case['schema']>

function structOf(name: string, structs: Structs): Schema {
  const fields: Record<string, Field> = {}
  const add = (struct: string) => {
    for (const { goType, tag } of structs[struct] ?? []) {
      const [key, form, presence] = tag.split(',') as [string, string, string?]
      if (form === 'squash') add(bare(goType))
      else fields[key || 'label'] = fieldOf(goType, form, presence === 'optional', structs)
    }
  }
  add(name)
  return attributes(fields)
}

function fieldOf(goType: string, form: string, optional: boolean, structs: Structs): Field {
  const needed = optional ? {} : ({ required: true } as const)
  if (form === 'label') return label({ about })
  if (form === 'enum') {
    const kind = attributes({ attr: number({ about, required: true }) })
    return variants({ a: kind, b: kind, c: kind }, { about })
  }
  if (form === 'block') {
    const inner = structs[bare(goType)]
      ? structOf(bare(goType), structs)
      : attributes({ attr: anyField() })
    const isList = goType.startsWith('[')
    return isList ? blocks(inner, { about, ...needed }) : block(inner, { about, ...needed })
  }
  if (goType === 'int') return number({ about, ...needed })
  return goType === 'string' ? string({ about, ...needed }) : anyField()
}

function anyField(): Field {
  return any({ about })
}

/** A Go type without what points at it or lists it. */
function bare(goType: string): string {
  return goType.replace(/^[*[\]\d]+/, '')
}
