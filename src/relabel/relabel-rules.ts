import { ExportedRules } from '#sdk'
import type { RuleValues } from './rule-block.js'

/** The `rules` that a relabelling component exports. Two with equal rules are the same. */
export class RelabelRules extends ExportedRules {
  readonly rules: readonly RuleValues[]

  constructor(rules: readonly RuleValues[]) {
    super()
    this.rules = rules
  }

  override same(other: unknown): boolean {
    return other instanceof RelabelRules && textOf(this) === textOf(other)
  }
}

/** Rules hold texts, numbers and lists of texts. */
function textOf({ rules }: RelabelRules): string {
  return JSON.stringify(rules)
}
