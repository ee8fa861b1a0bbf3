import type { Value } from '#sdk'
import { isArray, isObject } from '../../kind.js'
import { LIMITS } from '../../limits.js'
import { passes } from './filter.js'
import type { Path, Segment, Selector } from './path.js'

/** A path that looks at too much, or finds too much. */
export class SelectionFault extends Error {}

/** Values looked at: filters within descents within filters can take for ever. */
const STEPS_MAX = 5_000_000

/** Selects from one document. */
export class Selection {
  readonly #root: Value
  #steps = 0

  constructor(root: Value) {
    this.#root = root
  }

  /** What a path leads to from `current`. Throws `SelectionFault`. */
  from(current: Value, path: Path): readonly Value[] {
    let values: readonly Value[] = [current]
    for (const segment of path) {
      const found: Value[] = []
      for (const value of values) this.#follow(value, segment, found)
      values = found
    }
    return values
  }

  passes(value: Value, selector: Selector & { readonly kind: 'filter' }): boolean {
    return passes(selector.test, (path) => this.from(value, path))
  }

  #follow(value: Value, segment: Segment, found: Value[]): void {
    switch (segment.kind) {
      case 'root':
        found.push(this.#root)
        return
      case 'current':
        found.push(value)
        return
      case 'everything':
        this.#everything(value, found)
        found.push(value)
        return
      case 'select':
        if (segment.deep) {
          for (const child of childrenOf(value)) this.#follow(child, segment, found)
        }
        for (const selector of segment.selectors) this.#select(value, selector, found)
    }
  }

  #everything(value: Value, found: Value[]): void {
    const children = childrenOf(value)
    for (const child of children) this.#add(child, found)
    for (const child of children) this.#everything(child, found)
  }

  #select(value: Value, selector: Selector, found: Value[]): void {
    this.#step()
    switch (selector.kind) {
      case 'name': {
        const field = isObject(value) ? value.get(selector.name) : undefined
        if (field !== undefined) this.#add(field, found)
        return
      }
      case 'index': {
        const item = isArray(value) ? value.at(selector.index) : undefined
        if (item !== undefined) this.#add(item, found)
        return
      }
      case 'wildcard':
        for (const child of childrenOf(value)) this.#add(child, found)
        return
      case 'slice':
        if (isArray(value)) for (const item of sliceOf(value, selector)) this.#add(item, found)
        return
      case 'filter':
        for (const child of childrenOf(value)) {
          if (this.passes(child, selector)) this.#add(child, found)
        }
    }
  }

  #add(value: Value, found: Value[]): void {
    this.#step()
    if (found.length >= LIMITS.items) throw new SelectionFault(LIMITS.tooManyItems)
    found.push(value)
  }

  #step(): void {
    if (++this.#steps > STEPS_MAX) throw new SelectionFault('the path looks at too many values')
  }
}

function childrenOf(value: Value): readonly Value[] {
  if (isArray(value)) return value
  return isObject(value) ? [...value.values()] : []
}

/** As RFC 9535 has it: what a negative step leaves out begins at the end. */
function* sliceOf(
  items: readonly Value[],
  { start, end, step }: Selector & { readonly kind: 'slice' },
): Iterable<Value> {
  const place = (index: number) => (index < 0 ? items.length + index : index)
  if (step > 0) {
    const last = Math.min(place(end ?? items.length), items.length)
    for (let at = Math.max(place(start ?? 0), 0); at < last; at += step) yield items[at]!
  } else if (step < 0) {
    const last = end === undefined ? -1 : Math.max(place(end), -1)
    const first = Math.min(place(start ?? items.length - 1), items.length - 1)
    for (let at = first; at > last; at += step) yield items[at]!
  }
}
