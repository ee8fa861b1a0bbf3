import { type Disk, type DiskFile, Mutex, systemCodeOf } from '#sdk'
import { readAt } from './read-at.js'
import { MARK_BYTES, readMarks, writeMarks } from './segment-format.js'

/** The file that says which records of a segment have left, by where each begins. */
export class SegmentMarks {
  readonly #disk: Disk
  readonly #path: string
  readonly #salt: number
  #file: DiskFile | undefined
  /** Where the next mark goes. */
  #end = 0
  #unwritten: number[] = []
  /** Held by whatever writes or closes the file. */
  readonly #mutex = new Mutex()

  constructor(disk: Disk, path: string, salt: number) {
    this.#disk = disk
    this.#path = path
    this.#salt = salt
  }

  /** What is written there; nothing where there is no such file. */
  async read(): Promise<readonly number[]> {
    try {
      this.#file = await this.#disk.open(this.#path, 'write')
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return []
      throw error
    }
    const bytes = await readAt(this.#file, 0, this.#file.size)
    this.#end = endOf(this.#file)
    return readMarks(bytes, this.#salt)
  }

  /** The record at `offset` has left; `flush` writes that down. */
  add(offset: number): void {
    this.#unwritten.push(offset)
  }

  /** Resolves even when it cannot: what is not written now is kept for the next time. */
  flush(): Promise<void> {
    return this.#mutex.run(() => this.#write())
  }

  close(): Promise<void> {
    return this.#mutex.run(async () => {
      const file = this.#file
      this.#file = undefined
      await file?.close().catch(() => {})
    })
  }

  async #write(): Promise<void> {
    if (this.#unwritten.length === 0) return
    const offsets = this.#unwritten
    this.#unwritten = []
    const bytes = writeMarks(offsets, this.#salt)
    try {
      this.#file ??= await this.#opened()
      await this.#file.write([bytes], this.#end)
      this.#end += bytes.length
    } catch {
      this.#unwritten = [...offsets, ...this.#unwritten]
    }
  }

  async #opened(): Promise<DiskFile> {
    try {
      return await this.#disk.open(this.#path, 'create')
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error
    }
    const file = await this.#disk.open(this.#path, 'write')
    this.#end = endOf(file)
    return file
  }
}

/** A torn mark is overwritten. */
function endOf({ size }: DiskFile): number {
  return size - (size % MARK_BYTES)
}
