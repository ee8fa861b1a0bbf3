import type { ast, Diagnostic, Note, Span } from '#grammar'
import type { Definition } from '#sdk'
import type { Binding } from './binding.js'
import type { Lexical } from './lexical.js'

/** What a name inside a body stands for, beside bindings. */
export type Member =
  | { readonly kind: 'component'; readonly id: string; readonly definition: Definition }
  | { readonly kind: 'module'; readonly exports: ReadonlyMap<string, Binding> }
  /** It is broken, or its import has not been read: nothing is known of it. */
  | { readonly kind: 'opaque' }
  /** `enabled` is false: it does not exist. */
  | { readonly kind: 'disabled'; readonly at: Span }

/**
 * One body in use: the config itself, an instance of a module, a template for one item. Names in
 * its expressions are looked for in it.
 */
export interface Frame {
  /** Before the ids of what is in it: "", "my_module.label/". */
  readonly prefix: string
  readonly lexical: Lexical
  /** What a template is in; a module sees nothing of what is around it. */
  readonly around: Frame | undefined
  /** By name and label. */
  readonly members: Map<string, Member>
  /** Undefined where there can be none of its own. */
  readonly arguments: ReadonlyMap<string, Binding> | undefined
  readonly variable: { readonly name: string; readonly binding: Binding } | undefined
  /** For diagnostics about what is in it: which instance it is, and where it was imported. */
  readonly notes: readonly Note[]
  /** Only checked, never run: a module nobody uses, a template without an item. */
  readonly isPhantom: boolean
  /** It was imported and nobody uses it: what is wrong with it is only a warning. */
  readonly isIdle: boolean
  /** Declare blocks that it is inside of, outermost first. */
  readonly modules: readonly ast.Block[]
}

export const OPAQUE: Member = { kind: 'opaque' }

/** A frame of its own, with nothing in it yet. */
export function frameOf(lexical: Lexical, given: Partial<Frame> & { prefix: string }): Frame {
  return {
    lexical,
    around: undefined,
    members: new Map(),
    arguments: undefined,
    variable: undefined,
    notes: [],
    isPhantom: false,
    isIdle: false,
    modules: [],
    ...given,
  }
}

const NOTES_MAX = 6

/** A diagnostic about something in a frame, with where that is. */
export function inFrame({ notes, isIdle }: Frame, diagnostic: Diagnostic): Diagnostic {
  if (notes.length === 0 && !isIdle) return diagnostic
  return {
    ...diagnostic,
    severity: isIdle ? 'warning' : diagnostic.severity,
    notes: [...diagnostic.notes, ...notes].slice(0, NOTES_MAX),
  }
}
