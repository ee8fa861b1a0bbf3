import { writeFile } from 'node:fs/promises'
import { readSources } from '#config'
import { format, parseFile, renderDiagnostics } from '#grammar'
import { messageOf, systemFiles } from '#sdk'
import type { ExitCode, Io } from './io.js'

export interface FmtOptions {
  /** Writes the result back instead of printing it. */
  readonly write?: boolean
  /** Prints nothing but the names of files that would change, and fails if there are any. */
  readonly test?: boolean
}

export async function fmt(
  paths: readonly string[],
  options: FmtOptions,
  io: Io,
): Promise<ExitCode> {
  let failed = false
  for (const path of paths) {
    const { sources, diagnostics: unreadable } = await readSources(path, systemFiles, io.input)
    if (unreadable.length > 0) {
      io.err(renderDiagnostics(unreadable, io))
      failed = true
    }
    for (const source of sources) {
      const { file, diagnostics } = parseFile(source)
      if (diagnostics.length > 0) {
        io.err(renderDiagnostics(diagnostics, io))
        failed = true
        continue
      }
      const text = format(file)
      // A file ends with a newline; one of nothing is left empty.
      const formatted = text === '' ? '' : `${text}\n`
      const changes = formatted !== source.text
      if (options.test) {
        if (changes) io.out(`${source.name}\n`)
        failed ||= changes
      } else if (options.write && path !== '-') {
        if (changes && !(await tryWrite(source.name, formatted, io))) failed = true
      } else {
        io.out(formatted)
      }
    }
  }
  return failed ? 1 : 0
}

async function tryWrite(path: string, text: string, io: Io): Promise<boolean> {
  try {
    await writeFile(path, text)
    return true
  } catch (error) {
    io.err(`error: cannot write ${path}: ${messageOf(error)}\n`)
    return false
  }
}
