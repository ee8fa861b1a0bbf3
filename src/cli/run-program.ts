import { spawn } from 'node:child_process'

export interface ProgramOptions {
  /** Environment variables; without it those of this process. */
  readonly variables?: Readonly<Record<string, string | undefined>>
  /** Reads and writes as this process does: nothing of `out` and `err` is caught then. */
  readonly attached?: boolean
  /** It is killed when it takes longer. */
  readonly timeoutMs?: number
}

export interface ProgramAnswer {
  /** What it ended with; 128 and more for a signal. */
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs another program, found by `PATH`. Rejects only where it cannot be started. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  options?: ProgramOptions,
) => Promise<ProgramAnswer>

/** More than any program asked here has to say; what comes after is not kept. */
const OUTPUT_CHARACTERS_MAX = 1024 * 1024
const SIGNALLED = 128

export const runProgram: RunProgram = (program, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: options.attached ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      ...(options.variables && { env: { ...options.variables } }),
      ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs }),
    })
    const texts = { out: '', err: '' }
    for (const [name, stream] of [['out', child.stdout] as const, ['err', child.stderr] as const]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        if (texts[name].length < OUTPUT_CHARACTERS_MAX) texts[name] += text
      })
    }
    child.on('error', (error) => {
      reject(new Error(`cannot run ${program}: ${reasonOf(error)}`, { cause: error }))
    })
    child.on('close', (code) => resolve({ code: code ?? SIGNALLED, ...texts }))
  })

function reasonOf(error: Error & { readonly code?: string }): string {
  return error.code === 'ENOENT' ? 'it is not installed' : error.message
}
