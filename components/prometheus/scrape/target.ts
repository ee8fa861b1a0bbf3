import { createHash } from 'node:crypto'
import { formatDuration, parseDuration, type Target } from '#sdk'
import { isSampleLabel, type NameScheme } from './sample-labels.js'

/** What holds for targets that say nothing else. */
export interface TargetDefaults {
  readonly job_name: string | undefined
  readonly scheme: string
  readonly metrics_path: string
  readonly params: ReadonlyMap<string, readonly string[]>
  readonly scrape_interval: number
  readonly scrape_timeout: number
  readonly metric_name_validation_scheme: NameScheme
}

/** One thing to scrape. */
export interface ScrapeTarget {
  /** The same for targets with the same labels and address. */
  readonly key: string
  /** From 0 up to, not including, 1: where in the interval it is scraped. */
  readonly offset: number
  /** Labels of all its samples, without the ones that begin with "__". */
  readonly labels: ReadonlyMap<string, string>
  readonly url: URL
  readonly intervalMs: number
  readonly timeoutMs: number
}

const PARAM = '__param_'

/**
 * What a map of labels stands for. Labels of the config that begin with "__" say how it is scraped,
 * and are not on its samples. A text says why it is no target.
 */
export function scrapeTarget(given: Target, defaults: TargetDefaults): ScrapeTarget | string {
  const get = (name: string, otherwise: string) => given.get(name) || otherwise
  const address = given.get('__address__') ?? ''
  if (address === '') return 'it has no label __address__'
  if (address.includes('/')) return `its address "${address}" has a "/" in it`
  const url = urlOf(given, address, get, defaults)
  if (!url) return `its address "${address}" is none that HTTP has`
  const intervalMs = durationOf(given.get('__scrape_interval__'), defaults.scrape_interval)
  const timeoutMs = durationOf(given.get('__scrape_timeout__'), defaults.scrape_timeout)
  if (!intervalMs) return 'its __scrape_interval__ is no duration above 0'
  if (!timeoutMs) return 'its __scrape_timeout__ is no duration above 0'
  if (timeoutMs > intervalMs) {
    const [timeout, interval] = [formatDuration(timeoutMs), formatDuration(intervalMs)]
    return `its timeout of ${timeout} is longer than its interval of ${interval}`
  }
  const labels = new Map<string, string>()
  for (const [name, value] of given) {
    if (name.startsWith('__') || value === '') continue
    if (!isSampleLabel(name, defaults.metric_name_validation_scheme)) {
      return `its label "${name}" has a name that no label may have`
    }
    labels.set(name, value)
  }
  const job = defaults.job_name ?? ''
  if (!labels.has('job') && job !== '') labels.set('job', job)
  if (!labels.has('instance')) labels.set('instance', address)
  const key = JSON.stringify([url.href, [...labels].sort()])
  return { key, offset: offsetOf(key), labels, url, intervalMs, timeoutMs }
}

function urlOf(
  given: Target,
  address: string,
  get: (name: string, otherwise: string) => string,
  { scheme, metrics_path: path, params }: TargetDefaults,
): URL | undefined {
  const protocol = get('__scheme__', scheme)
  const text = `${protocol}://${address}`
  if (!/^https?$/.test(protocol) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const whole = get('__metrics_path__', path)
  const [, pathname = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(whole)!
  url.pathname = pathname
  url.search = query
  for (const [name, values] of params) for (const one of values) url.searchParams.append(name, one)
  for (const [name, value] of given) {
    if (!name.startsWith(PARAM)) continue
    const param = name.slice(PARAM.length)
    const [, ...others] = url.searchParams.getAll(param)
    url.searchParams.delete(param)
    for (const one of [value, ...others]) url.searchParams.append(param, one)
  }
  return url
}

/** Undefined where it is none. */
function durationOf(text: string | undefined, otherwise: number): number | undefined {
  if (!text) return otherwise
  const ms = parseDuration(text) ?? 0
  return ms >= 1 ? ms : undefined
}

function offsetOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32LE(0) / 2 ** 32
}
