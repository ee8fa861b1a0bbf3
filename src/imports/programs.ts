import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { Permanent, Retryable } from '#sdk'

/** Other programs of the machine. */
export interface Programs {
  /**
   * Runs one to its end and gives its standard output. Rejects with `Permanent` where there is no
   * such program, and with `Retryable` and what it wrote where it fails or `giveUp` aborts.
   */
  run(
    program: string,
    args: readonly string[],
    options: {
      readonly environment: Readonly<Record<string, string>>
      readonly giveUp: AbortSignal
    },
  ): Promise<string>
  /** A folder for what may be lost. */
  readonly temporary: string
}

const OUTPUT_BYTES_MAX = 1024 * 1024
const SHOWN_LENGTH = 300

/** The programs of this machine; each gets `variables` as its environment, and what a call adds. */
export function systemPrograms(variables: Readonly<Record<string, string | undefined>>): Programs {
  return {
    temporary: tmpdir(),
    run: (program, args, { environment, giveUp }) =>
      new Promise((resolve, reject) => {
        const options = {
          env: { ...variables, ...environment },
          signal: giveUp,
          maxBuffer: OUTPUT_BYTES_MAX,
        }
        execFile(program, [...args], options, (error, stdout, stderr) => {
          if (!error) return resolve(stdout)
          if ('code' in error && error.code === 'ENOENT') {
            return reject(new Permanent(`there is no program "${program}" here: install it`))
          }
          const said = stderr.trim().replaceAll(/\s+/g, ' ').slice(0, SHOWN_LENGTH)
          const reason = giveUp.aborted ? 'it took too long' : said || error.message
          reject(new Retryable(`${program} failed: ${reason}`, { cause: error }))
        })
      }),
  }
}
