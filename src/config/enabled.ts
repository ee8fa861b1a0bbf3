/**
 * The attribute `enabled` that every component and module takes beside its own: false, and it does
 * not exist. It decides what there is, so it is known before anything runs.
 */
import { type ast, type Diagnostic, diagnose, type Span } from '#grammar'
import type { Definition, Schema } from '#sdk'
import { decodeEntry } from './decode-attribute.js'
import type { Environment } from './environment.js'
import { evaluate } from './evaluate.js'
import { libraryRoots } from './functions/index.js'
import { bodyReferences } from './link.js'
import { scopeOf } from './modules/binding.js'
import type { Frame } from './modules/frame.js'
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
  frame: Frame,
  environment: Environment,
): Switch | undefined {
  const attribute = switchOf(block, schema)
  if (!attribute) return undefined
  const diagnostics = earlyReferences(attribute, frame)
  const enabled =
    diagnostics.length > 0 ? undefined : evaluated(attribute, frame, environment, diagnostics)
  if (environment.strictAlloy) {
    const what = `"${NAME}" on every component`
    diagnostics.push(diagnose('not-in-alloy', attribute.name.span, { what }))
  }
  const body = block.body.filter((statement) => statement !== attribute)
  return { enabled, at: attribute.span, block: { ...block, body }, diagnostics }
}

/** The first one: a second is an unknown attribute of the component. */
function switchOf(block: ast.Block, schema: Schema): ast.Attribute | undefined {
  if (schema.entries || Object.hasOwn(schema.fields, NAME)) return undefined
  return block.body.find(
    (statement): statement is ast.Attribute =>
      statement.kind === 'attribute' && statement.name.text === NAME,
  )
}

const WITHOUT: readonly (Definition['kind'] | undefined)[] = ['config', 'import', 'module']

/** Undefined for what cannot be switched off. */
export function schemaWithSwitch(definition: Definition | undefined): Schema | undefined {
  return WITHOUT.includes(definition?.kind) ? undefined : definition?.schema
}

function evaluated(
  attribute: ast.Attribute,
  frame: Frame,
  environment: Environment,
  diagnostics: Diagnostic[],
): boolean | undefined {
  const { references } = bodyReferences(frame, [attribute])
  const reader = { exportsOf: () => undefined, environment, lenient: false, memo: new Map() }
  const { value, known } = decodeEntry(NAME, { kind: 'boolean' }, attribute, {
    component: '',
    evaluate: (expression) =>
      evaluate(expression, {
        components: scopeOf(references, reader),
        environment,
        lenient: false,
      }),
    report: (diagnostic) => diagnostics.push(diagnostic),
    wire: () => {},
  })
  // null stands for "not written"; a module that nobody uses knows none of its arguments.
  return value === null || !known ? true : (value as boolean | undefined)
}

/** What is there before anything runs, beside the standard library. */
const EARLY: readonly string[] = ['argument', 'module_path']

function earlyReferences(attribute: ast.Attribute, frame: Frame): Diagnostic[] {
  const known = [...libraryRoots, ...EARLY, ...variablesOf(frame)]
  return pathsIn([attribute])
    .filter(({ parts }) => !known.includes(parts[0]!))
    .map(({ text: name, span }) => diagnose('early-reference', span, { attribute: NAME, name }))
}

function variablesOf({ variable, around }: Frame): readonly string[] {
  return [...(variable ? [variable.name] : []), ...(around ? variablesOf(around) : [])]
}
