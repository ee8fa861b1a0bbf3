import type { ImportedModule } from '#config'
import type { BodyKind, Catalogue } from './catalogue.js'
import type { ConfigFile } from './config-file.js'
import { type CustomComponent, customComponents } from './declared-names.js'
import { type Scope, scopesOf } from './names.js'

/** A config as it is now, seen from one of its files; what answers a request reads this alone. */
export class ConfigView {
  readonly file: ConfigFile
  /** All files of the config, `file` among them. */
  readonly files: readonly ConfigFile[]
  readonly catalogue: Catalogue
  /** What its imports brought, by their ids. */
  readonly imports: ReadonlyMap<string, ImportedModule>
  #scopes: readonly [Scope, ...Scope[]] | undefined

  constructor(
    file: ConfigFile,
    files: readonly ConfigFile[],
    catalogue: Catalogue,
    imports: ReadonlyMap<string, ImportedModule>,
  ) {
    this.file = file
    this.files = files
    this.catalogue = catalogue
    this.imports = imports
  }

  /** The root first. */
  get scopes(): readonly [Scope, ...Scope[]] {
    this.#scopes ??= scopesOf(this.files)
    return this.#scopes
  }

  /** The scopes that an offset of `file` is in, the innermost first. */
  scopesAt(offset: number): readonly [Scope, ...Scope[]] {
    const [root, ...inner] = this.scopes
    const [first, ...others] = inner.filter(({ around }) => {
      if (around?.file !== this.file) return false
      const { open, close } = around.block
      return offset >= open.end && offset <= close.start
    })
    return first ? [first, ...others, root] : [root]
  }

  /** The innermost scope at an offset of `file`. */
  scopeAt(offset: number): Scope {
    return this.scopesAt(offset)[0]
  }

  /** The components that the config makes itself and a block at an offset can name. */
  customAt(offset: number): ReadonlyMap<string, CustomComponent> {
    return customComponents(this, offset)
  }

  /** The body inside blocks of these names, outermost first, at an offset of `file`. */
  bodyIn(blocks: readonly string[], offset: number): BodyKind {
    return this.catalogue.bodyIn(
      blocks,
      (name) => this.customAt(offset).get(name)?.signature.schema,
    )
  }
}
