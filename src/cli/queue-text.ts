/** Queues in words and columns. */
import { formatDuration, queueText, roundSize } from '#sdk'
import type { MovedView, QueuedView, QueueView, TotalsView } from '#web'
import { columns } from './columns.js'

export function listText(queues: readonly QueueView[]): string {
  if (queues.length === 0) return 'no queues\n'
  const head = ['QUEUE', 'STATE', 'BATCHES', 'ITEMS', 'BYTES', 'STORED', 'OLDEST', 'DEAD', 'QUAR']
  const rows = queues.map((one) => [
    queueText(one),
    one.state,
    String(one.batches),
    String(one.items),
    roundSize(one.bytes),
    roundSize(one.storedBytes),
    one.batches > 0 ? ageText(one.oldestMs) : '-',
    one.deadLetters.batches > 0 ? `${one.deadLetters.items} items` : '-',
    one.quarantined > 0 ? String(one.quarantined) : '-',
  ])
  return columns([head, ...rows]).replace(/^ {2}/gm, '')
}

export function peekText(batches: readonly QueuedView[]): string {
  return batches
    .map(({ came, attempts, items, bytes, reason, refused, partly }) => {
      const tries = attempts > 0 ? `, tried ${times(attempts)}` : ''
      const lines = [`${came}  ${itemsText(items)}, ${roundSize(bytes)}${tries}`]
      if (reason !== undefined) lines.push(`  refused ${refused}: ${reason}`)
      if (partly !== undefined) lines.push(`  the destination took all but ${itemsText(partly)}`)
      return `${lines.join('\n')}\n`
    })
    .join('')
}

export function movedText(name: string, { moved, partly, isFull }: MovedView, to?: string): string {
  const lines = [`${name}: ${totalsText(moved)} went ${to ? `to ${to}` : 'back into the queue'}`]
  if (partly.batches > 0) {
    lines.push(
      `  ${totalsText(partly)} stay: the destination took a part of each, which would arrive twice`,
      '  = help: --force sends them all the same',
    )
  }
  if (isFull) lines.push('  the rest stays: the queue is full; ask again when it has emptied')
  return `${lines.join('\n')}\n`
}

export function totalsText({ batches, items }: TotalsView): string {
  return `${itemsText(items)} in ${batches} ${batches === 1 ? 'batch' : 'batches'}`
}

function itemsText(items: number): string {
  return `${items} ${items === 1 ? 'item' : 'items'}`
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

/** To the second. */
function ageText(ms: number): string {
  return formatDuration(ms < 1000 ? Math.round(ms) : Math.round(ms / 1000) * 1000)
}
