import type { ast, Diagnostic, Span } from '#grammar'
import type { CheckOptions } from '../check.js'
import type { DecodedBody } from '../decode-body.js'
import type { Linked } from '../link.js'
import { duplicateClaims } from './claims.js'
import { disabledReferences } from './disabled.js'
import { ownLanguage } from './own-language.js'
import { unusedArguments, unusedComponents } from './unused.js'

/** A config as the analyses see it: linked, with its bodies decoded as far as they are known. */
export interface Linted {
  readonly files: readonly ast.File[]
  readonly nodes: readonly Linked[]
  readonly decoded: ReadonlyMap<string, DecodedBody>
  readonly disabled: ReadonlyMap<string, Span>
}

/** What is wrong, or most likely not meant, beyond each body and wire by itself. */
export function lint(config: Linted, options: CheckOptions): readonly Diagnostic[] {
  return [
    ...disabledReferences(config),
    ...unusedArguments(config.files),
    ...duplicateClaims(config),
    ...(options.strictAlloy ? ownLanguage(config, options.registry) : []),
  ]
}

/** For configs without errors: a misspelt reference is not to make its target look unused too. */
export function lintSound({ nodes, files }: Linted): readonly Diagnostic[] {
  return unusedComponents(nodes, files)
}
