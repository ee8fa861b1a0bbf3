import type { OtlpSignal } from '#pdata'
import {
  type ArgumentsOf,
  any,
  attributes,
  block,
  blocks,
  boolean,
  choice,
  integer,
  list,
  type Problem,
  type Schema,
  string,
  type,
} from '#sdk'
import { ENUMS } from '#wire'
import { regexFault, toAttributeValue } from './config-value.js'

/** By number: TRACE is 1, FATAL4 is 24. */
export const SEVERITIES = ENUMS.SeverityNumber.map((name) => name.replace('SEVERITY_NUMBER_', ''))

const attributeMatch = attributes({
  key: string({ required: true, about: 'The attribute that must be there.' }),
  value: any({
    about: 'What it must hold, any value if unset; a pattern under match_type "regexp".',
  }),
})

const library = attributes({
  name: string({ required: true, about: "The scope's name." }),
  version: string({ about: 'The scope\'s version; any by default, none for "".' }),
})

const severity = attributes({
  min: choice(SEVERITIES.slice(1), {
    required: true,
    about: 'The lowest severity that fits, from TRACE to FATAL4.',
  }),
  match_undefined: boolean({
    required: true,
    about: 'Whether log records without a severity number fit.',
  }),
})

const cache = attributes({
  cache_enabled: boolean({ default: false, about: 'Has no effect: results are not kept.' }),
  cache_max_num_entries: integer({ default: 0, about: 'Has no effect.' }),
})

const texts = (about: string) => list(type.string(), { default: [], about })

const fields = {
  match_type: choice(['strict', 'regexp'], {
    required: true,
    about: 'Whether texts are compared, or searched for RE2 regular expressions.',
  }),
  services: texts('Names of services (the resource attribute service.name), one of which fits.'),
  span_names: texts('Names of spans, one of which fits.'),
  span_kinds: texts('Kinds of spans such as "SPAN_KIND_SERVER", one of which fits.'),
  log_bodies: texts('Bodies of log records as text, one of which fits.'),
  log_severity_texts: texts('Severity texts of log records, one of which fits.'),
  metric_names: texts('Names of metrics, one of which fits.'),
  attribute: blocks(attributeMatch, {
    about: 'An attribute of the span, log record or data point; all must fit.',
  }),
  resource: blocks(attributeMatch, { about: 'An attribute of the resource; all must fit.' }),
  library: blocks(library, { about: 'An instrumentation scope; one of them must fit.' }),
  log_severity: block(severity, { about: 'Severity numbers of log records.' }),
  regexp: block(cache, { about: "Alloy's cache for regular expressions." }),
}

export type MatchArguments = ArgumentsOf<Schema<typeof fields>>

export const matchArguments = attributes(fields, checkMatch)

type Criterion = keyof Omit<MatchArguments, 'match_type' | 'regexp'>

const EVERYWHERE: readonly Criterion[] = ['services', 'attribute', 'resource', 'library']

/** What can tell apart the items of each signal. */
const CRITERIA: Readonly<Record<OtlpSignal, readonly Criterion[]>> = {
  traces: [...EVERYWHERE, 'span_names', 'span_kinds'],
  metrics: [...EVERYWHERE, 'metric_names'],
  logs: [...EVERYWHERE, 'log_bodies', 'log_severity_texts', 'log_severity'],
}

/** What the peer refuses beside a signal, for it would never fit. */
const MISPLACED: Readonly<Record<OtlpSignal, readonly Criterion[]>> = {
  traces: ['log_bodies', 'log_severity_texts', 'log_severity'],
  metrics: [],
  logs: ['span_names', 'span_kinds'],
}

/** Faults that depend on which signals pass through the component. */
export function checkSignals(
  name: 'include' | 'exclude',
  values: MatchArguments,
  signals: readonly OtlpSignal[],
): readonly Problem[] {
  const isSet = (criterion: Criterion) => {
    const value = values[criterion]
    return Array.isArray(value) ? value.length > 0 : value !== undefined
  }
  return signals.flatMap((signal) => {
    const misplaced = MISPLACED[signal].filter(isSet).map((criterion) => ({
      path: [name, criterion],
      message: `${criterion} does not apply to ${signal}, which output sends on`,
      help: `use a component of its own for ${signal}`,
    }))
    if (misplaced.length > 0 || CRITERIA[signal].some(isSet)) return misplaced
    return [
      {
        path: [name],
        message: `${name} tells no ${signal} apart, which output sends on`,
        help: `add one of ${CRITERIA[signal].join(', ')}`,
      },
    ]
  })
}

function checkMatch(values: MatchArguments): readonly Problem[] {
  return [...checkPatterns(values), ...checkKinds(values), ...checkValues(values)]
}

function checkPatterns(values: MatchArguments): readonly Problem[] {
  if (values.match_type !== 'regexp') return []
  const patterns: [path: (string | number)[], pattern: string][] = []
  for (const [name, value] of Object.entries(values)) {
    if (!Array.isArray(value) || typeof value[0] !== 'string') continue
    patterns.push(...value.map((one, n) => [[name, n], one] as [(string | number)[], string]))
  }
  for (const [n, { name, version }] of values.library.entries()) {
    patterns.push([['library', n, 'name'], name], [['library', n, 'version'], version ?? ''])
  }
  for (const name of ['attribute', 'resource'] as const) {
    for (const [n, { value }] of values[name].entries()) {
      if (typeof value === 'string') patterns.push([[name, n, 'value'], value])
    }
  }
  return patterns.flatMap(([path, pattern]) => {
    const fault = regexFault(pattern)
    return fault ? [{ path, message: `"${pattern}" is no RE2 regular expression: ${fault}` }] : []
  })
}

function checkKinds({ match_type, span_kinds }: MatchArguments): readonly Problem[] {
  const kinds = ENUMS.SpanKind.slice(1)
  if (match_type !== 'strict') return []
  return span_kinds.flatMap((kind, n) => {
    if (kinds.includes(kind)) return []
    const help = `use one of ${kinds.join(', ')}`
    return [{ path: ['span_kinds', n], message: `"${kind}" is no span kind`, help }]
  })
}

function checkValues(values: MatchArguments): readonly Problem[] {
  return (['attribute', 'resource'] as const).flatMap((name) =>
    values[name].flatMap(({ key, value }, n) => {
      const problems: Problem[] = []
      if (key === '') problems.push({ path: [name, n, 'key'], message: 'key must not be empty' })
      if (value === undefined || value === null) return problems
      if (toAttributeValue(value) === undefined) {
        const message = 'value must be a string, a number, a boolean, or a list or object of them'
        problems.push({ path: [name, n, 'value'], message })
      } else if (values.match_type === 'regexp' && typeof value !== 'string') {
        const message = 'value must be a string under match_type "regexp"'
        problems.push({ path: [name, n, 'value'], message })
      }
      return problems
    }),
  )
}
