/** What `npm run bench --` is told. */
import { parseArgs } from 'node:util'

const ROWS = [
  'relay',
  'durable',
  'backlog',
  'config',
  'exposition',
  'start',
  'reload',
  'modules',
  'relabel',
  'translation',
  'scrape',
  'lsp',
  'pages',
] as const
export type RowGroup = (typeof ROWS)[number]

export interface BenchOptions {
  readonly rounds: number
  readonly groups: ReadonlySet<RowGroup>
  readonly backlogBytes: number
  readonly peer: Peer | undefined
}

/** Another agent that is run beside this one. */
export interface Peer {
  readonly command: readonly string[]
  readonly config: string
}

export const USAGE = `npm run bench -- [options]
  --rounds N          how often each figure is taken (5)
  --only GROUP        ${ROWS.join(', ')}; may be given again
  --backlog SIZE      of the backlog row: "256MiB" unless told, "10GiB"
  --peer CMD          another agent in the relay rounds: "otelcol --config", "alloy run"
  --peer-config FILE  its config, added to CMD: OTLP over gRPC in at 127.0.0.1:14317, batches of
                      8192 spans, out to 127.0.0.1:14417 in plain text
`

/** Throws where something is wrong with them. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', multiple: true, default: [...ROWS] },
      backlog: { type: 'string', default: '256MiB' },
      peer: { type: 'string' },
      'peer-config': { type: 'string' },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds is a number from 1 on')
  const { peer, 'peer-config': config } = values
  if ((peer === undefined) !== (config === undefined)) {
    throw new Error('--peer and --peer-config go together')
  }
  return {
    rounds,
    groups: new Set(values.only.map(groupOf)),
    backlogBytes: bytesOf(values.backlog),
    peer: peer && config ? { command: peer.split(/\s+/), config } : undefined,
  }
}

function groupOf(name: string): RowGroup {
  const group = ROWS.find((one) => one === name)
  if (!group) throw new Error(`--only is one of ${ROWS.join(', ')}`)
  return group
}

function bytesOf(text: string): number {
  const match = /^(\d+)(MiB|GiB)$/.exec(text)
  if (!match) throw new Error('--backlog is a size like "256MiB" or "10GiB"')
  return Number(match[1]) * (match[2] === 'GiB' ? 1024 ** 3 : 1024 ** 2)
}
