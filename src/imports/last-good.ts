import { type Disk, folderOfId, messageOf } from '#sdk'
import type { ImportWorld, Texts } from './import-kind.js'

/** As it lies on disk: `imports/ID.json` below the storage path. */
interface Kept extends Texts {
  readonly source: string
}

/** What accepted configs imported, for starts while the source is away. */
export class LastGood {
  readonly #world: ImportWorld
  readonly #kept = new Map<string, Kept>()

  constructor(world: ImportWorld) {
    this.#world = world
  }

  /** Undefined where nothing was kept of that source. */
  async find(id: string, source: string): Promise<Texts | undefined> {
    const kept = this.#kept.get(id) ?? (await this.#load(id))
    if (kept) this.#kept.set(id, kept)
    return kept?.source === source ? kept : undefined
  }

  /** A failure only means that a later start cannot fall back on it. */
  async keep(id: string, source: string, { texts, folder }: Texts): Promise<void> {
    const { disk, storagePath, log } = this.#world
    if (this.#isKept(id, source, { texts, folder })) return
    const text = JSON.stringify({ source, texts, folder })
    const earlier = await this.find(id, source)
    if (
      earlier &&
      JSON.stringify({ source, texts: earlier.texts, folder: earlier.folder }) === text
    ) {
      this.#kept.set(id, { source, texts, folder })
      return
    }
    this.#kept.set(id, { source, texts, folder })
    if (storagePath === undefined) return
    try {
      await write(disk, `${storagePath}/imports`, `${folderOfId(id)}.json`, text)
    } catch (error) {
      log.warn('cannot keep what was imported', { import: id, error: messageOf(error) })
    }
  }

  /** Without a look at the texts, which are the same objects where nothing has changed. */
  #isKept(id: string, source: string, { texts, folder }: Texts): boolean {
    const kept = this.#kept.get(id)
    return kept?.texts === texts && kept.folder === folder && kept.source === source
  }

  async #load(id: string): Promise<Kept | undefined> {
    const { disk, storagePath } = this.#world
    if (storagePath === undefined) return undefined
    try {
      const text = await read(disk, `${storagePath}/imports/${folderOfId(id)}.json`)
      const kept = JSON.parse(text) as Partial<Kept>
      return Array.isArray(kept.texts) ? (kept as Kept) : undefined
    } catch {
      return undefined
    }
  }
}

async function read(disk: Disk, path: string): Promise<string> {
  const file = await disk.open(path, 'read')
  try {
    const bytes = Buffer.alloc(file.size)
    await file.read(bytes, 0)
    return bytes.toString()
  } finally {
    await file.close()
  }
}

async function write(disk: Disk, folder: string, name: string, text: string): Promise<void> {
  await disk.makeFolder(folder)
  const path = `${folder}/${name}`
  const fresh = `${path}.new`
  await disk.remove(fresh)
  const file = await disk.open(fresh, 'create')
  try {
    await file.write([Buffer.from(text)], 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await disk.rename(fresh, path)
  await disk.syncFolder(folder)
}
