import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { PassThrough } from 'node:stream'
import { onTestFinished } from 'vitest'
import { type ExitCode, type Host, type RunProgram, runCli } from '#cli'
import { components } from '#components'
import type { LogSink } from '#telemetry'

interface Answer {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

interface Surroundings {
  /** Standard input. */
  readonly input?: string | Uint8Array
  readonly variables?: Host['variables']
  readonly onSignal?: Host['onSignal']
  readonly log?: LogSink
  /** Other programs; none can be started otherwise. */
  readonly runProgram?: RunProgram
  /** What is typed at questions, one behind the other; without it nobody can be asked. */
  readonly typed?: readonly string[]
}

const ROOT = resolve(import.meta.dirname, '../..')
const NO_PROGRAMS: RunProgram = (program) => Promise.reject(new Error(`cannot run ${program}`))

const NO_LOG: LogSink = { write() {}, flush() {} }

/** One run of the program with every component, in this process. */
export async function runWeir(
  args: readonly string[],
  {
    input = '',
    variables = {},
    onSignal = () => {},
    log = NO_LOG,
    runProgram = NO_PROGRAMS,
    typed,
  }: Surroundings = {},
): Promise<Answer> {
  let out = ''
  let err = ''
  const lines = typed?.values()
  const code = await runCli(args, {
    components,
    host: {
      version: '1.2.3',
      random: () => 0.5,
      variables,
      onSignal,
      pid: 4242,
      monotonicUs: () => 1_000_000n,
      runProgram,
      command: ['/usr/bin/node', '/opt/weir/dist/weir/main.js'],
      root: ROOT,
    },
    io: {
      out(text) {
        out += text
      },
      err(text) {
        err += text
      },
      input: async () => Buffer.from(input),
      streams: () => ({ input: new PassThrough().end(input), output: new PassThrough() }),
      async *lines() {
        for (const line of input.toString().split('\n')) yield line
      },
      ask: lines && (async () => lines.next().value ?? ''),
      color: false,
    },
    log,
  })
  return { code, out, err }
}

/** A folder of these files by name, gone after the test. */
export function temporaryFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  return folder
}
