import type { Program } from '#config'
import { draft } from './plan.js'

/**
 * The arguments of each node by its id, as far as they can be told without starting anything:
 * undefined where they need what only a started component knows, or are faulty.
 */
export function plannedValues(program: Program): ReadonlyMap<string, object | undefined> {
  const drafts = draft(program, { instances: new Map(), ports: new Map() })
  return new Map([...drafts].map(([id, { values }]) => [id, values]))
}
