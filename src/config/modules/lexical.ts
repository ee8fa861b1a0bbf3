import { type ast, type Diagnostic, diagnose, type Note } from '#grammar'

/** A `declare` block, and what its body can use. */
export interface Declare {
  readonly block: ast.Block
  readonly inner: Lexical
  /** Set once an instance of it was expanded. */
  used: boolean
}

/** What an import brings, or that it is not known yet. */
export interface Namespace {
  readonly block: ast.Block
  /** "import.file.lib", with that of the text it stands in before it. */
  readonly id: string
  /** Undefined until it has been read, or where that failed. */
  readonly content: Lexical | undefined
}

/** The texts that an import brings, parsed. */
export interface ImportedModule {
  readonly files: readonly ast.File[]
  /** `module_path` in them. */
  readonly folder: string
}

/** By the import block; what is missing has not been read. */
export type Imports = ReadonlyMap<ast.Block, ImportedModule>

const IMPORT = 'import.'

export function isImport({ name }: ast.Block): boolean {
  return name.startsWith(IMPORT)
}

/** The components that a body can name besides those there always are: lexical, like the text. */
export class Lexical {
  readonly declares = new Map<string, Declare>()
  readonly namespaces = new Map<string, Namespace>()
  readonly outer: Lexical | undefined
  readonly statements: readonly ast.Statement[]
  readonly folder: string
  /** Before the ids of imports in it. */
  readonly prefix: string
  /** Where the text was imported, the nearest first. */
  readonly notes: readonly Note[]
  readonly diagnostics: Diagnostic[] = []

  constructor(
    statements: readonly ast.Statement[],
    place: Pick<Lexical, 'folder' | 'prefix' | 'notes' | 'outer'>,
    imports: Imports,
  ) {
    this.statements = statements
    this.folder = place.folder
    this.prefix = place.prefix
    this.notes = place.notes
    this.outer = place.outer
    for (const statement of statements) {
      if (statement.kind === 'attribute' || !statement.label) continue
      if (statement.name === 'declare') this.#declare(statement, imports)
      else if (isImport(statement)) this.#import(statement, imports)
    }
  }

  get isImported(): boolean {
    return this.notes.length > 0
  }

  /** All of them, those of bodies inside included. */
  *everyDeclare(): Generator<Declare> {
    for (const declare of this.declares.values()) {
      yield declare
      yield* declare.inner.everyDeclare()
    }
    for (const { content } of this.namespaces.values()) if (content) yield* content.everyDeclare()
  }

  /** The module of a block's name; 'opaque' where it is in an import that was not read. */
  find(name: string): Declare | 'opaque' | undefined {
    const declare = this.declares.get(name)
    if (declare) return declare
    const dot = name.indexOf('.')
    const namespace = dot > 0 ? this.namespaces.get(name.slice(0, dot)) : undefined
    if (namespace) {
      if (!namespace.content) return 'opaque'
      return namespace.content.declares.get(name.slice(dot + 1))
    }
    return this.outer?.find(name)
  }

  /** Names of blocks that stand for modules here. */
  names(): readonly string[] {
    const imported = [...this.namespaces].flatMap(([label, { content }]) =>
      [...(content?.declares.keys() ?? [])].map((name) => `${label}.${name}`),
    )
    return [...this.declares.keys(), ...imported, ...(this.outer?.names() ?? [])]
  }

  /** The namespace that a name is in, if it is in one. */
  namespaceOf(name: string): Namespace | undefined {
    const dot = name.indexOf('.')
    return this.namespaces.get(name.slice(0, Math.max(dot, 0))) ?? this.outer?.namespaceOf(name)
  }

  #declare(block: ast.Block, imports: Imports): void {
    const name = block.label!.text
    const earlier = this.declares.get(name)
    if (earlier) {
      this.#twice(`declare.${name}`, block, earlier.block)
      return
    }
    const { folder, notes } = this
    const place = { folder, notes, outer: this, prefix: `${this.prefix}declare.${name}/` }
    const inner = new Lexical(block.body, place, imports)
    this.diagnostics.push(...inner.diagnostics)
    this.declares.set(name, { block, inner, used: false })
  }

  #import(block: ast.Block, imports: Imports): void {
    const label = block.label!.text
    const earlier = this.namespaces.get(label)
    if (earlier) {
      this.#twice(`${block.name}.${label}`, block, earlier.block)
      return
    }
    const id = `${this.prefix}${block.name}.${label}`
    const read = imports.get(block)
    const note = { message: `imported by ${id}`, at: block.head }
    const content =
      read &&
      new Lexical(
        read.files.flatMap(({ body }) => body),
        {
          folder: read.folder,
          prefix: `${id}/`,
          notes: [note, ...this.notes],
          outer: undefined,
        },
        imports,
      )
    this.diagnostics.push(...(content?.diagnostics ?? []))
    this.namespaces.set(label, { block, id, content })
  }

  #twice(id: string, block: ast.Block, earlier: ast.Block): void {
    const notes = [{ message: 'the first one is here', at: earlier.head }, ...this.notes]
    this.diagnostics.push(diagnose('duplicate-component', block.head, { id }, notes))
  }
}
