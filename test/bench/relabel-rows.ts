/** Relabelling: series of many targets through ten rules, and through the cache before them. */
import { compileRules, LabelCache, type Labels, labelsOf, type RuleValues, relabel } from '#relabel'
import { median, type Row } from './rows.js'

const TARGETS = 50
const SERIES_PER_TARGET = 400
const UNCACHED_MIN = 60_000
const CACHED_MIN = 500_000

/** As configs have them: what a target is called, what is not wanted, what is renamed. */
const RULES: readonly Partial<RuleValues>[] = [
  { action: 'keep', source_labels: ['namespace'], regex: 'prod|staging' },
  { action: 'drop', source_labels: ['__name__'], regex: 'go_(gc|memstats)_.*' },
  { source_labels: ['instance'], regex: '([^:]+)(?::\\d+)?', target_label: 'host' },
  { source_labels: ['namespace', 'pod'], separator: '/', target_label: 'job' },
  { source_labels: ['pod'], regex: '(.+)-[a-z0-9]+-[a-z0-9]+', target_label: 'deployment' },
  { source_labels: ['path'], regex: '/api/v[0-9]+/([^/]+)/.*', target_label: 'resource' },
  { target_label: 'cluster', replacement: 'eu-1' },
  { action: 'hashmod', source_labels: ['instance'], modulus: 16, target_label: 'shard' },
  { action: 'labelmap', regex: 'label_(.+)' },
  { action: 'labeldrop', regex: 'label_.*|pod_template_hash' },
]

const DEFAULTS: RuleValues = {
  source_labels: undefined,
  separator: ';',
  regex: '(.*)',
  modulus: 0,
  target_label: '',
  replacement: '$1',
  action: 'replace',
}

export function relabelRows(rounds: number): readonly Row[] {
  const sets = sampleSets()
  return [uncachedRow(sets, rounds), cachedRow(sets, rounds)]
}

function uncachedRow(sets: readonly Labels[], rounds: number): Row {
  const rules = compileRules(RULES.map((rule) => ({ ...DEFAULTS, ...rule })))
  const perSecond = rateOf(sets.length, rounds, () => {
    for (const labels of sets) relabel(rules, labels)
  })
  return rowOf(`label sets through ${rules.length} rules, uncached`, perSecond, UNCACHED_MIN, sets)
}

function cachedRow(sets: readonly Labels[], rounds: number): Row {
  const keys = sets.map((labels) => Buffer.from(labels.join('\xff')))
  const cache = new LabelCache<Labels>(sets.length, 1)
  for (const [n, key] of keys.entries()) cache.set(key, 0, key.length, sets[n]!)
  const perSecond = rateOf(sets.length, rounds, () => {
    for (const key of keys) {
      if (!cache.get(key, 0, key.length)) throw new Error('not in the cache')
    }
  })
  return rowOf('label sets found in the cache', perSecond, CACHED_MIN, sets)
}

function rowOf(name: string, perSecond: number, least: number, sets: readonly Labels[]): Row {
  return {
    name,
    value: `${Math.round(perSecond / 1000)} k/s`,
    limit: `>= ${least / 1000} k/s`,
    note: `${sets.length.toLocaleString('en')} series of ${TARGETS} targets`,
    ok: perSecond >= least,
  }
}

/** Per second of CPU time, median of the rounds; the first makes the code warm. */
function rateOf(items: number, rounds: number, run: () => void): number {
  run()
  const rates: number[] = []
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    rates.push((items * 1e6) / (user + system))
  }
  return median(rates)
}

/** Each series has a path of its own; the rest is shared by target or by name. */
function sampleSets(): readonly Labels[] {
  const sets: Labels[] = []
  for (let target = 0; target < TARGETS; target++) {
    for (let series = 0; series < SERIES_PER_TARGET; series++) {
      sets.push(
        labelsOf([
          ['__name__', `http_requests_${series % 40}_total`],
          ['code', String(200 + (series % 5))],
          ['container', 'app'],
          ['instance', `10.0.0.${target}:9090`],
          ['label_app', `app-${target % 7}`],
          ['label_team', 'platform'],
          ['method', series % 2 ? 'GET' : 'POST'],
          ['namespace', target % 2 ? 'prod' : 'staging'],
          ['node', `node-${target % 9}`],
          ['path', `/api/v1/orders/${target}-${series}`],
          ['pod', `app-${target % 7}-5f6d7c8b9-x${target}`],
          ['pod_template_hash', '5f6d7c8b9'],
        ]),
      )
    }
  }
  return sets
}
