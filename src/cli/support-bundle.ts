import { open, writeFile } from 'node:fs/promises'
import { release, uptime } from 'node:os'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Command } from 'commander'
import { type Registry, readSources } from '#config'
import { type Definition, messageOf, reasonOf, systemClock, systemFiles } from '#sdk'
import { askAgentText } from './ask-agent.js'
import type { ExitCode, Io } from './io.js'
import { redactConfig, redactText, secretNames } from './redact.js'
import { answer, Refusal } from './refusal.js'
import type { Host } from './run.js'
import { type TarFile, tar } from './tar.js'

interface Parts {
  readonly host: Host
  readonly io: Io
  readonly exit: (code: ExitCode) => void
  readonly registry: Registry
  readonly adminAddress: string
}

interface Flags {
  readonly agent: string
  readonly config?: string
  readonly log?: string
  readonly output?: string
}

const LOG_BYTES_MAX = 1024 * 1024
const LOG_LINES_MAX = 5000
/** Details of more components make no better report. */
const DETAILS_MAX = 500
const ANSWER_MS_MAX = 10_000
const CONFIG = '/etc/weir'
const PAGES = ['components', 'graph', 'reloads', 'queues', 'health'] as const

/** `weir support-bundle`: what a report of a fault needs, without its secrets. */
export function addSupportBundle(program: Command, parts: Parts): void {
  program
    .command('support-bundle')
    .description('gather what a report of a fault needs into one archive, without secrets')
    .option('--agent <url>', "the agent's admin address", `http://${parts.adminAddress}`)
    .option('--config <path>', `the config that it runs (${CONFIG} where there is one)`)
    .option('--log <path>', 'the file that its log goes to; without it the journal of the service')
    .option('-o, --output <path>', 'the archive (weir-support-<time>.tar.gz)')
    .action((flags: Flags) =>
      answer(parts, async () => {
        await bundle(flags, parts)
        return 0
      }),
    )
}

async function bundle(flags: Flags, parts: Parts): Promise<void> {
  const now = systemClock.now()
  const files = [
    text('version.txt', versionText(parts.host, now)),
    ...(await configFiles(flags, parts)),
    ...(await agentFiles(flags.agent)),
    ...(await logFiles(flags, parts)),
  ]
  const time = new Date(now)
    .toISOString()
    .replace(/[:.]\d*Z?/g, (part) => part.replace(/[:.Z]/g, ''))
  const path = flags.output ?? `weir-support-${time}.tar.gz`
  const archive = await promisify(gzip)(tar(files, now))
  try {
    await writeFile(path, archive, { mode: 0o600 })
  } catch (error) {
    throw new Refusal(`cannot write ${path}: ${reasonOf(error)}`)
  }
  for (const { name, content } of files) parts.io.out(`  ${name}  ${content.length} bytes\n`)
  parts.io.out(`wrote ${path}; look through it before you pass it on\n`)
}

/** Every text that goes in is redacted, whatever has been taken out of it before. */
function text(name: string, content: string): TarFile {
  return { name, content: Buffer.from(redactText(content)) }
}

function versionText({ version, variables }: Host, now: number): string {
  const { platform, arch, version: node } = process
  const names = Object.keys(variables).filter((name) => /^(OTEL|WEIR|NODE)_/.test(name))
  return `\
weir ${version}
node ${node}
${platform} ${arch} ${release()}, up for ${Math.round(uptime())} s
gathered ${new Date(now).toISOString()}
variables that are set: ${names.sort().join(', ') || 'none'}
`
}

async function configFiles(flags: Flags, { io, registry }: Parts): Promise<readonly TarFile[]> {
  const path = flags.config ?? CONFIG
  const { sources, diagnostics } = await readSources(path, systemFiles, io.input)
  const faults = diagnostics.map(({ message }) => `${message}\n`).join('')
  if (faults !== '' && flags.config !== undefined) throw new Refusal(faults.trim())
  await registry.load(registry.names)
  const definitions = registry.names.flatMap((name): Definition[] => {
    const one = registry.get(name)
    return one ? [one] : []
  })
  const secret = secretNames(definitions)
  return [
    ...sources.map((source, index) => {
      const name = source.name.split('/').at(-1)!.slice(-60)
      return text(`config/${index + 1}-${name}`, redactConfig(source, secret))
    }),
    ...(faults === '' ? [] : [text('config/missing.txt', faults)]),
  ]
}

/** What cannot be had says why in its place. */
async function agentFiles(address: string): Promise<readonly TarFile[]> {
  const ask = async (name: string, path: string): Promise<TarFile> => {
    try {
      const { status, text: body } = await askAgentText(address, path, {}, ANSWER_MS_MAX)
      return text(name, status === 200 ? body : `answered ${status}\n${body}`)
    } catch (error) {
      const cause = error instanceof Error && error.cause ? error.cause : error
      return text(name, `cannot ask the agent: ${messageOf(cause)}\n`)
    }
  }
  const files = [
    await ask('agent/ready.txt', '/-/ready'),
    await ask('agent/metrics.txt', '/metrics'),
  ]
  for (const page of PAGES) files.push(await ask(`agent/${page}.json`, `/api/v1/${page}`))
  const components = files.find(({ name }) => name === 'agent/components.json')!
  for (const [index, id] of idsIn(components).slice(0, DETAILS_MAX).entries()) {
    const path = `/api/v1/components/${encodeURIComponent(id)}`
    files.push(await ask(`agent/components/${index + 1}-${id.slice(0, 60)}.json`, path))
  }
  return files
}

function idsIn({ content }: TarFile): readonly string[] {
  try {
    const components: unknown = JSON.parse(Buffer.from(content).toString())
    if (!Array.isArray(components)) return []
    return components.flatMap((one: { readonly id?: unknown }) => {
      return typeof one.id === 'string' ? [one.id.replace(/[^\w.-]/g, '_')] : []
    })
  } catch {
    return []
  }
}

async function logFiles({ log }: Flags, { host }: Parts): Promise<readonly TarFile[]> {
  if (log !== undefined) return [text('log.txt', await tailOf(log))]
  const args = ['-u', 'weir.service', '-n', String(LOG_LINES_MAX), '--no-pager', '-o', 'short-iso']
  try {
    const { code, out } = await host.runProgram('journalctl', args, { timeoutMs: ANSWER_MS_MAX })
    if (code === 0 && out !== '') return [text('log.txt', out.slice(-LOG_BYTES_MAX))]
  } catch {
    // Without a journal there is no log to be had unless it is named.
  }
  return [text('log.txt', 'no log: name the file with --log\n')]
}

async function tailOf(path: string): Promise<string> {
  try {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      const length = Math.min(size, LOG_BYTES_MAX)
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
      return buffer.subarray(0, bytesRead).toString()
    } finally {
      await file.close()
    }
  } catch (error) {
    throw new Refusal(`cannot read ${path}: ${reasonOf(error)}`)
  }
}
