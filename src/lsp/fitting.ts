/** Which values fit an attribute, as far as that can be told before anything runs. */
import type { FunctionDefinition } from '#config'
import type { ast } from '#grammar'
import type { Signal } from '#pdata'
import { capsuleOf, type Definition, type ExportShape, type TypeShape } from '#sdk'

type ScalarKind = Exclude<TypeShape['kind'], 'list' | 'map' | 'consumer' | 'handler'>

/** The attributes that may take the text of another component. */
const TAKES_TEXT: ReadonlySet<TypeShape['kind']> = new Set<ScalarKind>([
  'string',
  'secret',
  'string-or-secret',
  'integer',
  'number',
  'duration',
  'size',
  'any',
])

/** Whether an export can be the value of an attribute. */
export function exportFits(
  shape: TypeShape,
  exported: ExportShape,
  definition: Definition,
  block: ast.Block,
): boolean {
  if (shape.kind === 'any') return true
  switch (exported.kind) {
    case 'consumer':
      return (
        shape.kind === 'consumer' &&
        capsuleOf(shape.signal) === exported.capsule &&
        takes(definition, block, shape.signal)
      )
    case 'handler':
      return shape.kind === 'handler' && exported.powers.includes(shape.power)
    case 'relabel-rules':
      return shape.kind === 'relabel-rules'
    case 'targets':
      return shape.kind === 'list' && shape.item.kind === 'map'
    case 'string':
    case 'string-or-secret':
      return TAKES_TEXT.has(shape.kind) && !(shape.kind === 'string' && shape.oneOf)
  }
}

/** One that takes what it sends on takes anything until it is wired. */
function takes(definition: Definition, block: ast.Block, signal: Signal): boolean {
  if (definition.acceptsByOutput) {
    const wired = wiredSignals(block)
    return wired.size === 0 ? definition.signals.includes(signal) : wired.has(signal)
  }
  try {
    return definition.accepts({} as never).includes(signal)
  } catch {
    return definition.signals.includes(signal)
  }
}

/** The attributes of the `output` block that are no empty lists. */
function wiredSignals({ body }: ast.Block): ReadonlySet<string> {
  const wired = new Set<string>()
  for (const output of body) {
    if (output.kind !== 'block' || output.name !== 'output') continue
    for (const one of output.body) {
      if (one.kind === 'attribute' && !isEmptyList(one.value)) wired.add(one.name.text)
    }
  }
  return wired
}

function isEmptyList(value: ast.Expression): boolean {
  return value.kind === 'array' && value.items.length === 0
}

const RESULTS: Readonly<Partial<Record<TypeShape['kind'], readonly string[]>>> = {
  boolean: ['bool'],
  integer: ['number', 'string'],
  number: ['number', 'string'],
  string: ['string', 'number'],
  duration: ['string'],
  size: ['string', 'number'],
  secret: ['string', 'capsule'],
  'string-or-secret': ['string', 'capsule'],
  list: ['array'],
  map: ['object'],
}

/** Whether a function's result can be the value of an attribute. */
export function resultFits(shape: TypeShape | undefined, { result }: FunctionDefinition): boolean {
  if (!shape || shape.kind === 'any') return true
  if (shape.kind === 'list' && shape.item.kind === 'consumer') return false
  const kinds = RESULTS[shape.kind]
  return kinds !== undefined && (result === 'any' || kinds.includes(result))
}
