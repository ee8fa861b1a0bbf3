import { type Diagnostic, diagnose } from '#grammar'
import { functions } from '../functions/index.js'
import { pathsIn } from '../references.js'
import type { Linted } from './lint.js'

/** Uses of functions that this language has and Alloy's has not. */
export function ownFunctions({ files }: Linted): readonly Diagnostic[] {
  return files.flatMap(({ body }) =>
    pathsIn(body).flatMap(({ text: name, span }) => {
      if (functions.get(name)?.inAlloy !== false) return []
      return [diagnose('not-in-alloy', span, { what: `the function ${name}` })]
    }),
  )
}
