import { type Diagnostic, hasErrors, type ParsedFile, parseFile, type Source } from '#grammar'
import type { Files } from '#sdk'
import { type CheckOptions, check, type Wire } from './check.js'
import type { Checked } from './program.js'
import { hashOf, readSources } from './sources.js'

/** A checked config with what it wires to what. */
export interface CheckedConfig extends Checked {
  readonly wires: readonly Wire[]
}

/** Reads and checks the config at `path`; see `readSources` for what that may be. */
export async function checkConfig(
  path: string,
  files: Files,
  input: () => Promise<Uint8Array>,
  options: CheckOptions,
): Promise<CheckedConfig> {
  const { sources, diagnostics } = await readSources(path, files, input)
  const checked = await loadAndCheck(sources, options)
  if (diagnostics.length === 0) return checked
  return { ...checked, program: undefined, diagnostics: [...diagnostics, ...checked.diagnostics] }
}

/** Checks texts, with the components that they name loaded first. */
export async function loadAndCheck(
  sources: readonly Source[],
  options: CheckOptions,
): Promise<CheckedConfig> {
  const parsed = sources.map((source) => parseFile(source))
  const statements = parsed.flatMap(({ file }) => file.body)
  const blocks = statements.filter((statement) => statement.kind === 'block')
  await options.registry.load(blocks.map(({ name }) => name))
  return checkParsed(sources, parsed, options)
}

/** Checks texts that name loaded components alone. */
export function checkSources(sources: readonly Source[], options: CheckOptions): CheckedConfig {
  const parsed = sources.map((source) => parseFile(source))
  return checkParsed(sources, parsed, options)
}

/** Syntax errors of all of them are reported first, and alone. */
function checkParsed(
  sources: readonly Source[],
  parsed: readonly ParsedFile[],
  options: CheckOptions,
): CheckedConfig {
  const hash = hashOf(sources)
  const syntax = parsed.flatMap(({ diagnostics }) => diagnostics)
  if (hasErrors(syntax)) return { program: undefined, wires: [], diagnostics: syntax, hash }
  const { nodes, wires, diagnostics } = check(
    parsed.map(({ file }) => file),
    options,
  )
  const all = inTextOrder([...syntax, ...diagnostics], sources)
  return { program: hasErrors(all) ? undefined : { nodes, hash }, wires, diagnostics: all, hash }
}

function inTextOrder(diagnostics: readonly Diagnostic[], sources: readonly Source[]) {
  const order = new Map(sources.map((source, index) => [source, index]))
  return diagnostics.toSorted(
    (a, b) =>
      (order.get(a.at.source) ?? 0) - (order.get(b.at.source) ?? 0) || a.at.start - b.at.start,
  )
}
