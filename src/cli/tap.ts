import { type Command, InvalidArgumentError, Option } from 'commander'
import { nearest } from '#grammar'
import { SIGNALS } from '#pdata'
import { askAgent, openAgent, unreachable, withoutPassword } from './ask-agent.js'
import type { ExitCode, Io } from './io.js'
import { answer, Refusal } from './refusal.js'
import type { Host } from './run.js'
import { type TappedItem, tapLine } from './tap-line.js'

interface Parts {
  readonly host: Host
  readonly io: Io
  readonly exit: (code: ExitCode) => void
  readonly adminAddress: string
}

interface Flags {
  readonly agent: string
  readonly in?: boolean
  readonly out?: boolean
  readonly to?: string
  readonly signal?: string
  readonly filter?: string
  readonly rate: number
  readonly limit?: number
  readonly json?: boolean
}

/** What the admin API says of the graph, as far as it is used here. */
interface GraphView {
  readonly nodes: readonly { readonly id: string }[]
  readonly edges: readonly Edge[]
}

interface Edge {
  readonly from: string
  readonly to: string
  readonly signal: string
}

const RATE = 20
/** What the agent gives at most. */
const RATE_MAX = 500
const LIMIT_MAX = 1_000_000_000
/** So many ids are named where none of them is near. */
const NAMED_MAX = 10
const NOTHING: readonly string[] = []

/** `weir tap ID`: a sample of what flows through a component of the running agent. */
export function addTap(program: Command, parts: Parts): void {
  program
    .command('tap')
    .argument('<id>', 'a component, such as otelcol.exporter.otlp.tempo')
    .description('show a sample of what flows through a component, as it flows, until Ctrl-C')
    .option('--agent <url>', "the agent's admin address", `http://${parts.adminAddress}`)
    .addOption(new Option('--in', 'only what it takes').conflicts(['out', 'to']))
    .addOption(new Option('--out', 'only what it sends on').conflicts(['in', 'to']))
    .option('--to <id>', 'only what it sends to this component')
    .addOption(new Option('--signal <signal>', 'only this one').choices(SIGNALS))
    .option('--filter <text>', 'only items with all of these words, and without each "-word"')
    .option('--rate <number>', 'how many items a second', numberArgument(RATE_MAX), RATE)
    .option('-n, --limit <number>', 'end after so many items', numberArgument(LIMIT_MAX))
    .option('--json', 'print a JSON object a line')
    .action((id: string, flags: Flags) => answer(parts, () => tap(id, flags, parts)))
}

async function tap(id: string, flags: Flags, { host, io }: Parts): Promise<ExitCode> {
  const stop = new AbortController()
  host.onSignal(['SIGINT', 'SIGTERM'], () => stop.abort())
  const signal = io.closed ? AbortSignal.any([stop.signal, io.closed]) : stop.signal
  const { agent } = flags
  const edges = edgesOf(await graphOf(agent), id, flags)
  const lines = await openAgent(agent, addressOf(id, flags), signal).catch((error: unknown) => {
    if (signal.aborted) return NOTHING
    throw refused(agent, error)
  })
  if (io.isTerminal) io.err(`tapping ${id} at ${withoutPassword(agent)}; Ctrl-C ends it\n`)
  try {
    const skipped = await print(
      lines,
      signal,
      edges.some((one) => !isSame(one, edges[0]!)) ? id : undefined,
      flags,
      io,
    )
    if (skipped > 0 && !io.closed?.aborted) io.err(`${skipped} more items went by unseen\n`)
  } catch (error) {
    throw refused(agent, error)
  } finally {
    // Else an answer that was not read to its end would keep its connection, and this process.
    stop.abort()
  }
  return 0
}

/** Until the reader wants no more; resolves with how many items it did not get to see. */
async function print(
  lines: AsyncIterable<string> | readonly string[],
  signal: AbortSignal,
  id: string | undefined,
  { json, limit = Number.POSITIVE_INFINITY }: Flags,
  io: Io,
): Promise<number> {
  let shown = 0
  let skipped = 0
  for await (const line of lines) {
    if (signal.aborted) return skipped
    const seen = JSON.parse(line) as TappedItem | { readonly skipped: number }
    if ('skipped' in seen) {
      skipped += seen.skipped
      continue
    }
    io.out(json ? `${line}\n` : tapLine(seen, id))
    if (++shown >= limit) return skipped
  }
  if (!signal.aborted) throw new Error('it has ended the connection')
  return skipped
}

async function graphOf(agent: string): Promise<GraphView> {
  try {
    const { status, body } = await askAgent(agent, '/api/v1/graph')
    const { nodes, edges } = body as Partial<GraphView>
    if (status !== 200 || !Array.isArray(nodes) || !Array.isArray(edges)) {
      throw new Error('what it answered is no graph')
    }
    return body as GraphView
  } catch (error) {
    throw refused(agent, error)
  }
}

/** Those that are looked at. Throws where there are none. */
function edgesOf({ nodes, edges }: GraphView, id: string, flags: Flags): readonly Edge[] {
  const ids = nodes.map((node) => node.id)
  for (const name of [id, flags.to]) {
    if (name !== undefined && !ids.includes(name)) throw unknown(name, ids)
  }
  const own = edges.filter(({ from, to }) => from === id || to === id)
  const wanted = own.filter(({ from, to, signal }) => {
    if (flags.signal !== undefined && signal !== flags.signal) return false
    if (flags.to !== undefined) return from === id && to === flags.to
    return (!flags.in || to === id) && (!flags.out || from === id)
  })
  if (wanted.length > 0) return wanted
  const others = own.map(({ from, to, signal }) => `${signal} ${from} -> ${to}`).join(', ')
  throw new Refusal(
    own.length > 0 ? `nothing flows that way at ${id}` : `nothing flows through ${id}`,
    own.length > 0 ? `there are ${others}` : 'it neither takes telemetry nor sends any on',
  )
}

function isSame(one: Edge, other: Edge): boolean {
  return one.from === other.from && one.to === other.to
}

function unknown(name: string, ids: readonly string[]): Refusal {
  // A label alone is enough to say what was meant.
  const near = ids.find((id) => id.endsWith(`.${name}`)) ?? nearest(name, ids)
  const named = `${ids.slice(0, NAMED_MAX).join(', ')}${ids.length > NAMED_MAX ? ', ...' : ''}`
  return new Refusal(
    `there is no component ${name}`,
    near ? `did you mean "${near}"?` : `the agent runs ${named || 'none'}`,
  )
}

function addressOf(id: string, { in: isIn, out, to, signal, filter, rate }: Flags): string {
  const end: Readonly<Record<string, string>> =
    to !== undefined ? { from: id, to } : isIn ? { to: id } : out ? { from: id } : { of: id }
  const query = new URLSearchParams({ ...end, rate: String(rate) })
  if (signal !== undefined) query.set('signal', signal)
  if (filter !== undefined) query.set('filter', filter)
  return `/api/v1/tap?${query}`
}

function refused(agent: string, error: unknown): Refusal {
  const { message, help } = unreachable(agent, error)
  return new Refusal(message, help)
}

function numberArgument(most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : 0
    if (number >= 1 && number <= most) return number
    throw new InvalidArgumentError(`write a number from 1 to ${most}.`)
  }
}
