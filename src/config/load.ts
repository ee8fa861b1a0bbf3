import { dirname } from 'node:path'
import {
  type ast,
  type Diagnostic,
  hasErrors,
  type ParsedFile,
  parseFile,
  type Source,
} from '#grammar'
import type { Files } from '#sdk'
import { type CheckOptions, check, type Wire } from './check.js'
import { ImportResolver } from './modules/import-resolver.js'
import { type ImportedModule, isImport } from './modules/lexical.js'
import type { Checked, ExportsOf, Program } from './program.js'
import { sameValue } from './same.js'
import { hashOf, readSources } from './sources.js'

/** A checked config with what it wires to what. */
export interface CheckedConfig extends Checked {
  readonly wires: readonly Wire[]
  /** What could be read, by the import's id; undefined where nothing was looked for. */
  readonly imports?: ReadonlyMap<string, ImportedModule>
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

/** Checks texts, with what they import and the components that they name. */
export async function loadAndCheck(
  sources: readonly Source[],
  options: CheckOptions,
): Promise<CheckedConfig> {
  const parsed = sources.map((source) => parseFile(source))
  return syntaxErrors(sources, parsed) ?? new Config(sources, parsed, options).check()
}

/** Checks texts that name loaded components alone, and reads no imports. */
export function checkSources(sources: readonly Source[], options: CheckOptions): CheckedConfig {
  const parsed = sources.map((source) => parseFile(source))
  const surroundings = {
    ...{ imports: new Map(), lacksImports: false },
    ...{ folder: folderOf(sources), running: nothingRuns },
  }
  return (
    syntaxErrors(sources, parsed) ??
    checkedConfig(sources, parsed, check(filesOf(parsed), options, surroundings))
  )
}

/** Those of all texts are reported first, and alone. */
function syntaxErrors(
  sources: readonly Source[],
  parsed: readonly ParsedFile[],
): CheckedConfig | undefined {
  const diagnostics = parsed.flatMap((one) => one.diagnostics)
  if (!hasErrors(diagnostics)) return undefined
  return { program: undefined, wires: [], diagnostics, hash: hashOf(sources) }
}

const nothingRuns: ExportsOf = () => undefined

/** A config with imports, and foreach blocks that follow what runs. */
class Config {
  readonly #sources: readonly Source[]
  readonly #parsed: readonly ParsedFile[]
  readonly #options: CheckOptions

  constructor(sources: readonly Source[], parsed: readonly ParsedFile[], options: CheckOptions) {
    this.#sources = sources
    this.#parsed = parsed
    this.#options = options
  }

  async check(): Promise<CheckedConfig> {
    const resolver = await this.#resolve(new Map())
    return this.#checkWith(resolver, new Map(), nothingRuns)
  }

  async #resolve(
    told: ReadonlyMap<ast.Block, object>,
    known?: ImportResolver,
  ): Promise<ImportResolver | undefined> {
    const { registry, environment, imports } = this.#options
    const statements = filesOf(this.#parsed).flatMap(({ body }) => body)
    await registry.load(namesIn(statements))
    if (!imports) return undefined
    const resolver = new ImportResolver({ registry, environment, imports, told })
    const place = { folder: folderOf(this.#sources), prefix: '', notes: [] }
    await resolver.resolve(statements, place, known)
    const imported = [...resolver.modules.values()].flatMap(({ files }) => files)
    await registry.load(namesIn(imported.flatMap(({ body }) => body)))
    return resolver
  }

  async #checkWith(
    resolver: ImportResolver | undefined,
    told: ReadonlyMap<ast.Block, object>,
    running: ExportsOf,
  ): Promise<CheckedConfig> {
    const surroundings = {
      imports: resolver?.modules ?? new Map(),
      folder: folderOf(this.#sources),
      running,
      lacksImports: hasErrors(resolver?.diagnostics ?? []),
    }
    const found = check(filesOf(this.#parsed), this.#options, surroundings)
    const imported = [...(resolver?.sources.values() ?? [])].flat()
    const all = { ...found, diagnostics: [...(resolver?.diagnostics ?? []), ...found.diagnostics] }
    const imports = resolver?.byId ?? new Map()
    const checked = { ...checkedConfig(this.#sources, this.#parsed, all, imported), imports }
    await this.#judge(resolver, checked.diagnostics)
    const { program } = checked
    const waiting = resolver?.waiting ?? []
    if (!program || (found.inputs.length === 0 && waiting.length === 0)) return checked
    const renewed: CheckedConfig = {
      ...checked,
      program: {
        ...program,
        renew: async (exportsOf) => {
          const next = waiting.length > 0 ? toldBy(exportsOf, program, waiting) : told
          const isSame = found.inputs.every((input) => input(exportsOf)) && sameTold(told, next)
          if (isSame) return renewed
          const again = sameTold(told, next) ? resolver : await this.#resolve(next, resolver)
          return this.#checkWith(again, next, exportsOf)
        },
      },
    }
    return renewed
  }

  /** What each import brought, good or bad, as far as its own text goes. */
  async #judge(
    resolver: ImportResolver | undefined,
    diagnostics: readonly Diagnostic[],
  ): Promise<void> {
    if (!resolver) return
    const faults = new Map<string, string | undefined>()
    for (const [id, sources] of resolver.sources) {
      const fault = diagnostics.find(
        ({ severity, at }) => severity === 'error' && sources.includes(at.source),
      )
      faults.set(id, fault && describe(fault))
    }
    await this.#options.imports!.judge(faults, !hasErrors(diagnostics))
  }
}

function describe({ at: { source, start }, message }: Diagnostic): string {
  const { line, column } = source.positionAt(start)
  return `${source.name}:${line}:${column}: ${message}`
}

/** The arguments of imports as running components have them now. */
function toldBy(
  exportsOf: ExportsOf,
  { nodes }: Program,
  waiting: ImportResolver['waiting'],
): ReadonlyMap<ast.Block, object> {
  const told = new Map<ast.Block, object>()
  for (const { block, id } of waiting) {
    const node = nodes.find((one) => one.id === id)
    if (!node?.dependsOn.every((other) => exportsOf(other))) continue
    const { values } = node.evaluate(exportsOf)
    if (values) told.set(block, values)
  }
  return told
}

function sameTold(a: ReadonlyMap<ast.Block, object>, b: ReadonlyMap<ast.Block, object>): boolean {
  return (
    a === b ||
    (a.size === b.size && [...a].every(([block, values]) => sameValue(values, b.get(block))))
  )
}

function checkedConfig(
  sources: readonly Source[],
  parsed: readonly ParsedFile[],
  { nodes, wires, diagnostics }: ReturnType<typeof check>,
  imported: readonly Source[] = [],
): CheckedConfig {
  const hash = hashOf([...sources, ...imported])
  const syntax = parsed.flatMap((one) => one.diagnostics)
  const all = inTextOrder([...syntax, ...diagnostics], [...sources, ...imported])
  return { program: hasErrors(all) ? undefined : { nodes, hash }, wires, diagnostics: all, hash }
}

function filesOf(parsed: readonly ParsedFile[]): readonly ast.File[] {
  return parsed.map(({ file }) => file)
}

/** Relative paths start where the config is. */
function folderOf([first]: readonly Source[]): string {
  return first ? dirname(first.name) : '.'
}

/** Blocks that may be components, within modules too. */
function namesIn(statements: readonly ast.Statement[]): readonly string[] {
  return statements.flatMap((statement) => {
    if (statement.kind === 'attribute' || isImport(statement)) return []
    const isBody = BODIES.has(statement.name)
    return isBody ? [statement.name, ...namesIn(statement.body)] : [statement.name]
  })
}

const BODIES: ReadonlySet<string> = new Set(['declare', 'foreach', 'template'])

function inTextOrder(diagnostics: readonly Diagnostic[], sources: readonly Source[]) {
  const order = new Map(sources.map((source, index) => [source, index]))
  const last = sources.length
  return diagnostics.toSorted(
    (a, b) =>
      (order.get(a.at.source) ?? last) - (order.get(b.at.source) ?? last) ||
      a.at.start - b.at.start,
  )
}
