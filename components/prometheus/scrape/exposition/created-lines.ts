import { LabelScanner } from './label-scanner.js'
import { MalformedExposition } from './malformed-exposition.js'
import { toMilliseconds } from './milliseconds.js'
import { NumberReader } from './number-reader.js'
import type { MetricType } from './sink.js'
import type { TextLines } from './text-lines.js'

const SUFFIX = '_created'

/** Types that have `_created` lines, and the label that parts the lines of one metric. */
const INNER_LABEL: Partial<Record<MetricType, string>> = {
  counter: '',
  histogram: 'le',
  summary: 'quantile',
}

/**
 * When the metrics of an OpenMetrics body were created. That stands in a line of its own, before,
 * between or behind those of the metric it is about, so it is looked for ahead: to the end of the
 * family, all of which is there. Other metrics may not come between, so the next such line is the
 * one or there is none.
 */
export class CreatedLines {
  readonly #lines: TextLines
  readonly #scanner: LabelScanner
  readonly #numbers = new NumberReader()
  #family = ''
  /** The line ahead that was found; `#found` is its position, and the end where there is none. */
  #found = -1
  #foundMetric = ''
  #foundMs = Number.NaN
  /** The metric whose time is known. */
  #metric = ''
  #ms = Number.NaN

  constructor(lines: TextLines) {
    this.#lines = lines
    const rules = { isStrict: true, isSeries: true, allowsNameLabel: true }
    this.#scanner = new LabelScanner(lines.line, rules)
  }

  /** Another family begins, or more is said of this one. */
  family(name: string): void {
    this.#family = name
    this.#found = -1
    this.#metric = ''
  }

  /**
   * When the metric of the line at `pos` was created, in milliseconds: NaN where nothing says so,
   * Infinity where this line, of that value, is the one that does.
   */
  startOf(pos: number, value: number): number {
    const inner = INNER_LABEL[this.#lines.type]
    if (inner === undefined) return Number.NaN
    const name = this.#lines.name()
    const isCreated = name.endsWith(SUFFIX)
    const metric = this.#metricOf(this.#lines.scanned(), name, isCreated, inner)
    if (isCreated) {
      this.#metric = metric
      this.#ms = toMilliseconds(value)
      return Infinity
    }
    if (metric !== this.#metric) this.#look(pos, metric, inner)
    return this.#ms
  }

  #look(pos: number, metric: string, inner: string): void {
    if (pos > this.#found) this.#find(pos, inner)
    this.#metric = metric
    this.#ms = metric === this.#foundMetric ? this.#foundMs : Number.NaN
  }

  #find(pos: number, inner: string): void {
    const { bytes, limit } = this.#lines.line
    const next = bytes.indexOf('\n#', pos)
    const end = next < 0 || next > limit ? limit : next + 1
    const family = bytes.subarray(0, end)
    this.#foundMetric = ''
    for (let at = family.indexOf(SUFFIX, pos); at >= 0; ) {
      const start = family.lastIndexOf('\n', at) + 1
      if (start > pos && this.#read(start, inner)) {
        this.#found = start
        return
      }
      at = family.indexOf(SUFFIX, at + SUFFIX.length)
    }
    this.#found = end
  }

  /** Whether it is such a line. What is wrong with it is said when it is its turn. */
  #read(start: number, inner: string): boolean {
    const { bytes } = this.#lines.line
    try {
      const end = this.#scanner.series(start)
      const { name, nameEnd } = this.#scanner
      const text = bytes.toString('utf8', name, nameEnd)
      if (!text.endsWith(SUFFIX)) return false
      this.#foundMetric = this.#metricOf(this.#scanner, text, true, inner)
      this.#foundMs = toMilliseconds(this.#numbers.read(bytes, end + 1))
      return true
    } catch (error) {
      if (error instanceof MalformedExposition) return false
      throw error
    }
  }

  /** The same text for all lines of one metric. */
  #metricOf(scanner: LabelScanner, name: string, isCreated: boolean, inner: string): string {
    let metric = this.#family
    if (isCreated) metric = name.slice(0, -SUFFIX.length)
    else if (!name.startsWith(metric)) metric = name
    for (let n = 0; n < scanner.count; n++) {
      const label = scanner.nameOf(n, this.#lines.pool)
      if (label !== inner) metric += `\xff${label}\xff${scanner.valueOf(n, this.#lines.pool)}`
    }
    return metric
  }
}
