import { type ast, diagnose } from '#grammar'
import type { TypeShape, Value } from '#sdk'
import { revealsSecret } from '../decode-attribute.js'
import type { Environment } from '../environment.js'
import { EvaluationError, evaluate } from '../evaluate.js'
import { isObject } from '../kind.js'
import { bodyReferences, type Reference } from '../link.js'
import type { ExportsOf } from '../program.js'
import { ComponentScope } from '../scope.js'
import { describeKind } from '../show.js'
import { Unknown } from '../unknown.js'
import { takeArgument } from './argument-type.js'
import type { Frame } from './frame.js'

/** What values are read under: the exports of components as they are, or stand-ins for them. */
export interface Reader {
  readonly exportsOf: ExportsOf
  readonly environment: Environment
  /** For checking: what is wrong or not known yet is unknown, and reported elsewhere. */
  readonly lenient: boolean
  /** Each binding is worked out once. */
  readonly memo: Map<Binding, Value>
}

/** A name for a value that is worked out when it is used: an argument, an export, an item. */
export interface Binding {
  /** For messages about cycles: "my_module.a/argument.input". */
  readonly id: string
  readonly references: readonly Reference[]
  /** What it gives may hold a secret as a plain text: messages must not show it. */
  readonly hidden: boolean
  /** Throws `EvaluationError` unless the reader is lenient. */
  read(reader: Reader): Value
}

export function readBinding(binding: Binding, reader: Reader): Value {
  const known = reader.memo.get(binding)
  if (known !== undefined) return known
  // Cycles are reported, and end here.
  reader.memo.set(binding, new Unknown())
  const value = binding.read(reader)
  reader.memo.set(binding, value)
  return value
}

export class ConstantBinding implements Binding {
  readonly id: string
  readonly references: readonly Reference[] = []
  readonly hidden = false
  readonly #value: Value

  constructor(id: string, value: Value) {
    this.id = id
    this.#value = value
  }

  read(): Value {
    return this.#value
  }
}

/** An attribute, evaluated where it stands. */
export class AttributeBinding implements Binding {
  readonly id: string
  readonly #attribute: ast.Attribute
  readonly #frame: Frame
  readonly #shape: TypeShape | undefined
  /** Instead of null. */
  readonly #otherwise: Binding | undefined
  #references: readonly Reference[] | undefined

  constructor(
    id: string,
    attribute: ast.Attribute,
    frame: Frame,
    shape?: TypeShape,
    otherwise?: Binding,
  ) {
    this.id = id
    this.#attribute = attribute
    this.#frame = frame
    this.#shape = shape
    this.#otherwise = otherwise
  }

  get references(): readonly Reference[] {
    this.#references ??= [
      ...bodyReferences(this.#frame, [this.#attribute]).references,
      ...(this.#otherwise?.references ?? []),
    ]
    return this.#references
  }

  get hidden(): boolean {
    return revealsSecret(this.#attribute.value) || hidesAny(this.references)
  }

  read(reader: Reader): Value {
    const { name, value: expression } = this.#attribute
    const given = evaluateIn(expression, this.references, reader)
    if (given === null && this.#otherwise) return readBinding(this.#otherwise, reader)
    const { value, misfit } = takeArgument(given, this.#shape)
    if (!misfit) return value
    if (reader.lenient) return new Unknown()
    const facts = {
      name: name.text + misfit.path,
      expected: misfit.expected,
      got: describeKind(misfit.value),
    }
    throw new EvaluationError(diagnose('wrong-type', expression.span, facts))
  }
}

/** A block given to a module: its attributes as an object; or a list of such. */
export class BlockBinding implements Binding {
  readonly id: string
  readonly #blocks: readonly ast.Block[]
  readonly #isList: boolean
  readonly #frame: Frame
  #references: readonly Reference[] | undefined

  constructor(id: string, blocks: readonly ast.Block[], isList: boolean, frame: Frame) {
    this.id = id
    this.#blocks = blocks
    this.#isList = isList
    this.#frame = frame
  }

  get references(): readonly Reference[] {
    this.#references ??= bodyReferences(this.#frame, this.#blocks).references
    return this.#references
  }

  get hidden(): boolean {
    const attributes = this.#blocks.flatMap(({ body }) =>
      body.filter((statement) => statement.kind === 'attribute'),
    )
    return attributes.some(({ value }) => revealsSecret(value)) || hidesAny(this.references)
  }

  read(reader: Reader): Value {
    const values = this.#blocks.map(({ body }) => {
      const attributes = body.filter((statement) => statement.kind === 'attribute')
      return new Map(
        attributes.map(({ name, value }) => [
          name.text,
          evaluateIn(value, this.references, reader),
        ]),
      )
    })
    return this.#isList ? values : (values[0] ?? null)
  }
}

function evaluateIn(
  expression: ast.Expression,
  references: readonly Reference[],
  reader: Reader,
): Value {
  const { environment, lenient } = reader
  try {
    const value = referredTo(expression, references, reader)
    if (value !== undefined) return value
    const components = new ReferenceScope(references, reader)
    return evaluate(expression, { components, environment, lenient })
  } catch (error) {
    if (!lenient || !(error instanceof EvaluationError)) throw error
    return new Unknown()
  }
}

function hidesAny(references: readonly Reference[]): boolean {
  return references.some(({ binding }) => binding?.hidden)
}

/** Whether an expression uses a binding whose value messages must not show. */
export function hides({ span }: ast.Expression, references: readonly Reference[]): boolean {
  return hidesAny(
    references.filter(({ span: { start, end } }) => start >= span.start && end <= span.end),
  )
}

/** The value of an expression that is one path, where no more than the path is to be followed. */
export function referredTo(
  expression: ast.Expression,
  references: readonly Reference[],
  reader: Reader,
): Value | undefined {
  if (expression.kind !== 'access') return undefined
  const { source, start, end } = expression.span
  const reference = references.find(
    ({ span }) => span.start === start && span.end === end && span.source === source,
  )
  if (!reference?.rest) return undefined
  const { id, binding, value, rest } = reference
  let at = binding ? readBinding(binding, reader) : (value ?? reader.exportsOf(id))
  for (const name of rest) {
    if (at === undefined || !isObject(at)) return undefined
    at = at.get(name)
  }
  return at
}

/** What the names of a body's expressions lead to. */
export function scopeOf(references: readonly Reference[], reader: Reader): ComponentScope {
  const scope = new ComponentScope()
  for (const { id, local, binding, value } of references) {
    if (binding) scope.set(local, readBinding(binding, reader))
    else if (value !== undefined) scope.set(local, value)
    else scope.set(local, reader.exportsOf(id) ?? new Map())
  }
  return scope
}

/** The same, worked out once an expression names something: most need no names. */
export class ReferenceScope {
  readonly #references: readonly Reference[]
  readonly #reader: Reader
  #scope: ComponentScope | undefined

  constructor(references: readonly Reference[], reader: Reader) {
    this.#references = references
    this.#reader = reader
  }

  lookup(name: string): Value | undefined {
    return this.#worked().lookup(name)
  }

  names(): Iterable<string> {
    return this.#worked().names()
  }

  #worked(): ComponentScope {
    this.#scope ??= scopeOf(this.#references, this.#reader)
    return this.#scope
  }
}

/** Ids of the components that references lead to, through bindings too. */
export function componentsBehind(references: readonly Reference[]): readonly string[] {
  const ids: string[] = []
  const seen = new Set<string | Binding>()
  const walk = (all: readonly Reference[]) => {
    for (const { id, binding, value } of all) {
      const one = binding ?? id
      if (value !== undefined || seen.has(one)) continue
      seen.add(one)
      if (binding) walk(binding.references)
      else ids.push(id)
    }
  }
  walk(references)
  return ids
}
