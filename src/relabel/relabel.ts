import { hash } from 'node:crypto'
import { changeCase } from '#sdk'
import { isLabelName, isTemplate, type NameRule } from './label-name.js'
import { LabelEditor, type Labels } from './labels.js'
import { Memo } from './memo.js'
import { PATTERN_DEFAULT, Pattern } from './pattern.js'
import type { RuleValues } from './rule-block.js'
import { Template } from './template.js'

/** A rule, compiled. False: the whole set is dropped. */
export type Rule = (labels: LabelEditor) => boolean

/** What a rule remembers of label names and values it has seen, at most. */
const SEEN_MAX = 1024
/** Longer values come too seldom again, and are too much to remember. */
const SEEN_LENGTH_MAX = 256

/** In one thread nobody else edits while a set is relabelled. */
const editor = new LabelEditor()

/**
 * Applies the rules in their order; undefined when one of them drops the set. Gives back `labels`
 * itself where nothing changes.
 */
export function relabel(rules: readonly Rule[], labels: Labels): Labels | undefined {
  editor.begin(labels)
  for (const rule of rules) if (!rule(editor)) return undefined
  return editor.finish()
}

/**
 * Compiles the blocks of a config, which `checkRule` has nothing against. `names` is what a label
 * that `replace` makes from a template may be called; others are not made.
 */
export function compileRules(
  rules: readonly RuleValues[],
  names: NameRule = 'utf8',
): readonly Rule[] {
  return rules.map((rule) => compileRule(rule, names))
}

function compileRule(rule: RuleValues, names: NameRule): Rule {
  const { action, target_label: target } = rule
  const read = reader(rule)
  switch (action) {
    case 'replace':
      return replace(rule, names)
    case 'keep':
    case 'drop': {
      const matches = matcher(rule)
      const kept = action === 'keep'
      return (labels) => matches(read(labels)) === kept
    }
    case 'keepequal':
      return (labels) => labels.get(target) === read(labels)
    case 'dropequal':
      return (labels) => labels.get(target) !== read(labels)
    case 'hashmod': {
      const modulus = BigInt(rule.modulus)
      const hashed = remembered((value) => hashMod(value, modulus))
      return edit((labels) => labels.set(target, hashed(read(labels))))
    }
    case 'lowercase':
      return edit((labels) => labels.set(target, changeCase(read(labels), 'lower')))
    case 'uppercase':
      return edit((labels) => labels.set(target, changeCase(read(labels), 'upper')))
    case 'labelmap':
      return labelMap(rule)
    case 'labeldrop':
    case 'labelkeep': {
      const matches = matcher(rule)
      const keeps = action === 'labelkeep' ? matches : (name: string) => !matches(name)
      return edit((labels) => labels.filter(keeps))
    }
  }
}

function edit(work: (labels: LabelEditor) => void): Rule {
  return (labels) => {
    work(labels)
    return true
  }
}

/** The values of the source labels, joined. */
function reader(rule: RuleValues): (labels: LabelEditor) => string {
  const { source_labels: names = [], separator } = rule
  const [first = '', ...others] = names
  if (names.length === 0) return () => ''
  if (others.length === 0) return (labels) => labels.get(first)
  return (labels) => {
    let joined = labels.get(first)
    for (const name of others) joined += separator + labels.get(name)
    return joined
  }
}

/** A label to set; an empty name for one that is none. */
interface Assignment {
  readonly name: string
  readonly value: string
}

const NOTHING: Assignment = { name: '', value: '' }

function replace(rule: RuleValues, names: NameRule): Rule {
  const read = reader(rule)
  const pattern = new Pattern(rule.regex)
  const target = new Template(rule.target_label, pattern.groupNames)
  const replacement = new Template(rule.replacement, pattern.groupNames)
  const isFixed = !isTemplate(rule.target_label)
  if (isFixed && rule.regex === PATTERN_DEFAULT) {
    const groups = ['', '']
    return edit((labels) => {
      groups.fill(read(labels))
      labels.set(rule.target_label, replacement.expand(groups))
    })
  }
  const assignment = remembered((value): Assignment => {
    const groups = pattern.groups(value)
    if (!groups) return NOTHING
    const name = target.expand(groups)
    if (!isFixed && !isLabelName(name, names)) return NOTHING
    return { name, value: replacement.expand(groups) }
  })
  return edit((labels) => {
    const { name, value } = assignment(read(labels))
    if (name !== '') labels.set(name, value)
  })
}

/** Copies; what it copies to does not go through the rule again. */
function labelMap(rule: RuleValues): Rule {
  const pattern = new Pattern(rule.regex)
  const replacement = new Template(rule.replacement, pattern.groupNames)
  const copyName = remembered((name) => {
    const groups = pattern.groups(name)
    return groups ? replacement.expand(groups) : ''
  })
  return edit((labels) => {
    const before = labels.current
    let copies: string[] | undefined
    for (let at = 0; at < before.length; at += 2) {
      const name = copyName(before[at]!)
      if (name === '') continue
      copies ??= []
      copies.push(name, before[at + 1]!)
    }
    if (!copies) return
    for (let at = 0; at < copies.length; at += 2) labels.set(copies[at]!, copies[at + 1]!)
  })
}

/** The last 8 bytes of the MD5, as Prometheus takes them, modulo. */
function hashMod(value: string, modulus: bigint): string {
  const digest = hash('md5', value, 'hex')
  return String(BigInt(`0x${digest.slice(16)}`) % modulus)
}

function matcher(rule: RuleValues): (text: string) => boolean {
  const pattern = new Pattern(rule.regex)
  return remembered((text) => pattern.test(text))
}

/** `work`, which is done once for texts that come again and again. */
function remembered<T>(work: (text: string) => T): (text: string) => T {
  const memo = new Memo<{ readonly result: T }>(SEEN_MAX)
  return (text) => {
    const known = memo.get(text)
    if (known) return known.result
    const result = work(text)
    if (text.length <= SEEN_LENGTH_MAX) memo.set(text, { result })
    return result
  }
}
