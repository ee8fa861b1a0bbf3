/**
 * Every diagnostic there is: its facts, when it is found and its words. Checkers raise facts; only
 * `WORDS` makes sentences of them, so no code reads two ways. A code is never reused for something
 * else.
 */
import type { Diagnostic, Fix, Note } from './diagnostic.js'
import { type Span, textOf } from './source.js'
import { SYNTAX_WORDS, type SyntaxFacts } from './syntax-codes.js'

/**
 * What a checker knows, by code. Names and texts are the user's own; nothing secret may be among
 * them.
 */
export interface Facts extends SyntaxFacts {
  // Reading the sources.
  unreadable: { readonly message: string }

  // Check: the body of a block against its schema.
  'unknown-attribute': UnknownMember
  'unknown-block': UnknownMember
  'unknown-component': { readonly name: string; readonly near: string | undefined }
  'unknown-reference': { readonly name: string; readonly near: string | undefined }
  'missing-attribute': { readonly owner: string; readonly name: string; readonly expected: string }
  'missing-block': { readonly owner: string; readonly name: string }
  'not-an-attribute': { readonly name: string }
  /** `example` is something one could type after `name =`. */
  'not-a-block': { readonly name: string; readonly example: string }
  'duplicate-attribute': { readonly name: string }
  'duplicate-block': { readonly name: string }
  'duplicate-component': { readonly id: string }
  'label-missing': { readonly name: string }
  'label-forbidden': { readonly name: string }
  'stray-attribute': { readonly name: string }
  unstable: { readonly name: string; readonly stability: string; readonly minimum: string }
  cycle: { readonly self: boolean; readonly mark: string }
  'misplaced-block': { readonly name: string; readonly where: string; readonly belongs: string }
  'module-cycle': { readonly path: readonly string[] }
  'expansion-limit': { readonly message: string }
  'not-imported': {
    readonly name: string
    readonly import: string
    readonly names: readonly string[]
  }
  'unused-argument': { readonly name: string; readonly module: string }
  'import-failed': { readonly id: string; readonly message: string }
  'import-stale': { readonly id: string; readonly message: string }
  'wrong-type': {
    /** The attribute's name, with the path inside its value: `headers.x[2]`. */
    readonly name: string
    readonly expected: string
    readonly got: string
    /** What the value was, when an expression hides it. */
    readonly gave?: string | undefined
    readonly defaultText?: string | undefined
    readonly near?: string | undefined
    /** What the user most likely meant; comes before the other two. */
    readonly instead?: string | undefined
    /** The text that is `instead`. */
    readonly fix?: string | undefined
  }
  'invalid-arguments': { readonly message: string; readonly help: string | undefined }
  'wrong-signal': {
    readonly consumer: string
    readonly signal: string
    readonly takes: readonly string[]
    /** It takes what its own output sends on. */
    readonly passesOn: boolean
  }
  /** Other than in Alloy: an addition to its language. */
  'not-in-alloy': { readonly what: string }
  'disabled-reference': { readonly id: string }
  'early-reference': { readonly attribute: string; readonly name: string }
  'unused-component': {
    readonly id: string
    /** The first of its exports. */
    readonly example: string
  }
  'duplicate-address': {
    readonly address: string
    readonly other: string
    /** As the other writes it: that may be every interface. */
    readonly otherAddress: string
  }
  'duplicate-path': { readonly path: string; readonly other: string }
  'deprecated-function': { readonly name: string; readonly instead: string }
  'deprecated-attribute': { readonly name: string; readonly instead: string }
  'shadowed-name': { readonly name: string }

  // Evaluate: expressions.
  'unknown-name': { readonly name: string; readonly near: string | undefined }
  'unknown-field': {
    readonly name: string
    /** What should have it: a component, "sys"; undefined for an object without a name. */
    readonly owner: string | undefined
    /** The fields there are. */
    readonly names: readonly string[]
    readonly near: string | undefined
  }
  'operand-type': {
    /** What has the wrong type: "the left side of +", "an index of an array". */
    readonly subject: string
    readonly allowed: readonly string[]
    readonly got: string
    readonly help?: string | undefined
  }
  'argument-type': {
    readonly function: string
    /** The parameter's name, with the path inside its value: `items[2]`. */
    readonly parameter: string
    readonly expected: string
    readonly got: string
    readonly help: string | undefined
  }
  'argument-count': {
    readonly function: string
    /** "2 arguments", "3 or 4 arguments", "at least 1 argument". */
    readonly expected: string
    readonly got: number
    /** How it is called: "string.join(items, separator)". */
    readonly usage: string
  }
  'expression-failed': { readonly message: string; readonly help: string | undefined }

  // Run time.
  'start-failed': { readonly id: string; readonly message: string }
}

/** A statement that the schema of a body does not have. */
interface UnknownMember {
  /** The component, or "the block "grpc"" in it. */
  readonly owner: string
  /** Empty where it is a module. */
  readonly component: string
  readonly name: string
  readonly near: string | undefined
  /** Blocks of the body that have it. */
  readonly inside: readonly string[]
}

export type Code = keyof Facts

export interface Words {
  readonly message: string
  readonly mark?: string | undefined
  readonly help?: string | undefined
  /** What to put for the text that is marked, if that is all there is to do. */
  readonly fix?: string | ((marked: string) => string) | undefined
}

const WARNINGS: ReadonlySet<Code> = new Set([
  'deprecated-function',
  'deprecated-attribute',
  'shadowed-name',
  'unused-argument',
  'import-stale',
  'unused-component',
  'duplicate-address',
  'duplicate-path',
])

/** Codes of another stage than 'check'. */
const STAGES: Partial<Record<Code, Diagnostic['stage']>> = {
  'unknown-name': 'evaluate',
  'unknown-field': 'evaluate',
  'operand-type': 'evaluate',
  'argument-type': 'evaluate',
  'argument-count': 'evaluate',
  'expression-failed': 'evaluate',
  'start-failed': 'runtime',
}

/** The words of every code. A code without words does not compile. */
const WORDS: { readonly [C in Code]: (fact: Facts[C]) => Words } = {
  ...SYNTAX_WORDS,
  unreadable: ({ message }) => ({ message }),
  'unknown-attribute': (fact) => ({
    message: `${fact.owner} has no attribute "${fact.name}"`,
    ...helpForMember(fact),
  }),
  'unknown-block': (fact) => ({
    message: `${fact.owner} has no block "${fact.name}"`,
    ...helpForMember(fact),
  }),
  'unknown-component': (fact) => ({
    message: `there is no component "${fact.name}"`,
    help: didYouMean(fact.near) ?? 'weir explain lists the components there are',
    fix: fact.near,
  }),
  'unknown-reference': (fact) => ({
    message: `"${fact.name}" is not in this config`,
    help:
      didYouMean(fact.near) ??
      'add the block it names, or correct the name; a text stands in double quotes',
    fix: fact.near,
  }),
  'missing-attribute': (fact) => ({
    message: `${fact.owner} needs the attribute "${fact.name}"`,
    help: `add ${fact.name} = ${fact.expected}`,
  }),
  'missing-block': (fact) => ({
    message: `${fact.owner} needs the block "${fact.name}"`,
    help: `add ${fact.name} { ... }`,
  }),
  'not-an-attribute': (fact) => ({
    message: `"${fact.name}" is a block, and was written as an attribute`,
    help: `write ${fact.name} { ... } without "="`,
  }),
  'not-a-block': (fact) => ({
    message: `"${fact.name}" is an attribute, and was written as a block`,
    help: `write ${fact.name} = ${fact.example}`,
  }),
  'duplicate-attribute': (fact) => ({
    message: `the attribute "${fact.name}" is given twice`,
    help: 'remove one of the two',
  }),
  'duplicate-block': (fact) => ({
    message: `the block "${fact.name}" may be written once only`,
    help: 'merge the two into one',
  }),
  'duplicate-component': (fact) => ({
    message: `${fact.id} is declared twice`,
    help: 'give one of them another label',
  }),
  'label-missing': (fact) => ({
    message: `${fact.name} needs a label`,
    help: `write ${fact.name} "a_name" { ... }`,
    fix: (marked) => `${marked} "a_name"`,
  }),
  'label-forbidden': (fact) => ({
    message: `${fact.name} takes no label`,
    help: 'remove the label',
    fix: '',
  }),
  'stray-attribute': (fact) => ({
    message: `the attribute "${fact.name}" stands outside of any block`,
    help: 'move it into the block it belongs to',
  }),
  unstable: (fact) => ({
    message: `${fact.name} is ${fact.stability}, and this agent runs only what is ${fact.minimum}`,
    help: `start it with --stability.level=${fact.stability}`,
  }),
  cycle: ({ self, mark }) => ({
    message: self
      ? 'this block waits for itself, so it cannot start'
      : 'these blocks wait for each other, so none can start',
    mark,
    help: self ? 'remove this reference' : 'remove one of these references',
  }),
  'misplaced-block': (fact) => ({
    message: `the block "${fact.name}" may not stand ${fact.where}`,
    help: `write it ${fact.belongs}`,
  }),
  'module-cycle': (fact) => ({
    message: `the module "${fact.path[0]}" is part of itself: ${fact.path.join(' > ')}`,
    help: 'take one of these out of the other',
  }),
  'expansion-limit': (fact) => ({ message: fact.message, help: 'use fewer modules in each other' }),
  'not-imported': (fact) => ({
    message: `${fact.import} brings no "${fact.name.slice(fact.name.indexOf('.') + 1)}"`,
    help: `it brings ${listed(fact.names)}`,
  }),
  'unused-argument': (fact) => ({
    message: `the module "${fact.module}" does not use its argument "${fact.name}"`,
    help: `remove it, or use argument.${fact.name}.value`,
  }),
  'import-failed': (fact) => ({
    message: `${fact.id} cannot be read: ${fact.message}`,
    help: 'correct its arguments, or make its source available',
  }),
  'import-stale': (fact) => ({
    message: `${fact.id} cannot be read now, and brings what it brought last: ${fact.message}`,
    help: 'make its source available again',
  }),
  'wrong-type': (fact) => ({
    message: `"${fact.name}" needs ${fact.expected}, and got ${fact.got}`,
    mark: fact.gave === undefined ? undefined : `this gave ${fact.gave}`,
    help:
      fact.instead ??
      didYouMean(fact.near) ??
      (fact.defaultText === undefined
        ? undefined
        : `leave "${fact.name}" out to use the default, ${fact.defaultText}`),
    fix:
      fact.fix ??
      (fact.instead === undefined && fact.gave === undefined ? quoted(fact.near) : undefined),
  }),
  'invalid-arguments': (fact) => ({ message: fact.message, help: fact.help }),
  'wrong-signal': (fact) => ({
    message: `${fact.consumer} takes ${listed(fact.takes)}, and was wired to ${fact.signal}`,
    help: fact.passesOn
      ? `add ${fact.signal} to the output of ${fact.consumer}, or wire ${fact.signal} elsewhere`
      : `remove it from ${fact.signal}, or wire ${fact.signal} elsewhere`,
  }),
  'not-in-alloy': ({ what }) => ({
    message: `Alloy does not have ${what}`,
    help: 'write it without, or check without --strict-alloy',
  }),
  'disabled-reference': ({ id }) => ({
    message: `${id} is switched off, so it has nothing to refer to`,
    help: 'remove this reference, or switch it on',
  }),
  'early-reference': ({ attribute, name }) => ({
    message: `"${attribute}" is read before anything runs, so it cannot use ${name}`,
    help: 'write true or false, or an expression of sys.env(...) and constants',
  }),
  'unused-component': ({ id, example }) => ({
    message: `nothing uses ${id}`,
    help: `refer to ${id}.${example} somewhere, or remove the block`,
  }),
  'duplicate-address': ({ address, other, otherAddress }) => ({
    message: `${address} is taken: ${other} listens on ${otherAddress}`,
    help: 'give one of them another port',
  }),
  'duplicate-path': ({ path, other }) => ({
    message: `${path} is taken: ${other} writes there`,
    help: 'give one of them another path',
  }),
  'deprecated-function': (fact) => ({
    message: `${fact.name} is deprecated`,
    help: `write ${fact.instead}`,
    fix: fact.instead,
  }),
  'deprecated-attribute': (fact) => ({
    message: `the attribute "${fact.name}" is deprecated`,
    help: fact.instead,
  }),
  'shadowed-name': (fact) => ({
    message: `the component "${fact.name}" hides the standard library's "${fact.name}"`,
    help: `no function of "${fact.name}" can be called while a block has that name`,
  }),
  'unknown-name': (fact) => ({
    message: `there is no "${fact.name}" here`,
    help: didYouMean(fact.near) ?? 'put a text in double quotes',
    fix: fact.near ?? quoted(fact.name),
  }),
  'unknown-field': ({ owner = 'this object', name, names, near }) => ({
    message: `${owner} has no field "${name}"`,
    help: didYouMean(near) ?? (names.length === 0 ? 'it has no fields' : `it has ${listed(names)}`),
    fix: near,
  }),
  'operand-type': (fact) => ({
    message: `${fact.subject} must be ${listed(fact.allowed, 'or')}, and is ${fact.got}`,
    help: fact.help,
  }),
  'argument-type': (fact) => ({
    message: `"${fact.parameter}" of ${fact.function} must be ${fact.expected}, and is ${fact.got}`,
    help: fact.help,
  }),
  'argument-count': (fact) => ({
    message: `${fact.function} takes ${fact.expected}, and got ${fact.got}`,
    help: `write ${fact.usage}`,
  }),
  'expression-failed': (fact) => ({ message: fact.message, help: fact.help }),
  'start-failed': (fact) => ({ message: `${fact.id} did not start: ${fact.message}` }),
}

function stageOf(code: Code): Diagnostic['stage'] {
  return code in SYNTAX_WORDS ? 'syntax' : (STAGES[code] ?? 'check')
}

/** All codes that are found in a stage. */
export function codesOf(stage: Diagnostic['stage']): readonly Code[] {
  return (Object.keys(WORDS) as Code[]).filter((code) => stageOf(code) === stage)
}

export function diagnose<C extends Code>(
  code: C,
  at: Span,
  facts: Facts[C],
  notes: readonly Note[] = [],
): Diagnostic {
  const words = WORDS[code](facts)
  return {
    code,
    severity: WARNINGS.has(code) ? 'warning' : 'error',
    stage: stageOf(code),
    message: words.message,
    at,
    mark: words.mark,
    notes,
    help: words.help,
    fix: fixOf(words, at),
  }
}

function fixOf({ fix }: Words, at: Span): Fix | undefined {
  if (fix === undefined) return undefined
  return { at, text: typeof fix === 'string' ? fix : fix(textOf(at)) }
}

function didYouMean(near: string | undefined): string | undefined {
  return near === undefined ? undefined : `did you mean "${near}"?`
}

function quoted(text: string | undefined): string | undefined {
  return text === undefined ? undefined : JSON.stringify(text)
}

function helpForMember({ inside, near, component, name }: UnknownMember): Omit<Words, 'message'> {
  if (inside.length > 0) {
    const blocks = inside.map((block) => `"${block}"`)
    return { help: `write it inside the block ${listed(blocks, 'or')}` }
  }
  if (near === undefined) {
    const help =
      component === ''
        ? `declare it with argument "${name}" { } in the module, or remove it`
        : `weir explain ${component} lists what it takes`
    return { help }
  }
  // The head of a block holds its label too.
  return { help: didYouMean(near), fix: (marked) => near + marked.slice(name.length) }
}

/** "a", "a and b", "a, b and c"; "nothing" for none. */
function listed(words: readonly string[], last = 'and'): string {
  if (words.length < 2) return words[0] ?? 'nothing'
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}
