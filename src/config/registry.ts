import type { Definition } from '#sdk'

/** All components there are, by name. */
export class Registry {
  readonly #definitions: ReadonlyMap<string, Definition>

  constructor(definitions: readonly Definition[]) {
    this.#definitions = new Map(definitions.map((definition) => [definition.name, definition]))
    if (this.#definitions.size < definitions.length) throw new Error('bug: a name is defined twice')
  }

  get(name: string): Definition | undefined {
    return this.#definitions.get(name)
  }

  /** Sorted. */
  get names(): readonly string[] {
    return [...this.#definitions.keys()].sort()
  }

  /** Config blocks exist whether they are written or not. */
  get configBlocks(): readonly Definition[] {
    return [...this.#definitions.values()].filter(({ kind }) => kind === 'config')
  }
}
