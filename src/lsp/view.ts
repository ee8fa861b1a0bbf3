import type { Catalogue } from './catalogue.js'
import type { ConfigFile } from './config-file.js'
import { type Scope, scopesOf } from './names.js'

/** A config as it is now, seen from one of its files; what answers a request reads this alone. */
export class ConfigView {
  readonly file: ConfigFile
  /** All files of the config, `file` among them. */
  readonly files: readonly ConfigFile[]
  readonly catalogue: Catalogue
  #scopes: readonly [Scope, ...Scope[]] | undefined

  constructor(file: ConfigFile, files: readonly ConfigFile[], catalogue: Catalogue) {
    this.file = file
    this.files = files
    this.catalogue = catalogue
  }

  /** The root first. */
  get scopes(): readonly [Scope, ...Scope[]] {
    this.#scopes ??= scopesOf(this.files)
    return this.#scopes
  }

  /** The innermost scope at an offset of `file`. */
  scopeAt(offset: number): Scope {
    const [root, ...inner] = this.scopes
    const isAround = (scope: Scope) =>
      scope.declarations.some(({ file, block }) => {
        const { start, end } = block.span
        return file === this.file && offset >= start && offset <= end
      })
    return inner.find(isAround) ?? root
  }
}
