import { type Disk, type DiskFile, systemCodeOf } from '#sdk'
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
  /** Whatever uses the file does so one after the other. */
  #last: Promise<unknown> = Promise.resolve()

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
    const bytes = Buffer.allocUnsafeSlow(this.#file.size)
    const read = await this.#file.read(bytes, 0)
    this.#end = endOf(this.#file)
    return readMarks(bytes.subarray(0, read), this.#salt)
  }

  /** The record at `offset` has left; `flush` writes that down. */
  add(offset: number): void {
    this.#unwritten.push(offset)
  }

  /** Resolves even when it cannot: what is not written now is kept for the next time. */
  flush(): Promise<void> {
    return this.#alone(() => this.#write())
  }

  close(): Promise<void> {
    return this.#alone(async () => {
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

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }
}

/** A torn mark is overwritten. */
function endOf({ size }: DiskFile): number {
  return size - (size % MARK_BYTES)
}
