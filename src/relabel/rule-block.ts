import {
  type ArgumentsOf,
  attributes,
  type BlockField,
  blocks,
  choice,
  integer,
  list,
  type Problem,
  type Schema,
  string,
  type,
} from '#sdk'
import { isLabelName, isNameTemplate, isTemplate } from './label-name.js'
import { PATTERN_DEFAULT, patternFault } from './pattern.js'

const ACTIONS = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const

const SEPARATOR_DEFAULT = ';'
const REPLACEMENT_DEFAULT = '$1'

const fields = {
  source_labels: list(type.string(), { about: 'Labels whose values are looked at.' }),
  separator: string({ default: SEPARATOR_DEFAULT, about: 'What stands between these values.' }),
  regex: string({
    default: PATTERN_DEFAULT,
    about: 'An RE2 expression for all of the value, or of the name with labelmap and the like.',
    check: (text) => {
      const fault = patternFault(text)
      return fault === undefined ? undefined : `an RE2 regular expression (${fault})`
    },
  }),
  modulus: integer({ default: 0, min: 0, about: 'What hashmod divides by.' }),
  target_label: string({ default: '', about: 'The label that is set or compared with.' }),
  replacement: string({
    default: REPLACEMENT_DEFAULT,
    about: 'The value to set, or with labelmap the name; $1 is the first group of regex.',
  }),
  action: choice(ACTIONS, { default: 'replace', about: 'What the rule does.' }),
}

/** A `rule` block, decoded. */
export type RuleValues = ArgumentsOf<Schema<typeof fields>>

/** The `rule` blocks of a relabelling component, in the order they are applied. */
export function ruleBlocks(): BlockField<readonly RuleValues[]> {
  return blocks(attributes(fields, checkRule), {
    about: 'One step of relabelling; steps follow each other.',
  })
}

type Action = RuleValues['action']

const NEED_TARGET: readonly Action[] = [
  'replace',
  'keepequal',
  'dropequal',
  'hashmod',
  'lowercase',
  'uppercase',
]
const NEVER_REPLACE: readonly Action[] = ['lowercase', 'uppercase']
const LABELS_ONLY: readonly Action[] = ['keepequal', 'dropequal']
const REGEX_ONLY: readonly Action[] = ['labeldrop', 'labelkeep']

type Name = keyof RuleValues

/** What the fields of a rule must be together. */
export function checkRule(values: RuleValues): readonly Problem[] {
  const { action, target_label: target, replacement, modulus } = values
  if (action === 'hashmod' && modulus === 0) {
    return [{ path: ['modulus'], message: 'hashmod needs a modulus above 0' }]
  }
  if (NEED_TARGET.includes(action) && !isTarget(target, action)) {
    const message =
      target === ''
        ? `the action "${action}" needs target_label`
        : `"${target}" is no name of a label that "${action}" could set`
    return [{ path: ['target_label'], message }]
  }
  if (action === 'labelmap' && !isNameTemplate(replacement)) {
    return [{ path: ['replacement'], message: `"${replacement}" is no name of a label` }]
  }
  const extra = extraFields(values)[0]
  if (extra === undefined) return []
  return [{ path: [extra], message: `the action "${action}" does not take ${extra}` }]
}

/** Only `replace` may make up names. */
function isTarget(name: string, action: Action): boolean {
  return action === 'replace' && isTemplate(name) ? isNameTemplate(name) : isLabelName(name, 'utf8')
}

/** What is set though the action has no use for it. Others are left out as Prometheus does. */
function extraFields(values: RuleValues): readonly Name[] {
  const { action } = values
  const isSet: Readonly<Partial<Record<Name, boolean>>> = {
    source_labels: values.source_labels !== undefined,
    separator: values.separator !== SEPARATOR_DEFAULT,
    regex: values.regex !== PATTERN_DEFAULT,
    modulus: values.modulus !== 0,
    target_label: values.target_label !== '',
    replacement: values.replacement !== REPLACEMENT_DEFAULT,
  }
  const among = (...names: readonly Name[]) => names.filter((name) => isSet[name])
  if (NEVER_REPLACE.includes(action)) return among('replacement')
  if (LABELS_ONLY.includes(action)) return among('regex', 'modulus', 'separator', 'replacement')
  if (!REGEX_ONLY.includes(action)) return []
  return among('source_labels', 'target_label', 'modulus', 'separator', 'replacement')
}
