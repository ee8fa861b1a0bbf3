import { type Command, InvalidArgumentError } from 'commander'
import { nearest } from '#grammar'
import { type QueuePart, queueText, systemClock, systemDisk } from '#sdk'
import type { QueuedView, QueueView } from '#web'
import type { ExitCode, Io } from './io.js'
import { AgentQueues } from './queue-agent.js'
import { StoppedQueues } from './queue-files.js'
import { fsck } from './queue-fsck.js'
import type { QueueSource } from './queue-source.js'
import { listText, movedText, peekText, totalsText } from './queue-text.js'
import { answer, Refusal } from './refusal.js'

interface Parts {
  readonly io: Io
  readonly host: { readonly random: () => number }
  readonly exit: (code: ExitCode) => void
  readonly adminAddress: string
  readonly storagePath: string
}

/** Flags of all subcommands. */
interface Flags {
  readonly 'storage.path'?: string
  readonly agent?: string
  readonly json?: boolean
  readonly orphaned?: boolean
}

const QUEUE_ARGUMENT =
  'COMPONENT/SIGNAL, with several destinations COMPONENT/ENDPOINT/SIGNAL; COMPONENT for all'

/** What waits on disk, and what destinations refused: `weir queue ...`. */
export function addQueue(program: Command, parts: Parts): void {
  const queue = program
    .command('queue')
    .description('look into the queues of exporters and put them right, running or stopped')
  addLs(queue, parts)
  addFsck(queue, parts)
  addPeek(queue, parts)
  addRequeue(queue, parts)
  addDrop(queue, parts)
}

function addLs(queue: Command, parts: Parts): void {
  place(queue.command('ls'), parts)
    .description('list queues and their dead letters')
    .option('--json', 'print them as JSON')
    .action((flags: Flags) =>
      answer(parts, async () => {
        const queues = await (await sourceFor(flags, parts)).list()
        parts.io.out(flags.json ? jsonText(queues) : listText(queues))
        return 0
      }),
    )
}

function addFsck(queue: Command, parts: Parts): void {
  place(queue.command('fsck'), parts, 'files only')
    .argument('[queue]', QUEUE_ARGUMENT)
    .description('read every record and say what is damaged; fails when something is')
    .option('--repair', 'set damaged records aside and cut torn ends off; the agent must not run')
    .option('--json', 'print what was found as JSON')
    .action((name: string | undefined, flags: Flags & { readonly repair?: boolean }) =>
      answer(parts, async () => {
        const world = worldOf(parts)
        const source = new StoppedQueues(world, flags['storage.path'] ?? parts.storagePath)
        const all = await source.list()
        const queues = name === undefined ? all : queuesNamed(name, all, flags)
        const options = { repair: flags.repair ?? false, json: flags.json ?? false }
        if (all.length === 0 && !flags.json) parts.io.out(`no queues in ${source.root}\n`)
        return fsck(queues, source, world, options, parts.io)
      }),
    )
}

function addPeek(queue: Command, parts: Parts): void {
  place(queue.command('peek'), parts)
    .argument('<queue>', QUEUE_ARGUMENT)
    .description('show the oldest of what waits, or of the dead letters')
    .option('--dead', 'the dead letters')
    .option('-n, --count <number>', 'how many batches', countArgument, 10)
    .option('--orphaned', 'the queue that was left behind, where one of that name runs besides')
    .option('--json', 'print them as JSON, with their content as OTLP/JSON')
    .action((name: string, flags: Flags & { readonly dead?: boolean; readonly count: number }) =>
      answer(parts, async () => {
        const { source, queues } = await find(name, flags, parts)
        const part = partOf(flags)
        const options = { count: flags.count, withContent: flags.json ?? false }
        const found: (readonly [QueueView, readonly QueuedView[]])[] = []
        for (const one of queues) found.push([one, await source.peek(one, part, options)])
        parts.io.out(flags.json ? peekJson(found) : found.map(peeked).join(''))
        return 0
      }),
    )
}

function addRequeue(queue: Command, parts: Parts): void {
  place(queue.command('requeue'), parts)
    .argument('<queue>', QUEUE_ARGUMENT)
    .description('put dead letters back into the queue, or all of a queue into another')
    .option('--to <component>', "all that waits, and the dead letters, into this one's queue")
    .option('--force', 'also those that the destination took in part')
    .action((name: string, flags: Flags & { readonly to?: string; readonly force?: boolean }) =>
      answer(parts, async () => {
        const { to, force = false } = flags
        const wanted = { ...flags, orphaned: to !== undefined }
        const { source, queues } = await find(name, wanted, parts)
        const isEmpty = ({ batches, deadLetters }: QueueView) =>
          deadLetters.batches === 0 && (to === undefined || batches === 0)
        for (const one of unlessEmpty(queues, isEmpty)) {
          parts.io.out(movedText(queueText(one), await source.requeue(one, { force, to }), to))
        }
        return 0
      }),
    )
}

function addDrop(queue: Command, parts: Parts): void {
  place(queue.command('drop'), parts)
    .argument('<queue>', QUEUE_ARGUMENT)
    .description('delete what waits, or the dead letters')
    .option('--dead', 'the dead letters')
    .option('--orphaned', 'the queue that was left behind, where one of that name runs besides')
    .option('--yes', 'really')
    .action((name: string, flags: Flags & { readonly dead?: boolean; readonly yes?: boolean }) =>
      answer(parts, async () => {
        const { source, queues } = await find(name, flags, parts)
        const part = partOf(flags)
        const isEmpty = (one: QueueView) => (flags.dead ? one.deadLetters : one).batches === 0
        for (const one of unlessEmpty(queues, isEmpty)) {
          const what = part === 'dead' ? 'dead letters' : 'what waits'
          if (flags.yes) {
            const gone = totalsText(await source.drop(one, part))
            parts.io.out(`${queueText(one)}: deleted ${what}, ${gone}\n`)
          } else {
            const there = totalsText(part === 'dead' ? one.deadLetters : one)
            parts.io.err(
              `error: without --yes nothing is deleted: ${what} of ${queueText(one)}, ${there}\n`,
            )
          }
        }
        return flags.yes ? 0 : 2
      }),
    )
}

function place(command: Command, { adminAddress, storagePath }: Parts, only?: string): Command {
  command.option(
    '--storage.path <path>',
    `where the agent keeps files, or the directory of an otelcol.storage.file (${storagePath})`,
  )
  if (only === undefined) {
    command.option('--agent <url>', `admin address of the running agent (http://${adminAddress})`)
  }
  return command
}

/** The files, unless an agent has them: then the agent. */
async function sourceFor(flags: Flags, parts: Parts): Promise<QueueSource> {
  const { agent, 'storage.path': path } = flags
  const stopped = new StoppedQueues(worldOf(parts), path ?? parts.storagePath)
  const holder = await stopped.holder()
  const running = new AgentQueues(agent ?? `http://${parts.adminAddress}`, holder)
  if (agent !== undefined || holder !== undefined) return running
  if (path !== undefined || (await stopped.list()).length > 0) return stopped
  // Nothing here: perhaps the agent runs in another folder.
  const isRunning = await running.list().then(
    () => true,
    () => false,
  )
  if (isRunning) return running
  throw new Refusal(
    `there are no queues in ${stopped.root}, and no agent answers at ${parts.adminAddress}`,
    'name the folder with --storage.path, or the address with --agent',
  )
}

/** The queues that are meant, and who has them. */
async function find(name: string, flags: Flags, parts: Parts) {
  const source = await sourceFor(flags, parts)
  return { source, queues: queuesNamed(name, await source.list(), flags) }
}

function queuesNamed(
  name: string,
  all: readonly QueueView[],
  { orphaned = false }: Pick<Flags, 'orphaned'>,
): readonly QueueView[] {
  const named = all.filter((one) => name === one.component || name === queueText(one))
  const isRunning = (one: QueueView) => one.state === 'running'
  // One that runs goes before one that was left under the same name.
  const wanted = named.filter((one) =>
    orphaned ? !isRunning(one) : isRunning(one) || !named.some(isRunning),
  )
  if (wanted.length > 0) return wanted
  if (named.length > 0) {
    throw new Refusal(`${name} is in use`, 'only a queue that no component runs can be moved')
  }
  const near = nearest(name, new Set(all.flatMap((one) => [one.component, queueText(one)])))
  throw new Refusal(
    `there is no queue ${name}`,
    near ? `did you mean "${near}"?` : 'weir queue ls lists all',
  )
}

/** Of several signals, only those with something to do; if there are none, all say so. */
function unlessEmpty(
  queues: readonly QueueView[],
  isEmpty: (one: QueueView) => boolean,
): readonly QueueView[] {
  const full = queues.filter((one) => !isEmpty(one))
  return full.length > 0 ? full : queues
}

function worldOf({ host }: Parts) {
  return { disk: systemDisk, clock: systemClock, random: host.random }
}

function partOf({ dead }: { readonly dead?: boolean }): QueuePart {
  return dead ? 'dead' : 'queue'
}

function peeked([queue, batches]: readonly [QueueView, readonly QueuedView[]]): string {
  return `${queueText(queue)}${batches.length === 0 ? ': nothing' : ''}\n${peekText(batches)}`
}

function peekJson(found: readonly (readonly [QueueView, readonly QueuedView[]])[]): string {
  return jsonText(
    found.flatMap(([{ component, endpoint, signal }, batches]) =>
      batches.map((one) => ({ component, endpoint, signal, ...one })),
    ),
  )
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

function countArgument(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('write a number from 1 to 1000.')
  return Math.min(1000, Number(text))
}
