import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CONFIG_FILE, readSources } from '#config'
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
  const files = await Promise.all(paths.map((path) => configsUnder(path)))
  for (const path of files.flat()) {
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

/** Folders in each other; a symbolic link may lead around in a circle. */
const DEPTH_MAX = 32

/**
 * The configs of a folder and of those in it, but not of hidden ones; the path itself where it is
 * no folder, or has none.
 */
async function configsUnder(path: string): Promise<readonly string[]> {
  const found: string[] = []
  const walk = async (folder: string, depth: number): Promise<void> => {
    for (const { name, isFolder } of (await systemFiles.entries(folder)) ?? []) {
      const isHidden = name.startsWith('.') || name === 'node_modules'
      if (isFolder && !isHidden && depth < DEPTH_MAX) await walk(join(folder, name), depth + 1)
      else if (!isFolder && CONFIG_FILE.test(name)) found.push(join(folder, name))
    }
  }
  if (path !== '-') await walk(path, 0)
  return found.length > 0 ? found.sort() : [path]
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
