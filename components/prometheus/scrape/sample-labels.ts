/** From the labels that a target wrote to those of the sample. */

export type NameScheme = 'legacy' | 'utf8'

const LEGACY_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const LEGACY_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/

export interface LabelLimits {
  /** 0 for none, in each. */
  readonly label_limit: number
  readonly label_name_length_limit: number
  readonly label_value_length_limit: number
}

export function isSampleLabel(name: string, scheme: NameScheme): boolean {
  return scheme === 'legacy' ? LEGACY_LABEL.test(name) : name !== ''
}

/**
 * Adds the labels of the target to `labels` (name, value, ...). Where both have one, that of the
 * target wins, and what was written is called `exported_` and its name; with `honorLabels` what was
 * written wins.
 */
export function addTargetLabels(
  labels: string[],
  target: ReadonlyMap<string, string>,
  honorLabels: boolean,
): void {
  const written = labels.length
  for (const [name, value] of target) {
    const at = placeOf(labels, name)
    if (at < 0 || at >= written) labels.push(name, value)
    else if (!honorLabels) {
      const before = labels[at + 1]!
      labels[at + 1] = value
      labels.push(exportedName(name, labels, target), before)
    }
  }
}

function exportedName(
  name: string,
  labels: readonly string[],
  target: ReadonlyMap<string, string>,
): string {
  let exported = `exported_${name}`
  while (placeOf(labels, exported) >= 0 || target.has(exported)) exported = `exported_${exported}`
  return exported
}

function placeOf(labels: readonly string[], name: string): number {
  for (let at = 0; at < labels.length; at += 2) if (labels[at] === name) return at
  return -1
}

/** Why a sample cannot have these labels, or undefined. */
export function labelFault(
  labels: readonly string[],
  scheme: NameScheme,
  limits: LabelLimits,
): string | undefined {
  const at = placeOf(labels, '__name__')
  const metric = at < 0 ? '' : labels[at + 1]!
  if (metric === '') return 'a sample has no name'
  if (scheme === 'legacy' && !LEGACY_METRIC.test(metric)) {
    return `${shown(metric)} is no name of a metric under metric_name_validation_scheme "legacy"`
  }
  for (let n = 0; n < labels.length; n += 2) {
    if (!isSampleLabel(labels[n]!, scheme)) {
      return `${shown(labels[n]!)} of ${shown(metric)} is no name of a label`
    }
  }
  return limitFault(labels, metric, limits)
}

function limitFault(
  labels: readonly string[],
  metric: string,
  limits: LabelLimits,
): string | undefined {
  const count = labels.length / 2
  const { label_limit: countMax, label_name_length_limit: nameMax } = limits
  const { label_value_length_limit: valueMax } = limits
  if (countMax > 0 && count > countMax) {
    return `a series of ${shown(metric)} has ${count} labels, and label_limit is ${countMax}`
  }
  if (nameMax === 0 && valueMax === 0) return undefined
  for (let n = 0; n < labels.length; n += 2) {
    const [name, value] = [labels[n]!, labels[n + 1]!]
    const [nameBytes, valueBytes] = [Buffer.byteLength(name), Buffer.byteLength(value)]
    if (nameMax > 0 && nameBytes > nameMax) {
      const text = `a label of ${shown(metric)} has a name of ${nameBytes} bytes`
      return `${text}, and label_name_length_limit is ${nameMax}`
    }
    if (valueMax > 0 && valueBytes > valueMax) {
      const text = `${shown(name)} of ${shown(metric)} has a value of ${valueBytes} bytes`
      return `${text}, and label_value_length_limit is ${valueMax}`
    }
  }
  return undefined
}

function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text)
}
