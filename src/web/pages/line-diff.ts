/** One line of a difference. */
export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'added'
  readonly text: string
}

/** Beyond so many lines that differ, all of one are gone and all of the other added. */
const COMPARED_MAX = 2000

/** What makes `after` of `before`, by the longest lines in common. */
export function diffLines(
  before: readonly string[],
  after: readonly string[],
): readonly DiffLine[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  const longest = Math.min(before.length, after.length) - head
  while (tail < longest && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const same = (text: string) => ({ kind: 'same', text }) as const
  return [
    ...before.slice(0, head).map(same),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ]
}

function middle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const [rows, columns] = [before.length, after.length]
  if (rows + columns > COMPARED_MAX) {
    return [
      ...before.map((text) => ({ kind: 'gone', text }) as const),
      ...after.map((text) => ({ kind: 'added', text }) as const),
    ]
  }
  // common[i][j]: how many lines the ends of both, from i and j, have in common.
  const width = columns + 1
  const common = new Uint16Array((rows + 1) * width)
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      common[i * width + j] =
        before[i] === after[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
    }
  }
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < rows || j < columns) {
    const [down, right] = [common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0]
    if (i < rows && j < columns && before[i] === after[j]) {
      lines.push({ kind: 'same', text: before[i]! })
      i++
      j++
    } else if (j === columns || (i < rows && down >= right)) {
      lines.push({ kind: 'gone', text: before[i++]! })
    } else {
      lines.push({ kind: 'added', text: after[j++]! })
    }
  }
  return lines
}
