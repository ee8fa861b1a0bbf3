/** One line of the bench table. */
export interface Row {
  readonly name: string
  readonly value: string
  readonly limit: string
  readonly note: string
  readonly ok: boolean
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ name, value, limit, note, ok }) => [
    name,
    value,
    limit,
    note,
    ok ? 'yes' : 'NO',
  ])
  const head = ['what', 'median', 'limit', 'besides', 'holds']
  const lines = [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`)
  return `${lines.join('\n')}\n`
}
