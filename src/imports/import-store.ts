import type { ImportedTexts, ImportReader, ImportRequest } from '#config'
import { isExpected, messageOf } from '#sdk'
import { checksumOf, verify } from './checksum.js'
import type { ImportKind, ImportWorld, Texts } from './import-kind.js'
import { LastGood } from './last-good.js'

/** What is known of an import that a config has. */
interface Known {
  readonly request: ImportRequest
  readonly source: string
  /** What the last check was given. */
  readonly texts: Texts
  readonly hash: string
}

const NEVER = new AbortController().signal

/** Reads imports, and remembers how that went and what was good. */
export class ImportStore implements ImportReader {
  readonly #kinds: ReadonlyMap<string, ImportKind>
  readonly #known = new Map<string, Known>()
  /** What is wrong with the text that an import brings now. */
  readonly #faults = new Map<string, string>()
  #world: ImportWorld | undefined
  #lastGood: LastGood | undefined
  #onChange: (() => void) | undefined

  constructor(kinds: readonly ImportKind[]) {
    this.#kinds = new Map(kinds.map((kind) => [kind.definition.name, kind]))
  }

  /** Must come before anything is read. */
  open(world: ImportWorld): void {
    this.#world = world
    this.#lastGood = new LastGood(world)
  }

  /** Calls back when an import brings something else than the last check was given. */
  onChange(callback: () => void): void {
    this.#onChange = callback
  }

  /** Reads without remembering, for configs that are not to run. */
  get aside(): ImportReader {
    return {
      read: async (request) => (await this.#read(request)).imported,
      judge: () => Promise.resolve(),
    }
  }

  async read(request: ImportRequest): Promise<ImportedTexts> {
    const { imported, known } = await this.#read(request)
    this.#known.set(request.id, known)
    return imported
  }

  async judge(faults: ReadonlyMap<string, string | undefined>, isAccepted: boolean): Promise<void> {
    const kept: Promise<void>[] = []
    for (const [id, fault] of faults) {
      if (fault === undefined) this.#faults.delete(id)
      else this.#faults.set(id, fault)
      const known = this.#known.get(id)
      const kind = known && this.#kinds.get(known.request.name)
      if (!isAccepted || !known || kind?.everyMs(known.request.values) === undefined) continue
      kept.push(this.#lastGood!.keep(id, known.source, known.texts))
    }
    await Promise.all(kept)
  }

  faultOf(id: string): string | undefined {
    return this.#faults.get(id)
  }

  requestOf(id: string): ImportRequest | undefined {
    return this.#known.get(id)?.request
  }

  /** Reads what there is now; its hash where the last check was given something else. */
  async look(id: string, giveUp: AbortSignal): Promise<string | undefined> {
    const known = this.#known.get(id)
    if (!known) return undefined
    const hash = hashOf(await this.#fetch(known.request, giveUp))
    return hash === known.hash ? undefined : hash
  }

  changed(): void {
    this.#onChange?.()
  }

  async #read(request: ImportRequest) {
    const source = this.#kinds.get(request.name)!.sourceOf(request.values, request)
    let texts: Texts
    let stale: string | undefined
    try {
      texts = await this.#fetch(request, NEVER)
    } catch (error) {
      if (!isExpected(error)) throw error
      const kept = await this.#lastGood!.find(request.id, source)
      if (!kept) throw error
      texts = verify(kept, this.#checksum(request))
      stale = messageOf(error)
    }
    const hash = hashOf(texts)
    const earlier = this.#known.get(request.id)
    // What has not changed stays the same object: the checker knows it again, and what it holds.
    if (earlier?.hash === hash) texts = { texts: earlier.texts.texts, folder: texts.folder }
    const known: Known = { request, source, texts, hash }
    return { imported: { ...texts, stale }, known }
  }

  async #fetch(request: ImportRequest, giveUp: AbortSignal): Promise<Texts> {
    const kind = this.#kinds.get(request.name)!
    const { texts, folder } = await kind.read(request.values, request, this.#world!, giveUp)
    return verify({ texts, folder }, this.#checksum(request))
  }

  #checksum({ name, values }: ImportRequest): string | undefined {
    return this.#kinds.get(name)!.checksum(values)
  }
}

function hashOf(texts: Texts): string {
  return `${texts.texts.map(({ name }) => name).join('\0')} ${checksumOf(texts)}`
}
