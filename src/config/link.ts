import { type ast, type Diagnostic, diagnose, nearest, type Span } from '#grammar'
import { STABILITIES, type Stability, type Value } from '#sdk'
import { functions, libraryRoots } from './functions/index.js'
import type { Binding } from './modules/binding.js'
import type { Frame, Member } from './modules/frame.js'
import { type Path, pathsIn } from './references.js'
import { Unknown } from './unknown.js'

/** A body with what its expressions refer to, as `inOrder` and `cycle` see it. */
export interface Linked {
  readonly id: string
  readonly references: readonly Reference[]
  /** The ids of `references`. */
  readonly needs: readonly string[]
}

/** What a path of an expression stands for. */
export interface Reference {
  /** The component whose exports are used, or the binding. */
  readonly id: string
  readonly span: Span
  /** The path that leads to it in the expression: "local.file.a", "argument.input.value". */
  readonly local: string
  readonly binding: Binding | undefined
  /** Where it is neither a component nor a binding. */
  readonly value: Value | undefined
  /** The names of the path behind `local`; undefined where that is no part of the path. */
  readonly rest: readonly string[] | undefined
  /** Where it is switched off. */
  readonly disabledAt?: Span
}

export interface BodyLinks {
  readonly references: readonly Reference[]
  /** Paths that lead nowhere; evaluating them would only report the same fault again. */
  readonly unresolved: readonly Path[]
  /** Paths into the standard library. */
  readonly library: readonly Path[]
}

/** Finds what each dotted path of a body stands for. */
export function bodyReferences(frame: Frame, body: readonly ast.Statement[]): BodyLinks {
  const references: Reference[] = []
  const unresolved: Path[] = []
  const library: Path[] = []
  for (const path of pathsIn(body)) {
    const found = resolve(frame, path)
    if (found) references.push(...found)
    else if (LIBRARY.has(path.parts[0]!)) library.push(path)
    else unresolved.push(path)
  }
  return { references, unresolved, library }
}

/** What is wrong with the paths of a body. */
export function checkLinks(
  frame: Frame,
  { references, unresolved, library }: BodyLinks,
  minimum: Stability,
): readonly Diagnostic[] {
  const faults: Diagnostic[] = []
  for (const { local, span, disabledAt } of references) {
    const name = rootOf(local)
    if (LIBRARY.has(name)) {
      faults.push(diagnose('shadowed-name', { ...span, end: span.start + name.length }, { name }))
    }
    if (!disabledAt) continue
    const note = { message: 'it is switched off here', at: disabledAt }
    faults.push(diagnose('disabled-reference', span, { id: local }, [note]))
  }
  for (const path of library) faults.push(...checkFunction(path, minimum))
  for (const path of unresolved) faults.push(unknownPath(path, frame))
  return faults
}

const LIBRARY: ReadonlySet<string> = new Set(libraryRoots)

function rootOf(path: string): string {
  const dot = path.indexOf('.')
  return dot < 0 ? path : path.slice(0, dot)
}

function resolve(frame: Frame, path: Path): readonly Reference[] | undefined {
  const root = path.parts[0]!
  for (let at: Frame | undefined = frame; at; at = at.around) {
    const { members, variable } = at
    const local = longestPrefix(path.text, members)
    if (local !== undefined) return toMember(members.get(local)!, local, path)
    if (variable && root === variable.name) return [toBinding(variable.binding, root, path)]
  }
  if (root === 'argument') return toArgument(frame, path)
  return root === 'module_path' ? [toValue(root, path, frame.lexical.folder)] : undefined
}

function toMember(member: Member, local: string, path: Path): readonly Reference[] {
  switch (member.kind) {
    case 'component': {
      const { span } = path
      const rest = namesBehind(local, path)
      return [{ id: member.id, local, span, binding: undefined, value: undefined, rest }]
    }
    case 'opaque':
      return [toValue(local, path, new Unknown())]
    case 'disabled':
      return [{ ...toValue(local, path, new Unknown()), disabledAt: member.at }]
    case 'module': {
      const name = namesBehind(local, path)?.[0]
      const one = name === undefined ? undefined : member.exports.get(name)
      if (one) return [toBinding(one, `${local}.${name}`, path)]
      const all = [...member.exports].map(([key, binding]) =>
        toBinding(binding, `${local}.${key}`, path),
      )
      return all.length > 0 ? all : [toValue(local, path, new Map())]
    }
  }
}

function toValue(local: string, path: Path, value: Value): Reference {
  const rest = namesBehind(local, path)
  return { id: local, local, span: path.span, binding: undefined, value, rest }
}

function toArgument(frame: Frame, path: Path): readonly Reference[] | undefined {
  const name = path.parts[1]
  if (name === undefined) return undefined
  const binding = argumentsOf(frame)?.get(name)
  return binding && [toBinding(binding, `argument.${name}.value`, path)]
}

/** Those of the module that a template is in are also the template's. */
function argumentsOf(frame: Frame): Frame['arguments'] {
  return frame.arguments ?? (frame.around && argumentsOf(frame.around))
}

function toBinding(binding: Binding, local: string, path: Path): Reference {
  const rest = namesBehind(local, path)
  return { id: binding.id, local, span: path.span, binding, value: undefined, rest }
}

const NONE: readonly string[] = []

function namesBehind(local: string, { text }: Path): readonly string[] | undefined {
  if (text === local) return NONE
  const isBehind = text.startsWith(local) && text[local.length] === '.'
  return isBehind ? text.slice(local.length + 1).split('.') : undefined
}

/** A name alone is more likely a text without quotes than the start of a reference. */
function unknownPath({ text: name, parts, span }: Path, frame: Frame): Diagnostic {
  if (parts.length === 1) {
    return diagnose('unknown-name', span, { name, near: nearest(name, libraryRoots) })
  }
  const near = nearest(name, [...exportedIn(frame), ...functions.keys()])
  return diagnose('unknown-reference', span, { name, near })
}

function exportedIn(frame: Frame): readonly string[] {
  const names = [...(frame.arguments?.keys() ?? [])].map((name) => `argument.${name}.value`)
  for (const [local, member] of frame.members) {
    if (member.kind === 'opaque' || member.kind === 'disabled') continue
    const exports =
      member.kind === 'module' ? member.exports.keys() : Object.keys(member.definition.exports)
    for (const name of exports) names.push(`${local}.${name}`)
  }
  return frame.around ? [...names, ...exportedIn(frame.around)] : names
}

/** Of a dotted path. */
function longestPrefix(path: string, members: Frame['members']): string | undefined {
  let prefix = path
  while (!members.has(prefix)) {
    const dot = prefix.lastIndexOf('.')
    if (dot < 0) return undefined
    prefix = prefix.slice(0, dot)
  }
  return prefix
}

function checkFunction(path: Path, minimum: Stability): readonly Diagnostic[] {
  const name = path.text
  const definition = functions.get(name)
  if (!definition) return []
  if (STABILITIES.indexOf(definition.stability) > STABILITIES.indexOf(minimum)) {
    return [diagnose('unstable', path.span, { name, stability: definition.stability, minimum })]
  }
  if (definition.aliasOf === undefined) return []
  return [diagnose('deprecated-function', path.span, { name, instead: definition.aliasOf })]
}
