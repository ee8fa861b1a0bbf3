/** The labels of a series, those that have a meaning of their own apart. */
export interface Series {
  readonly name: string
  readonly job: string
  readonly instance: string
  readonly scopeName: string
  readonly scopeVersion: string
  readonly le: string | undefined
  readonly quantile: string | undefined
  /** The others. */
  readonly labels: readonly (readonly [name: string, value: string])[]
}

/** Of name, value, name, value ... */
export function readSeries(pairs: readonly string[]): Series {
  const [texts, labels] = [new Map<string, string>(), [] as [string, string][]]
  for (let n = 0; n < pairs.length; n += 2) {
    if (SPECIAL.has(pairs[n]!)) texts.set(pairs[n]!, pairs[n + 1]!)
    else labels.push([pairs[n]!, pairs[n + 1]!])
  }
  const text = (name: string) => texts.get(name) ?? ''
  return {
    ...{ name: text('__name__'), job: text('job'), instance: text('instance'), labels },
    ...{ scopeName: text('otel_scope_name'), scopeVersion: text('otel_scope_version') },
    ...{ le: texts.get('le'), quantile: texts.get('quantile') },
  }
}

const SPECIAL = new Set([
  ...['__name__', 'job', 'instance', 'otel_scope_name', 'otel_scope_version', 'le', 'quantile'],
])
