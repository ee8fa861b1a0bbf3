import type { Definition } from '#sdk'
import { moduleBlocks } from './modules/blocks.js'

/** Modules of components by the component's name. */
export type Loaders = Readonly<Record<string, () => Promise<{ readonly default: Definition }>>>

/** All components there are, by name. */
export class Registry {
  readonly #definitions: Map<string, Definition>
  /** Of those that no config has named so far: the code of all would double the time to start. */
  readonly #loaders: Map<string, Loaders[string]>

  constructor(definitions: readonly Definition[], loaders: Loaders = {}) {
    const all = [...moduleBlocks, ...definitions]
    this.#definitions = new Map(all.map((definition) => [definition.name, definition]))
    if (this.#definitions.size < all.length) throw new Error('bug: a name is defined twice')
    this.#loaders = new Map(Object.entries(loaders))
  }

  /** Makes `get` know those of the names that are a component's. */
  async load(names: Iterable<string>): Promise<void> {
    await Promise.all(Array.from(new Set(names), (name) => this.#load(name)))
  }

  /** Of what has been loaded. */
  get(name: string): Definition | undefined {
    if (this.#loaders.has(name)) throw new Error(`bug: ${name} is not loaded`)
    return this.#definitions.get(name)
  }

  /** Sorted. */
  get names(): readonly string[] {
    return [...this.#definitions.keys(), ...this.#loaders.keys()].sort()
  }

  /** Config blocks exist whether they are written or not. */
  get configBlocks(): readonly Definition[] {
    return [...this.#definitions.values()].filter(({ kind }) => kind === 'config')
  }

  async #load(name: string): Promise<void> {
    const definition = (await this.#loaders.get(name)?.())?.default
    if (!definition) return
    this.#definitions.set(name, definition)
    this.#loaders.delete(name)
  }
}
