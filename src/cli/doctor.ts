import { X509Certificate } from 'node:crypto'
import { access, constants, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { type CheckOptions, checkConfig } from '#config'
import { hasErrors, renderDiagnostics } from '#grammar'
import { formatAddress, listenerKey, parseAddress, systemNetwork } from '#net'
import { messageOf, reasonOf, roundSize, systemClock, systemFiles } from '#sdk'
import { askAgent } from './ask-agent.js'
import { columns } from './columns.js'
import { type Listens, type Places, placesOf, type Reads } from './doctor-places.js'
import { checkReach, expiryFinding, type Finding, type ReachWorld } from './doctor-reach.js'
import type { ExitCode, Io } from './io.js'
import { answer } from './refusal.js'
import type { Host } from './run.js'

interface Parts {
  readonly host: Host
  readonly io: Io
  readonly exit: (code: ExitCode) => void
  readonly checkOptions: CheckOptions
  readonly adminAddress: string
  readonly storagePath: string
}

interface Flags {
  readonly agent: string
  readonly 'storage.path': string
  readonly json?: boolean
}

const FREE_FAIL_BYTES = 128 * 1024 ** 2
const FREE_WARN_BYTES = 1024 ** 3
const ANSWER_MS_MAX = 5000
const WORLD: ReachWorld = { network: systemNetwork, files: systemFiles, clock: systemClock }
const MARKS = { ok: 'ok', warn: 'WARN', fail: 'FAIL' } as const

/** `weir doctor`: whether what a config needs of this machine and of others is there. */
export function addDoctor(program: Command, parts: Parts): void {
  program
    .command('doctor')
    .argument('<path>', 'the config, as for run')
    .description(
      'look for what would keep a config from working: ports, files, disk, clock, network',
    )
    .option('--agent <url>', "the running agent's admin address", `http://${parts.adminAddress}`)
    .option('--storage.path <path>', 'where components keep files', parts.storagePath)
    .option('--json', 'print the findings as JSON')
    .action((path: string, flags: Flags) => answer(parts, () => doctor(path, flags, parts)))
}

async function doctor(path: string, flags: Flags, parts: Parts): Promise<ExitCode> {
  const { io, checkOptions, host } = parts
  const { program, diagnostics } = await checkConfig(path, systemFiles, io.input, checkOptions)
  if (diagnostics.length > 0) io.err(renderDiagnostics(diagnostics, io))
  if (!program || hasErrors(diagnostics)) return 1
  const places = placesOf(program)
  const agent = await askedAgent(flags.agent)
  const findings: Finding[] = [
    { level: 'ok', what: 'config', message: `${program.nodes.length} blocks` },
    await agentFinding(flags.agent, agent),
    ...(await portFindings(places, flags.agent, agent)),
    ...(await fileFindings(places.reads)),
    ...(await storageFindings(resolve(flags['storage.path']))),
    await clockFinding(host),
    ...(await reachFindings(places)),
    ...places.unknown.map(unknownFinding),
  ]
  io.out(flags.json ? `${JSON.stringify(findings, undefined, 2)}\n` : findingsText(findings))
  return findings.some(({ level }) => level === 'fail') ? 1 : 0
}

/** Undefined where none answers. */
async function askedAgent(address: string): Promise<readonly string[] | undefined> {
  try {
    const { body } = await askAgent(address, '/api/v1/components', {}, ANSWER_MS_MAX)
    return Array.isArray(body) ? body.map(({ id }: { readonly id: string }) => id) : undefined
  } catch {
    return undefined
  }
}

async function agentFinding(
  address: string,
  agent: readonly string[] | undefined,
): Promise<Finding> {
  const what = 'agent'
  if (agent) return { level: 'ok', what, message: `runs ${agent.length} blocks at ${address}` }
  const listen = parseAddress(address.replace(/^\w+:\/\/([^@/]*@)?/, ''))
  const fault = listen && (await portFault(listen))
  if (fault === undefined)
    return { level: 'ok', what, message: 'does not run; its address is free' }
  return {
    level: 'fail',
    what,
    message: `something else answers at ${address}`,
    help: 'choose another address with --server.http.listen-addr',
  }
}

/** A port that is taken is fine where the running agent has it. */
async function portFindings(
  { listens }: Places,
  address: string,
  agent: readonly string[] | undefined,
): Promise<readonly Finding[]> {
  const ours = new Set<string>()
  for (const component of new Set(listens.map((one) => one.component))) {
    if (!agent?.includes(component)) continue
    const path = `/api/v1/components/${encodeURIComponent(component)}`
    const { body } = await askAgent(address, path, {}, ANSWER_MS_MAX)
    const { resources } = body as { readonly resources?: readonly string[] }
    for (const key of resources ?? []) ours.add(key)
  }
  return Promise.all(listens.map((one) => portFinding(one, ours)))
}

async function portFinding(
  { component, address }: Listens,
  ours: ReadonlySet<string>,
): Promise<Finding> {
  const what = `port ${formatAddress(address)}`
  if (ours.has(listenerKey(address))) {
    return { level: 'ok', what, message: `the running agent has it, for ${component}` }
  }
  const fault = await portFault(address)
  if (fault === undefined) return { level: 'ok', what, message: `free, for ${component}` }
  const help = 'give the receiver another endpoint, or stop what listens there'
  return { level: 'fail', what, message: `${component}: ${fault}`, help }
}

async function portFault(address: Listens['address']): Promise<string | undefined> {
  try {
    const listening = await systemNetwork.listen(address, (connection) => connection.destroy())
    await listening.close()
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

function fileFindings(reads: readonly Reads[]): Promise<readonly Finding[]> {
  return Promise.all(
    reads.map(async ({ component, path, isCertificate }): Promise<Finding> => {
      const what = `file ${path}`
      try {
        const content = await systemFiles.read(path)
        if (!isCertificate) return { level: 'ok', what, message: `readable, for ${component}` }
        const { validTo } = new X509Certificate(content)
        return expiryFinding(`certificate ${path}`, validTo, systemClock.now())
      } catch (error) {
        const help = 'the user that runs the agent must be able to read it'
        return { level: 'fail', what, message: `${component}: ${messageOf(error)}`, help }
      }
    }),
  )
}

/** Of a folder that is not there yet, the one above counts. */
async function storageFindings(path: string): Promise<readonly Finding[]> {
  const what = `storage ${path}`
  let folder = path
  while (!(await systemFiles.facts(folder)) && dirname(folder) !== folder) folder = dirname(folder)
  try {
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    const help = 'the user that runs the agent must be able to write there: --storage.path'
    return [{ level: 'fail', what, message: `${folder}: ${reasonOf(error)}`, help }]
  }
  const { bavail, bsize } = await statfs(folder)
  return [{ level: 'ok', what, message: 'writable' }, spaceFinding(bavail * bsize)]
}

function spaceFinding(freeBytes: number): Finding {
  const what = 'disk'
  const message = `${roundSize(freeBytes)} free`
  if (freeBytes >= FREE_WARN_BYTES) return { level: 'ok', what, message }
  const help = 'queues keep what waits on it: make room, or choose another --storage.path'
  return { level: freeBytes < FREE_FAIL_BYTES ? 'fail' : 'warn', what, message, help }
}

/** Machines without timedatectl are judged by the answers of servers alone. */
async function clockFinding({ runProgram }: Host): Promise<Finding> {
  const what = 'clock'
  try {
    const args = ['show', '--property=NTPSynchronized', '--value']
    const { code, out } = await runProgram('timedatectl', args, { timeoutMs: ANSWER_MS_MAX })
    if (code === 0 && out.trim() === 'yes') return { level: 'ok', what, message: 'synchronised' }
    if (code === 0 && out.trim() === 'no') {
      const help = 'timedatectl set-ntp true, or whatever keeps the time here'
      return { level: 'warn', what, message: 'is not synchronised', help }
    }
  } catch {
    // It says nothing then.
  }
  return { level: 'ok', what, message: 'whether it is synchronised cannot be told here' }
}

/** Each destination once, whichever components share it. */
async function reachFindings({ sends }: Places): Promise<readonly Finding[]> {
  const once = new Map(sends.map((one) => [`${one.endpoint} ${Boolean(one.tls)}`, one]))
  return (await Promise.all([...once.values()].map((one) => checkReach(one, WORLD)))).flat()
}

function unknownFinding(component: string): Finding {
  const message = 'its arguments are known only once what it refers to has started'
  return { level: 'ok', what: component, message }
}

function findingsText(findings: readonly Finding[]): string {
  const rows = findings.map(({ level, what, message }) => [MARKS[level], what, message])
  const lines = columns(rows).replace(/^ {2}/gm, '').trimEnd().split('\n')
  const texts = findings.map(({ help }, index) => {
    return `${lines[index]}\n${help === undefined ? '' : `      = help: ${help}\n`}`
  })
  const count = (level: Finding['level']) => findings.filter((one) => one.level === level).length
  return `${texts.join('')}${count('fail')} faults, ${count('warn')} warnings\n`
}
