import type { Readable, Writable } from 'node:stream'

/** Where a command reads and writes; tests hand in their own. */
export interface Io {
  out(text: string): void
  err(text: string): void
  /** All of standard input. */
  input(): Promise<Uint8Array>
  /** Standard input and output as they are, for a conversation. */
  streams(): { readonly input: Readable; readonly output: Writable }
  /** Lines of standard input as they are typed, each asked for with a prompt at a terminal. */
  lines(prompt: string): AsyncIterable<string>
  /** Asks who sits at the terminal, and gives the line that was typed; undefined without one. */
  readonly ask?: ((question: string) => Promise<string>) | undefined
  /** Whether `out` is a terminal, on which a table may be drawn again and again. */
  readonly isTerminal?: boolean
  /** Aborted once nobody reads any more what `out` is given, as behind `| head`. */
  readonly closed?: AbortSignal
  /** Whether what is written may be coloured. */
  readonly color: boolean
}

/** What every command ends with: 0 fine, 1 the config or the run failed, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2
