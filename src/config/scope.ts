import type { Value } from '#sdk'

/**
 * What a reference's first names lead to: a component by its dotted id, or a step on the way to
 * one.
 */
export class ComponentScope {
  readonly #root = new Map<string, Value>()

  /** Makes a value, such as the exports of a component, reachable under a path. */
  set(path: string, value: Value): void {
    const parts = path.split('.')
    let at = this.#root
    for (const part of parts.slice(0, -1)) {
      const known = at.get(part)
      const next: Map<string, Value> = known instanceof Map ? known : new Map()
      at.set(part, next)
      at = next
    }
    at.set(parts.at(-1)!, value)
  }

  names(): Iterable<string> {
    return this.#root.keys()
  }

  lookup(name: string): Value | undefined {
    return this.#root.get(name)
  }
}
