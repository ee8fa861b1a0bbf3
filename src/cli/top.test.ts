import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runWeir } from '../../test/support/cli.js'
import { type Seen, topTable } from './top-table.js'

function seen(
  id: string,
  [entered, left, held, dropped]: readonly [number, number, number, number],
  state = 'healthy',
): Seen {
  const ledger = { traces: { entered, left, held, refused: 0, dropped: { why: dropped } } }
  return { id, health: { state, message: state === 'healthy' ? 'healthy' : 'it waits' }, ledger }
}

/** The cells of a table's rows. */
function cells(table: string): readonly (readonly string[])[] {
  return table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(/ {2,}/))
}

const OPTIONS = { seconds: 2, all: false, rowsMax: 40 }

describe('the table', () => {
  test('has rates', () => {
    const before = [seen('a', [100, 100, 0, 0])]
    const table = topTable(before, [seen('a', [103, 101, 2, 0])], OPTIONS)
    expect(table).toBe(
      'COMPONENT  SIGNAL  IN/S  OUT/S  DROP/S  HELD  HEALTH\n' +
        'a          traces  1.5   0.5    -       2     healthy\n',
    )
  })

  test('rounds as the figures grow', () => {
    const now = [seen('a', [250, 30_000, 0, 4_000_000])]
    expect(cells(topTable([seen('a', [0, 0, 0, 0])], now, OPTIONS))[0]).toEqual([
      ...['a', 'traces', '125', '15.0k', '2.0M', '0', 'healthy'],
    ])
  })

  test('begins with what loses data, then with what is ill, then with what is busy', () => {
    const now = [
      seen('slow', [1, 1, 0, 0]),
      seen('busy', [900, 900, 0, 0]),
      seen('ill', [0, 0, 0, 0], 'degraded'),
      seen('loses', [1, 0, 0, 1]),
    ]
    const table = cells(topTable([], now, OPTIONS))
    expect(table.map(([id]) => id)).toEqual(['loses', 'ill', 'busy', 'slow'])
    expect(table[1]!.at(-1)).toBe('degraded: it waits')
  })

  test('leaves out what does nothing, unless all are asked for', () => {
    const idle = [seen('a', [5, 5, 0, 0])]
    expect(topTable(idle, idle, OPTIONS)).toContain('nothing moves\n')
    expect(cells(topTable(idle, idle, { ...OPTIONS, all: true }))).toHaveLength(1)
    expect(cells(topTable(idle, [seen('a', [5, 4, 1, 0])], OPTIONS))).toHaveLength(1)
  })

  test('counts from nothing what has started again', () => {
    const table = topTable([seen('a', [1000, 1000, 0, 0])], [seen('a', [4, 4, 0, 0])], OPTIONS)
    expect(cells(table)[0]!.slice(2, 4)).toEqual(['2.0', '2.0'])
  })

  test('counts the rows that it has no room for', () => {
    const now = Array.from({ length: 5 }, (_, index) => seen(`c${index}`, [1 + index, 0, 0, 0]))
    expect(topTable([], now, { ...OPTIONS, rowsMax: 2 })).toMatch(/\nc4 .*\nc3 .*\nand 3 more\n$/)
  })
})

/** An agent through which ever more flows. */
async function agent(body?: string): Promise<string> {
  let asked = 0
  const server = createServer((_, response) => {
    asked++
    response.end(body ?? JSON.stringify([seen('a.b.c', [asked * 10, asked * 10, 0, 0])]))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('top', () => {
  test('prints as many tables as asked for', async () => {
    const url = await agent()
    const args = ['top', '--agent', url, '-n', '2', '--interval', '1ms']
    const { code, out, err } = await runWeir(args)
    expect([code, err]).toEqual([0, ''])
    expect(out.match(/^COMPONENT/gm)).toHaveLength(2)
    expect(out.match(/^a\.b\.c {2,}traces/gm)).toHaveLength(2)
    expect(out).toContain(`weir at ${url}, `)
  })

  test('ends on Ctrl-C', async () => {
    let stop = () => {}
    const running = runWeir(['top', '--agent', await agent(), '--interval', '1h'], {
      onSignal(signals, callback) {
        if (signals.includes('SIGINT')) stop = callback
        stop()
      },
    })
    expect(await running).toEqual({ code: 0, out: '', err: '' })
  })

  const rows: readonly (readonly [string, string | undefined, string])[] = [
    ['nobody answers', undefined, 'cannot ask the agent at 127.0.0.1:1: '],
    ['something else answers', '{"a":1}', 'what it answered are no components'],
    ['something else answers in other words', '<html>', 'cannot ask the agent at http://127'],
  ]
  test.each(rows)('says so when %s', async (_, body, message) => {
    const address = body === undefined ? '127.0.0.1:1' : await agent(body)
    const { code, out, err } = await runWeir(['top', '--agent', address])
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(message)
    expect(err).toContain('= help: start it, or name its admin address with --agent')
  })

  test.each([
    ['-n', '0'],
    ['-n', 'x'],
    ['--interval', 'soon'],
  ])('%s %s is wrong usage', async (...flags) => {
    expect(await runWeir(['top', ...flags])).toMatchObject({ code: 2, out: '' })
  })
})
