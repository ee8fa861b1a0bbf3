import {
  type ast,
  type Diagnostic,
  diagnose,
  hasErrors,
  type Note,
  parseFile,
  Source,
} from '#grammar'
import { type Definition, messageOf } from '#sdk'
import { idOf } from '../collect.js'
import { decodeBody } from '../decode-body.js'
import type { Environment } from '../environment.js'
import { evaluate } from '../evaluate.js'
import { libraryRoots } from '../functions/index.js'
import { pathsIn } from '../references.js'
import type { Registry } from '../registry.js'
import { ComponentScope } from '../scope.js'
import type { ImportedTexts, ImportReader } from './import-reader.js'
import { type ImportedModule, isImport } from './lexical.js'

/** Where the text with an import is. */
interface Place {
  readonly folder: string
  /** Before ids. */
  readonly prefix: string
  readonly notes: readonly Note[]
}

interface ResolverOptions {
  readonly registry: Registry
  readonly environment: Environment
  readonly imports: ImportReader
  /** Arguments of imports that only running components could tell. */
  readonly told: ReadonlyMap<ast.Block, object>
}

const DEPTH_MAX = 16
const MODULE_PATH = 'module_path'

/** Reads what a config imports, and what that imports in turn. */
export class ImportResolver {
  readonly modules = new Map<ast.Block, ImportedModule>()
  /** By the import's id, as are the sources. */
  readonly byId = new Map<string, ImportedModule>()
  readonly sources = new Map<string, readonly Source[]>()
  /** Imports whose arguments need what runs. */
  readonly waiting: { readonly block: ast.Block; readonly id: string }[] = []
  readonly diagnostics: Diagnostic[] = []
  readonly #options: ResolverOptions

  constructor(options: ResolverOptions) {
    this.#options = options
  }

  /** Nothing is read twice: `known` is what an earlier resolver read. */
  async resolve(
    statements: readonly ast.Statement[],
    place: Place,
    known?: ImportResolver,
  ): Promise<void> {
    const work: Promise<void>[] = []
    for (const block of statements) {
      if (block.kind === 'attribute' || !block.label) continue
      const prefix = `${place.prefix}${idOf(block)}`
      if (block.name === 'declare') {
        work.push(this.resolve(block.body, { ...place, prefix: `${prefix}/` }, known))
      } else if (isImport(block)) work.push(this.#import(block, prefix, place, known))
    }
    await Promise.all(work)
  }

  async #import(
    block: ast.Block,
    id: string,
    place: Place,
    known: ImportResolver | undefined,
  ): Promise<void> {
    const { registry, told } = this.#options
    const definition = registry.get(block.name)
    if (!definition) return
    const isWaiting = needsComponents(block)
    if (isWaiting) this.waiting.push({ block, id })
    const values = isWaiting ? told.get(block) : this.#values(definition, block, place)
    if (!values) return
    const notes = [{ message: `imported by ${id}`, at: block.head }, ...place.notes]
    const earlier = known?.modules.get(block)
    if (earlier && !isWaiting) {
      this.modules.set(block, earlier)
      this.byId.set(id, earlier)
      this.sources.set(id, known!.sources.get(id) ?? [])
    } else if (!(await this.#read(block, id, values, place, notes))) return
    const module = this.modules.get(block)!
    const statements = module.files.flatMap(({ body }) => body)
    const inner = { folder: module.folder, prefix: `${id}/`, notes }
    if (notes.length <= DEPTH_MAX) return this.resolve(statements, inner, known)
    const message = `imports are nested deeper than ${DEPTH_MAX}`
    this.diagnostics.push(diagnose('expansion-limit', block.head, { message }, notes.slice(1, 4)))
  }

  /** False where nothing came of it, which is reported. */
  async #read(
    block: ast.Block,
    id: string,
    values: object,
    { folder, notes: around }: Place,
    notes: readonly Note[],
  ): Promise<boolean> {
    const { imports } = this.#options
    try {
      const { texts, stale, ...read } = await imports.read({ id, name: block.name, values, folder })
      if (stale !== undefined) {
        this.diagnostics.push(diagnose('import-stale', block.head, { id, message: stale }, around))
      }
      const sources = texts.map(sourceOf)
      this.sources.set(id, sources)
      const parsed = sources.map((source) => parseFile(source))
      const faults = parsed.flatMap(({ diagnostics }) => diagnostics)
      this.diagnostics.push(
        ...faults.map((fault) => ({ ...fault, notes: [...fault.notes, ...notes] })),
      )
      if (hasErrors(faults)) return false
      const module = { files: parsed.map(({ file }) => file), folder: read.folder }
      this.modules.set(block, module)
      this.byId.set(id, module)
      return true
    } catch (error) {
      const facts = { id, message: messageOf(error) }
      this.diagnostics.push(diagnose('import-failed', block.head, facts, around))
      return false
    }
  }

  /** Its faults are reported where all nodes are checked. */
  #values(definition: Definition, block: ast.Block, { folder }: Place): object | undefined {
    const components = new ComponentScope()
    components.set(MODULE_PATH, folder)
    const { environment } = this.#options
    const { ok, values } = decodeBody(definition.name, block, definition.schema, {
      component: definition.name,
      evaluate: (expression) => evaluate(expression, { components, environment, lenient: false }),
      report: () => {},
      wire: () => {},
    })
    return ok ? values : undefined
  }
}

const SOURCES = new WeakMap<object, Source>()

function sourceOf(imported: ImportedTexts['texts'][number]): Source {
  const known = SOURCES.get(imported)
  if (known) return known
  const source = new Source(imported.name, imported.text)
  SOURCES.set(imported, source)
  return source
}

function needsComponents(block: ast.Block): boolean {
  return pathsIn(block.body).some(({ parts }) => {
    return parts[0] !== MODULE_PATH && !libraryRoots.includes(parts[0]!)
  })
}
