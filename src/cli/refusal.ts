import { isExpected, messageOf } from '#sdk'
import type { ExitCode, Io } from './io.js'

/** What stops a command, in words for whoever typed it. */
export class Refusal extends Error {
  readonly help: string | undefined

  constructor(message: string, help?: string) {
    super(message)
    this.help = help
  }
}

interface Ending {
  readonly io: Io
  readonly exit: (code: ExitCode) => void
}

/** Ends a command with what its work gives, or with a refusal in words. */
export async function answer({ io, exit }: Ending, work: () => Promise<ExitCode>): Promise<void> {
  try {
    exit(await work())
  } catch (error) {
    if (!(error instanceof Refusal) && !isExpected(error)) throw error
    io.err(`error: ${messageOf(error)}\n`)
    if (error instanceof Refusal && error.help) io.err(`  = help: ${error.help}\n`)
    exit(1)
  }
}
