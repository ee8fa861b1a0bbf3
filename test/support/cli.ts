import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { onTestFinished } from 'vitest'
import { type ExitCode, type Host, runCli } from '#cli'
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
}

const NO_LOG: LogSink = { write() {}, flush() {} }

/** One run of the program with every component, in this process. */
export async function runWeir(
  args: readonly string[],
  { input = '', variables = {}, onSignal = () => {}, log = NO_LOG }: Surroundings = {},
): Promise<Answer> {
  let out = ''
  let err = ''
  const code = await runCli(args, {
    components,
    host: { version: '1.2.3', random: () => 0.5, variables, onSignal },
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
