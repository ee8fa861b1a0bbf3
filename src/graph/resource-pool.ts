import { Permanent, type Resource } from '#sdk'

/** Who leases: an instance. `leaving` is set while a plan is to replace or remove it. */
export interface Holder {
  readonly id: string
  readonly leaving: boolean
}

interface Entry {
  readonly resource: Promise<Resource>
  readonly holders: Set<Holder>
}

/** What outlives instances, by key: closed when nobody holds it any more. */
export class ResourcePool {
  readonly #entries = new Map<string, Entry>()
  /** What is being closed: it is opened again only after that. */
  readonly #closing = new Map<string, Promise<void>>()

  async lease<R extends Resource>(key: string, holder: Holder, open: () => Promise<R>): Promise<R> {
    const held = this.#entries.get(key)
    const other = held && othersThatStay(held, holder)[0]
    if (other) throw new Permanent(`${key} is in use by ${other.id}`)
    const closed = this.#closing.get(key) ?? Promise.resolve()
    const entry = held ?? { resource: closed.then(open), holders: new Set() }
    this.#entries.set(key, entry)
    entry.holders.add(holder)
    try {
      return (await entry.resource) as R
    } catch (error) {
      entry.holders.delete(holder)
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
      throw error
    }
  }

  /** A key of `holder` that another has leased to keep, while `holder` was thought to leave. */
  takenFrom(holder: Holder): { readonly key: string; readonly by: Holder } | undefined {
    for (const [key, entry] of this.#entries) {
      const [by] = entry.holders.has(holder) ? othersThatStay(entry, holder) : []
      if (by) return { key, by }
    }
    return undefined
  }

  /** Ends all leases of a holder. Rejects, after all are closed, when one could not be. */
  async release(holder: Holder): Promise<void> {
    const closings: Promise<void>[] = []
    for (const [key, { resource, holders }] of this.#entries) {
      if (!holders.delete(holder) || holders.size > 0) continue
      this.#entries.delete(key)
      closings.push(this.#close(key, resource))
    }
    for (const closing of await Promise.allSettled(closings)) {
      if (closing.status === 'rejected') throw closing.reason
    }
  }

  /** The leases of one holder become another's, so that nothing is closed in between. */
  adopt(from: Holder, to: Holder): void {
    for (const { holders } of this.#entries.values()) {
      if (holders.delete(from)) holders.add(to)
    }
  }

  keysOf(id: string): readonly string[] {
    const keys: string[] = []
    for (const [key, { holders }] of this.#entries) {
      if ([...holders].some((holder) => holder.id === id)) keys.push(key)
    }
    return keys
  }

  async #close(key: string, resource: Promise<Resource>): Promise<void> {
    const closing = resource.then((open) => open.close())
    const settled = closing.catch(() => {})
    this.#closing.set(key, settled)
    await settled
    if (this.#closing.get(key) === settled) this.#closing.delete(key)
    await closing
  }
}

/** Holders under another id that no plan takes away. */
function othersThatStay({ holders }: Entry, holder: Holder): readonly Holder[] {
  return [...holders].filter((one) => one.id !== holder.id && !one.leaving)
}
