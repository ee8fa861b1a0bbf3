/** Rates of components between two looks, as a table. */
import { columns } from './columns.js'

/** What the admin API says of a component, as far as it is used here. */
export interface Seen {
  readonly id: string
  readonly health: { readonly state: string; readonly message?: string }
  readonly ledger: Readonly<Record<string, Counts>>
}

interface Counts {
  readonly entered: number
  readonly left: number
  readonly held: number
  readonly refused: number
  readonly dropped: Readonly<Record<string, number>>
}

interface Row {
  readonly id: string
  readonly signal: string
  readonly inRate: number
  readonly outRate: number
  readonly dropRate: number
  readonly held: number
  readonly state: string
  readonly message: string
}

export interface TableOptions {
  /** Between the looks. */
  readonly seconds: number
  /** Also what has neither moved nor holds anything. */
  readonly all: boolean
  /** The busiest so many; the rest is counted. */
  readonly rowsMax: number
}

const HEAD = ['COMPONENT', 'SIGNAL', 'IN/S', 'OUT/S', 'DROP/S', 'HELD', 'HEALTH']

export function topTable(
  before: readonly Seen[],
  now: readonly Seen[],
  { seconds, all, rowsMax }: TableOptions,
): string {
  const earlier = new Map(before.map((one) => [one.id, one]))
  const rows = now
    .flatMap((one) => rowsOf(one, earlier.get(one.id), seconds))
    .filter((row) => all || isWorthARow(row))
    .toSorted((a, b) => urgency(b) - urgency(a) || b.inRate + b.outRate - a.inRate - a.outRate)
  const shown = rows.slice(0, rowsMax)
  const cells = shown.map((row) => [
    row.id,
    row.signal,
    rateText(row.inRate),
    rateText(row.outRate),
    rateText(row.dropRate),
    String(row.held),
    row.state === 'healthy' ? row.state : `${row.state}: ${row.message}`,
  ])
  const rest = rows.length - shown.length
  const more = rest > 0 ? `and ${rest} more\n` : ''
  const none = rows.length === 0 ? 'nothing moves\n' : ''
  return `${columns([HEAD, ...cells]).replace(/^ {2}/gm, '')}${more}${none}`
}

/** A component that was not there before, or has started again, counts from nothing. */
function rowsOf(one: Seen, before: Seen | undefined, seconds: number): readonly Row[] {
  const { id, health } = one
  return Object.entries(one.ledger).map(([signal, counts]) => {
    const earlier = before?.ledger[signal]
    const rate = (of: (counts: Counts) => number) => {
      const now = of(counts)
      const then = earlier ? of(earlier) : 0
      return Math.max(0, now < then ? now : now - then) / seconds
    }
    return {
      id,
      signal,
      inRate: rate(({ entered }) => entered),
      outRate: rate(({ left }) => left),
      dropRate: rate(droppedOf),
      held: counts.held,
      state: health.state,
      message: health.message ?? '',
    }
  })
}

function droppedOf({ dropped }: Counts): number {
  return Object.values(dropped).reduce((sum, items) => sum + items, 0)
}

function isWorthARow({ inRate, outRate, dropRate, held, state }: Row): boolean {
  return inRate + outRate + dropRate + held > 0 || state !== 'healthy'
}

/** What loses data first, then what is ill. */
function urgency({ dropRate, state }: Row): number {
  return (dropRate > 0 ? 2 : 0) + (state === 'healthy' ? 0 : 1)
}

function rateText(rate: number): string {
  if (rate === 0) return '-'
  if (rate >= 1e6) return `${(rate / 1e6).toFixed(1)}M`
  if (rate >= 1e4) return `${(rate / 1e3).toFixed(1)}k`
  return rate >= 100 ? String(Math.round(rate)) : rate.toFixed(1)
}
