import type { ast, Diagnostic } from '#grammar'
import type { CheckOptions } from '../check.js'
import type { DecodedBody } from '../decode-body.js'
import type { Declared } from '../modules/expand.js'
import { duplicateClaims } from './claims.js'
import { ownFunctions } from './own-functions.js'
import { unusedComponents } from './unused.js'

/** A config as the analyses see it: expanded, with its bodies decoded as far as they are known. */
export interface Linted {
  readonly files: readonly ast.File[]
  readonly nodes: readonly Declared[]
  readonly decoded: ReadonlyMap<string, DecodedBody>
  /** Ids of components whose exports something refers to. */
  readonly used: ReadonlySet<string>
}

/** What is wrong, or most likely not meant, beyond each body and wire by itself. */
export function lint(config: Linted, { environment }: CheckOptions): readonly Diagnostic[] {
  return [...duplicateClaims(config), ...(environment.strictAlloy ? ownFunctions(config) : [])]
}

/** For configs without errors: a misspelt reference is not to make its target look unused too. */
export function lintSound(config: Linted): readonly Diagnostic[] {
  return unusedComponents(config)
}
