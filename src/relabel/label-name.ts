/**
 * Which names labels may have: any text but the empty one, or those of Prometheus before version 3.
 */
export type NameRule = 'utf8' | 'legacy'

const LEGACY_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/

const REFERENCE = '\\$(?:\\{\\w+\\}|\\w)'

/** A name with references to groups in it, such as "${1}_total", that may become a legacy one. */
const LEGACY_TEMPLATE = new RegExp(`^(?:[a-zA-Z_]|${REFERENCE})(?:\\w|${REFERENCE})*$`)

export function isLabelName(name: string, rule: NameRule): boolean {
  return rule === 'legacy' ? LEGACY_NAME.test(name) : name !== ''
}

/** Whether it refers to groups of a regular expression. */
export function isTemplate(name: string): boolean {
  return name.includes('$')
}

export function isNameTemplate(text: string): boolean {
  return LEGACY_TEMPLATE.test(text)
}
