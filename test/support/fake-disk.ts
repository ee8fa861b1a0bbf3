import { posix } from 'node:path'
import { type Disk, type DiskFile, type DiskLock, Retryable } from '#sdk'
import { GrowingBytes } from './growing-bytes.js'

/** Writes of this size reach a real disk whole or not at all. */
const SECTOR_BYTES = 512

type Change = { readonly bytes: Buffer; readonly position: number } | { readonly truncate: number }

/** A file's content as a process sees it, what is durable of it, and what lies between the two. */
class Inode {
  readonly durable: GrowingBytes
  readonly current: GrowingBytes
  unsynced: Change[]

  constructor(durable = new GrowingBytes(), current = durable.copy(), unsynced: Change[] = []) {
    this.durable = durable
    this.current = current
    this.unsynced = unsynced
  }

  change(change: Change): void {
    apply(this.current, change)
    this.unsynced.push(change)
  }

  sync(): void {
    for (const change of this.unsynced) apply(this.durable, change)
    this.unsynced = []
  }

  /** The kernel takes the pages for clean: no later sync writes them. */
  failSync(): void {
    this.unsynced = []
  }

  copy(): Inode {
    return new Inode(this.durable.copy(), this.current.copy(), [...this.unsynced])
  }
}

export type DiskCall = 'open' | 'write' | 'read' | 'sync' | 'truncate' | 'remove' | 'folder'

/**
 * A disk in memory that keeps apart what is durable. `crashed` loses what was not synced, or parts
 * of it: whole writes, sectors of them, new, renamed and removed names.
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
  /** The paths of open files, one for each time. */
  readonly #open: string[] = []

  get usedBytes(): number {
    return this.usedUnder('/')
  }

  /** Bytes of the files whose path begins so. */
  usedUnder(prefix: string): number {
    let used = 0
    for (const [path, { current }] of this.#names) if (path.startsWith(prefix)) used += current.size
    return used
  }

  /** Files and locks that have not been given back. */
  get openCount(): number {
    return this.openPaths.length
  }

  get openPaths(): readonly string[] {
    return [...this.#open, ...this.#locks]
  }

  /** What a file holds; undefined where there is none. */
  content(path: string): Buffer | undefined {
    const inode = this.#names.get(path)
    return inode && Buffer.from(inode.current.content)
  }

  /** Puts a file there, durably. */
  put(path: string, bytes: Buffer): void {
    this.#enter(path, new Inode(new GrowingBytes(bytes)))
  }

  /** Changes a byte where it lies, as a failing medium does. */
  damage(path: string, at: number, bits: number): void {
    const inode = this.#names.get(path)!
    for (const { content } of [inode.current, inode.durable]) {
      if (at < content.length) content[at]! ^= bits
    }
  }

  #enter(path: string, inode: Inode): void {
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
   * What another process finds after this one's end: all that was written ("kill"), durable or not,
   * or after a loss of power a part of what was not synced, as `random` has it.
   */
  crashed(random: () => number, kind: 'kill' | 'power'): FakeDisk {
    const after = new FakeDisk()
    after.capacity = this.capacity
    for (const folder of this.#folders) after.#folders.add(folder)
    if (kind === 'kill') {
      const copies = new Map<Inode, Inode>()
      const copied = ([path, inode]: readonly [string, Inode]) => {
        const copy = copies.get(inode) ?? inode.copy()
        copies.set(inode, copy)
        return [path, copy] as const
      }
      for (const [path, inode] of [...this.#names].map(copied)) after.#names.set(path, inode)
      after.#durableNames = new Map([...this.#durableNames].map(copied))
      return after
    }
    for (const path of new Set([...this.#names.keys(), ...this.#durableNames.keys()])) {
      const current = this.#names.get(path)
      const durable = this.#durableNames.get(path)
      const inode = current === durable || random() < 0.5 ? current : durable
      if (inode) after.#enter(path, afterPowerLoss(inode, random))
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
    this.#open.push(path)
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
      size: inode.current.size,
      write: async (chunks, position) => {
        await call('write')
        const bytes = Buffer.concat(chunks)
        const grown = Math.max(0, position + bytes.length - inode.current.size)
        const room = Number.isFinite(this.capacity) ? this.capacity - this.usedBytes : grown
        const fits = bytes.subarray(0, bytes.length - Math.max(0, grown - Math.max(0, room)))
        inode.change({ bytes: fits, position })
        if (fits.length < bytes.length) throw failure('write', path, 'ENOSPC')
      },
      read: async (into, position) => {
        await call('read')
        return inode.current.content.copy(into, 0, position)
      },
      truncate: async (size) => {
        await call('truncate')
        inode.change({ truncate: size })
      },
      sync: async () => {
        try {
          await call('sync')
        } catch (error) {
          inode.failSync()
          throw error
        }
        inode.sync()
      },
      close: async () => {
        if (isOpen) this.#open.splice(this.#open.indexOf(path), 1)
        isOpen = false
      },
    }
  }
}

function apply(to: GrowingBytes, change: Change): void {
  if ('truncate' in change) to.resize(change.truncate)
  else to.write(change.bytes, change.position)
}

function afterPowerLoss({ durable, unsynced }: Inode, random: () => number): Inode {
  const content = durable.copy()
  for (const change of unsynced) {
    if (random() < 0.3) continue
    if ('truncate' in change) {
      content.resize(change.truncate)
      continue
    }
    const { bytes, position } = change
    for (let at = 0; at < bytes.length; at += SECTOR_BYTES) {
      if (random() < 0.2) continue
      content.write(bytes.subarray(at, at + SECTOR_BYTES), position + at)
    }
  }
  return new Inode(content)
}

export function failure(action: string, path: string, code: string): Retryable {
  const cause = Object.assign(new Error(code), { code })
  return new Retryable(`cannot ${action} ${path}: ${code}`, { cause })
}
