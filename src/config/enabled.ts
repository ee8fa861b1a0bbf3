/**
 * The attribute `enabled` that every component takes beside its own: false, and the component does
 * not exist. It decides what there is, so it is known before anything runs.
 */
import { type ast, type Diagnostic, diagnose, type Span } from '#grammar'
import type { Schema } from '#sdk'
import { decodeEntry } from './decode-attribute.js'
import { type Environment, evaluate } from './evaluate.js'
import { libraryRoots } from './functions/index.js'
import { pathsIn } from './references.js'

const NAME = 'enabled'

export interface Switch {
  /** Undefined where the attribute is faulty: the diagnostics say how. */
  readonly enabled: boolean | undefined
  readonly at: Span
  /** The block as its component sees it, without the attribute. */
  readonly block: ast.Block
  readonly diagnostics: readonly Diagnostic[]
}

/** Undefined where a block has no such attribute, or one that is the component's own. */
export function readSwitch(
  block: ast.Block,
  schema: Schema,
  environment: Environment,
): Switch | undefined {
  const attribute = switchOf(block, schema)
  if (!attribute) return undefined
  const diagnostics = earlyReferences(attribute)
  let enabled: boolean | undefined
  if (diagnostics.length === 0) {
    const decoder = {
      component: block.name,
      evaluate: (expression: ast.Expression) =>
        evaluate(expression, { components: NOTHING, environment, lenient: false }),
      report: (diagnostic: Diagnostic) => diagnostics.push(diagnostic),
      wire: () => {},
    }
    const { value } = decodeEntry(NAME, { kind: 'boolean' }, attribute, decoder)
    // null stands for "not written".
    enabled = value === null ? true : (value as boolean | undefined)
  }
  const body = block.body.filter((statement) => statement !== attribute)
  return { enabled, at: attribute.span, block: { ...block, body }, diagnostics }
}

const NOTHING = { lookup: () => undefined }

/** The first one: a second is an unknown attribute of the component. */
export function switchOf(block: ast.Block, schema: Schema): ast.Attribute | undefined {
  if (schema.entries || Object.hasOwn(schema.fields, NAME)) return undefined
  return block.body.find(
    (statement): statement is ast.Attribute =>
      statement.kind === 'attribute' && statement.name.text === NAME,
  )
}

function earlyReferences(attribute: ast.Attribute): Diagnostic[] {
  return pathsIn([attribute])
    .filter(({ parts }) => !libraryRoots.includes(parts[0]!))
    .map(({ parts, span }) =>
      diagnose('early-reference', span, { attribute: NAME, name: parts.join('.') }),
    )
}
