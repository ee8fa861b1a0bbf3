/**
 * The agent's own metrics, already marked with the component's id; they vanish with the component.
 */
export interface Meter {
  /** `name` without the `_total` suffix that exposition adds. */
  counter(name: string, about: string, labels?: Labels): Counter
  gauge(name: string, about: string, labels?: Labels): Gauge
  histogram(name: string, about: string, bounds: readonly number[], labels?: Labels): Histogram
  /** A counter read when scraped, for figures kept elsewhere. */
  observeCounter(name: string, about: string, read: () => number, labels?: Labels): void
  /** A gauge read when scraped. */
  observeGauge(name: string, about: string, read: () => number, labels?: Labels): void
}

export type Labels = Readonly<Record<string, string>>

export interface Counter {
  add(amount: number): void
}

export interface Gauge {
  set(value: number): void
}

export interface Histogram {
  record(value: number): void
}
