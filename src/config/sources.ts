import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type Diagnostic, diagnose, readSource, Source } from '#grammar'
import { type Files, messageOf } from '#sdk'

/** Files of a folder that are part of its config. */
export const CONFIG_FILE = /\.(river|alloy)$/

export interface Sources {
  readonly sources: readonly Source[]
  /** What could not be read. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The texts of a config: a file, the `*.river` and `*.alloy` files directly in a folder in the
 * order of their names, or standard input for "-".
 */
export async function readSources(
  path: string,
  files: Files,
  input: () => Promise<Uint8Array>,
): Promise<Sources> {
  if (path === '-') return { sources: [readSource('-', await input())], diagnostics: [] }
  const names = await files.names(path)
  const paths = names
    ? names.filter((name) => CONFIG_FILE.test(name)).map((name) => join(path, name))
    : [path]
  const sources: Source[] = []
  const diagnostics: Diagnostic[] = []
  for (const one of paths) {
    try {
      sources.push(readSource(one, await files.read(one)))
    } catch (error) {
      diagnostics.push(unreadable(one, messageOf(error)))
    }
  }
  if (paths.length === 0) {
    diagnostics.push(unreadable(path, `there is no *.river or *.alloy file in ${path}`))
  }
  return { sources, diagnostics }
}

/** One text for another: of names and contents. */
export function hashOf(sources: readonly Source[]): string {
  const hash = createHash('sha256')
  for (const { name, text } of sources) hash.update(`${name}\0${text}\0`)
  return hash.digest('hex')
}

function unreadable(name: string, message: string): Diagnostic {
  const source = new Source(name, '')
  return diagnose('unreadable', { source, start: 0, end: 0 }, { message })
}
