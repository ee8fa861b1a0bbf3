import type { Value } from '#sdk'

/**
 * What a reference's first names lead to: a component by its dotted id, or a step on the way to
 * one.
 */
export class ComponentScope {
  readonly #root = new Map<string, Value>()

  /** Makes a value, such as the exports of a component, reachable under a path. */
  set(path: string, value: Value): void {
    let at = this.#root
    let start = 0
    for (let end = path.indexOf('.'); end >= 0; end = path.indexOf('.', start)) {
      const part = path.slice(start, end)
      let next = at.get(part)
      if (!(next instanceof Map)) {
        next = new Map<string, Value>()
        at.set(part, next)
      }
      at = next as Map<string, Value>
      start = end + 1
    }
    at.set(path.slice(start), value)
  }

  names(): Iterable<string> {
    return this.#root.keys()
  }

  lookup(name: string): Value | undefined {
    return this.#root.get(name)
  }
}
