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
    try {
      await this.#makeRoom()
      const path = `${this.#folder}/${nameOf(damage.path)}-${damage.offset}.${damage.kind}`
      const file = await this.#disk.open(path, 'create')
      try {
        await file.write([bytes], 0)
        await file.sync()
      } finally {
        await file.close()
      }
      await this.#disk.syncFolder(this.#folder)
    } catch {
      // It has been there since an earlier start, or there is no room.
    }
  }

  /** Moves a whole file there, so that nobody stumbles over it again. */
  async move({ path }: Damage): Promise<void> {
    await this.#makeRoom()
    await this.#disk.rename(path, `${this.#folder}/${nameOf(path)}.segment`)
    await this.#disk.syncFolder(this.#folder)
  }

  async #makeRoom(): Promise<void> {
    await this.#disk.makeFolder(this.#folder)
    const names = await this.#disk.list(this.#folder)
    const excess = Math.max(0, names.length + 1 - FILES_MAX)
    for (const name of names.slice(0, excess)) await this.#disk.remove(`${this.#folder}/${name}`)
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace('.seg', '')
}
