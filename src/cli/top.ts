import { type Command, InvalidArgumentError } from 'commander'
import { sleep, systemClock } from '#sdk'
import { askAgent, unreachable, withoutPassword } from './ask-agent.js'
import type { ExitCode, Io } from './io.js'
import { answer, Refusal } from './refusal.js'
import type { Host } from './run.js'
import { type Seen, topTable } from './top-table.js'

interface Parts {
  readonly host: Host
  readonly io: Io
  readonly exit: (code: ExitCode) => void
  readonly adminAddress: string
  readonly durationArgument: (text: string) => number
}

interface Flags {
  readonly agent: string
  readonly interval: number
  readonly count?: number
  readonly all?: boolean
}

const INTERVAL_MS = 2000
const ROWS_MAX = 40
/** To the upper left corner, and nothing below. */
const CLEAR = '\x1b[H\x1b[J'

/** `weir top`: what moves through the running agent. */
export function addTop(program: Command, parts: Parts): void {
  program
    .command('top')
    .description('show what moves through the running agent, per component, until Ctrl-C')
    .option('--agent <url>', "the agent's admin address", `http://${parts.adminAddress}`)
    .option('--interval <duration>', 'between two looks', parts.durationArgument, INTERVAL_MS)
    .option('-n, --count <number>', 'how many tables; without it until Ctrl-C', countArgument)
    .option('--all', 'also what neither moves nor holds anything')
    .action((flags: Flags) => answer(parts, () => top(flags, parts)))
}

async function top(flags: Flags, { host, io }: Parts): Promise<ExitCode> {
  const stop = new AbortController()
  host.onSignal(['SIGINT', 'SIGTERM'], () => stop.abort())
  io.closed?.addEventListener('abort', () => stop.abort())
  let before = await look(flags.agent)
  let at = systemClock.monotonic()
  for (let tables = 0; tables < (flags.count ?? Number.POSITIVE_INFINITY); tables++) {
    await sleep(systemClock, flags.interval, stop.signal)
    if (stop.signal.aborted) break
    const now = await look(flags.agent)
    const seconds = Math.max(0.001, (systemClock.monotonic() - at) / 1000)
    const table = topTable(before, now, { seconds, all: flags.all ?? false, rowsMax: ROWS_MAX })
    const time = new Date(systemClock.now()).toISOString().slice(11, 19)
    const clear = io.isTerminal ? CLEAR : ''
    io.out(`${clear}weir at ${withoutPassword(flags.agent)}, ${time} UTC\n${table}`)
    before = now
    at += seconds * 1000
  }
  return 0
}

async function look(address: string): Promise<readonly Seen[]> {
  try {
    const { status, body } = await askAgent(address, '/api/v1/components')
    if (status !== 200 || !Array.isArray(body))
      throw new Error('what it answered are no components')
    return body as readonly Seen[]
  } catch (error) {
    const { message, help } = unreachable(address, error)
    throw new Refusal(message, help)
  }
}

function countArgument(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('write a number from 1.')
  return Number(text)
}
