import { crc32 } from 'node:zlib'
import type { Disk } from '#sdk'

/** What was found wrong when a segment was opened or read. */
export interface Damage {
  readonly path: string
  readonly offset: number
  readonly bytes: number
  /**
   * "torn": the end of a file, as a crash leaves a write that nobody was told is safe. "record": a
   * record that was whole once. "segment": a file whose header says nothing, with all its records.
   */
  readonly kind: 'torn' | 'record' | 'segment'
  /** Undefined where that cannot be read either. */
  readonly items: number | undefined
}

export const QUARANTINE = 'quarantine'
/** Files in the folder; the oldest make room for the newest. */
const FILES_MAX = 64

/** A folder for bytes that cannot be read, for whoever wants to look. */
export class Quarantine {
  readonly #disk: Disk
  readonly #folder: string

  constructor(disk: Disk, folder: string) {
    this.#disk = disk
    this.#folder = `${folder}/${QUARANTINE}`
  }

  /** A disk that takes no more does not stop the others. */
  async keep(damage: Damage, bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return
    // Numbers of segments come again once their folder is empty.
    const sum = crc32(bytes).toString(16).padStart(8, '0')
    const name = `${nameOf(damage.path)}-${damage.offset}-${sum}.${damage.kind}`
    const path = `${this.#folder}/${name}`
    try {
      const names = await this.#makeRoom()
      // It is from a start that a crash ended, perhaps before it was safe.
      if (names.includes(name)) await this.#disk.remove(path)
      const file = await this.#disk.open(path, 'create')
      try {
        await file.write([bytes], 0)
        await file.sync()
      } finally {
        await file.close()
      }
      await this.#disk.syncFolder(this.#folder)
    } catch {
      // There is no room, or the disk fails.
    }
  }

  /** Moves a whole file there, so that nobody stumbles over it again. */
  async move({ path }: Damage): Promise<void> {
    const names = await this.#makeRoom()
    const base = nameOf(path)
    let name = `${base}.segment`
    for (let n = 2; names.includes(name); n++) name = `${base}-${n}.segment`
    await this.#disk.rename(path, `${this.#folder}/${name}`)
    await this.#disk.syncFolder(this.#folder)
  }

  /** Gives the names that are there. */
  async #makeRoom(): Promise<readonly string[]> {
    await this.#disk.makeFolder(this.#folder)
    const names = await this.#disk.list(this.#folder)
    const excess = Math.max(0, names.length + 1 - FILES_MAX)
    for (const name of names.slice(0, excess)) await this.#disk.remove(`${this.#folder}/${name}`)
    return names.slice(excess)
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace('.seg', '')
}
