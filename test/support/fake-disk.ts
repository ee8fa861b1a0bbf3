import { posix } from 'node:path'
import { type Disk, type DiskFile, type DiskLock, Retryable } from '#sdk'

/** Writes of this size reach a real disk whole or not at all. */
const SECTOR_BYTES = 512

interface Write {
  readonly bytes: Buffer
  readonly position: number
}

/** A file's content as it would be after a loss of power, and what came since. */
class Inode {
  durable: Buffer
  current: Buffer
  unsynced: (Write | { readonly truncate: number })[] = []

  constructor(bytes = Buffer.alloc(0)) {
    this.durable = bytes
    this.current = bytes
  }
}

export type DiskCall = 'open' | 'write' | 'read' | 'sync' | 'truncate' | 'remove' | 'folder'

/**
 * A disk in memory that keeps apart what is durable. `crash` loses what was not synced, or parts of
 * it: whole writes, sectors of them, new and removed names.
 */
export class FakeDisk implements Disk {
  /** By path: what a process sees, and what is there after a loss of power. */
  readonly #names = new Map<string, Inode>()
  #durableNames = new Map<string, Inode>()
  readonly #folders = new Set<string>(['/'])
  readonly #locks = new Set<string>()
  /** Bytes of all files that there is room for. */
  capacity = Number.POSITIVE_INFINITY
  /** Called before each call; throws what it is to fail with, or waits. */
  before: (call: DiskCall, path: string) => void | Promise<void> = () => {}
  #openFiles = 0

  get usedBytes(): number {
    return [...this.#names.values()].reduce((sum, { current }) => sum + current.length, 0)
  }

  /** Files and locks that have not been given back. */
  get openCount(): number {
    return this.#openFiles + this.#locks.size
  }

  /** What a file holds; undefined where there is none. */
  content(path: string): Buffer | undefined {
    return this.#names.get(path)?.current
  }

  /** Puts a file there, durably. */
  put(path: string, bytes: Buffer): void {
    const inode = new Inode(Buffer.from(bytes))
    this.#names.set(path, inode)
    this.#durableNames.set(path, inode)
    for (let folder = posix.dirname(path); !this.#folders.has(folder); ) {
      this.#folders.add(folder)
      folder = posix.dirname(folder)
    }
  }

  get paths(): readonly string[] {
    return [...this.#names.keys()].sort()
  }

  /**
   * What another process finds after this one's end: all that was written ("kill"), or after a loss
   * of power a part of what was not synced, as `random` has it.
   */
  crashed(random: () => number, kind: 'kill' | 'power'): FakeDisk {
    const after = new FakeDisk()
    for (const folder of this.#folders) after.#folders.add(folder)
    const paths = new Set([...this.#names.keys(), ...this.#durableNames.keys()])
    for (const path of paths) {
      const current = this.#names.get(path)
      const durable = this.#durableNames.get(path)
      const inode = kind === 'kill' || current === durable || random() < 0.5 ? current : durable
      if (inode) after.put(path, kind === 'kill' ? inode.current : afterPowerLoss(inode, random))
    }
    return after
  }

  async makeFolder(path: string): Promise<void> {
    await this.before('folder', path)
    for (let folder = path; !this.#folders.has(folder); folder = posix.dirname(folder)) {
      this.#folders.add(folder)
    }
  }

  async list(path: string): Promise<readonly string[]> {
    const inside = (one: string) => posix.dirname(one) === path && one !== '/'
    const names = [...this.#names.keys(), ...this.#folders].filter(inside)
    return names.map((one) => posix.basename(one)).sort()
  }

  async open(path: string, mode: 'create' | 'read' | 'write'): Promise<DiskFile> {
    await this.before('open', path)
    const found = this.#names.get(path)
    if (mode === 'create' && found) throw failure('open', path, 'EEXIST')
    if (mode !== 'create' && !found) throw failure('open', path, 'ENOENT')
    const inode = found ?? new Inode()
    this.#names.set(path, inode)
    this.#openFiles++
    return this.#file(path, inode)
  }

  async rename(from: string, to: string): Promise<void> {
    await this.before('folder', from)
    const inode = this.#names.get(from)
    if (!inode) throw failure('rename', from, 'ENOENT')
    this.#names.delete(from)
    this.#names.set(to, inode)
  }

  async remove(path: string): Promise<void> {
    await this.before('remove', path)
    this.#names.delete(path)
    this.#folders.delete(path)
  }

  async syncFolder(path: string): Promise<void> {
    await this.before('folder', path)
    const inside = (one: string) => posix.dirname(one) === path
    for (const name of [...this.#durableNames.keys()].filter(inside)) {
      if (!this.#names.has(name)) this.#durableNames.delete(name)
    }
    for (const [name, inode] of this.#names) {
      if (inside(name)) this.#durableNames.set(name, inode)
    }
  }

  async lock(path: string): Promise<DiskLock> {
    if (this.#locks.has(path)) {
      throw new Retryable(`${posix.dirname(path)} is in use by this process`)
    }
    this.#locks.add(path)
    return { unlock: async () => void this.#locks.delete(path) }
  }

  #file(path: string, inode: Inode): DiskFile {
    let isOpen = true
    const call = async (name: DiskCall) => {
      if (!isOpen) throw new Error(`bug: ${name} of ${path}, which is closed`)
      await this.before(name, path)
    }
    return {
      size: inode.current.length,
      write: async (chunks, position) => {
        await call('write')
        const bytes = Buffer.concat(chunks)
        const grown = Math.max(0, position + bytes.length - inode.current.length)
        const room = Math.max(0, this.capacity - this.usedBytes)
        const fits = grown > room ? bytes.subarray(0, bytes.length - (grown - room)) : bytes
        write(inode, { bytes: fits, position })
        if (fits.length < bytes.length) throw failure('write', path, 'ENOSPC')
      },
      read: async (into, position) => {
        await call('read')
        return inode.current.copy(into, 0, position)
      },
      truncate: async (size) => {
        await call('truncate')
        inode.current = truncated(inode.current, size)
        inode.unsynced.push({ truncate: size })
      },
      sync: async () => {
        await call('sync')
        inode.durable = inode.current
        inode.unsynced = []
      },
      close: async () => {
        if (isOpen) this.#openFiles--
        isOpen = false
      },
    }
  }
}

function write(inode: Inode, one: Write): void {
  inode.current = written(inode.current, one)
  inode.unsynced.push(one)
}

function written(content: Buffer, { bytes, position }: Write): Buffer {
  const grown = Buffer.alloc(Math.max(content.length, position + bytes.length))
  content.copy(grown)
  bytes.copy(grown, position)
  return grown
}

function truncated(content: Buffer, size: number): Buffer {
  return size <= content.length ? content.subarray(0, size) : Buffer.alloc(size, content)
}

function afterPowerLoss({ durable, unsynced }: Inode, random: () => number): Buffer {
  let content = durable
  for (const change of unsynced) {
    if (random() < 0.3) continue
    if ('truncate' in change) {
      content = truncated(content, change.truncate)
      continue
    }
    const { bytes, position } = change
    for (let at = 0; at < bytes.length; at += SECTOR_BYTES) {
      if (random() < 0.2) continue
      const sector = bytes.subarray(at, at + SECTOR_BYTES)
      content = written(content, { bytes: sector, position: position + at })
    }
  }
  return content
}

export function failure(action: string, path: string, code: string): Retryable {
  const cause = Object.assign(new Error(code), { code })
  return new Retryable(`cannot ${action} ${path}: ${code}`, { cause })
}
