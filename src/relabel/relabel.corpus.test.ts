/** What Prometheus and Alloy make of label sets, and which rules they refuse. */
import { describe, expect, test } from 'vitest'
import { attributes, defineExtension } from '#sdk'
import { argumentsOf, corpus } from '#support'
import { isNameTemplate } from './label-name.js'
import { labelsOf } from './labels.js'
import { compileRules, relabel } from './relabel.js'
import { checkRule, type RuleValues, ruleBlocks } from './rule-block.js'

interface Case {
  readonly id: string
  readonly input: Readonly<Record<string, string>>
  readonly drop: boolean
  readonly output: Readonly<Record<string, string>> | null
  /** The rules as the blocks of a component. */
  readonly alloyRules: string
}

interface Validation {
  readonly id: string
  /** What is not in it is empty, not the default. */
  readonly rule: Partial<RuleValues>
  readonly nameValidation: 'utf8' | 'legacy' | null
  readonly errorContains: string | null
}

interface RelabelCorpus {
  readonly cases: readonly Case[]
  readonly validate: readonly Validation[]
  readonly targetLabels: readonly { readonly targetLabel: string; readonly validLegacy: boolean }[]
}

const component = defineExtension({
  name: 'test.relabel',
  stability: 'generally-available',
  about: 'Has rules.',
  schema: attributes({ rule: ruleBlocks() }),
  exports: {},
  create: () => ({ stop: async () => {} }),
})

for (const peer of ['alloy', 'prometheus']) {
  const recorded = corpus<RelabelCorpus>(`relabel/${peer}.json`)
  describe.runIf(recorded)(peer, () => {
    test.each(recorded?.cases ?? [])('$id', ({ input, drop, output, alloyRules }) => {
      const { rule } = argumentsOf(component, alloyRules) as { rule: readonly RuleValues[] }
      const found = relabel(compileRules(rule), labelsOf(Object.entries(input)))
      expect(found).toEqual(drop ? undefined : labelsOf(Object.entries(output!)))
    })

    // How names may be is told by us, as Alloy does, and not by the config.
    const validations = recorded?.validate.filter((one) => one.nameValidation !== 'legacy') ?? []
    test.each(validations)('$id', ({ rule, errorContains }) => {
      expect(checkRule({ ...EMPTY, ...rule }).length > 0).toBe(errorContains !== null)
    })

    test.each(recorded?.targetLabels ?? [])('the name $targetLabel', (one) => {
      expect(isNameTemplate(one.targetLabel)).toBe(one.validLegacy)
    })
  })
}

/** What Prometheus checks with where a test sets nothing; its texts are compared with defaults. */
const EMPTY: RuleValues = {
  source_labels: undefined,
  separator: ';',
  regex: '(.*)',
  modulus: 0,
  target_label: '',
  replacement: '$1',
  action: 'replace',
}
