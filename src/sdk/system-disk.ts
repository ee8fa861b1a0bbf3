import { randomUUID } from 'node:crypto'
import * as fs from 'node:fs'
import {
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  unlink,
  writeFile,
} from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Retryable, systemCodeOf } from './errors.js'
import type { Disk, DiskFile, DiskLock } from './outside.js'
import { reasonOf } from './system-files.js'

const openFile = promisify(fs.open)
const closeFile = promisify(fs.close)
const truncateFile = promisify(fs.ftruncate)
const dataSync = promisify(fs.fdatasync)
const statFile = promisify(fs.fstat)

/** "create" reads too: what has just been written is read back from the same file. */
const FLAGS = { create: 'wx+', read: 'r', write: 'r+' } as const
/** Telemetry may hold personal data. */
const FILE_MODE = 0o640
const FOLDER_MODE = 0o750
/** Others may take and leave the lock meanwhile. */
const LOCK_TRIES = 5

export const systemDisk: Disk = {
  makeFolder: (path) => told('make the folder', path, () => makeFolder(resolve(path))),

  async list(path) {
    try {
      return (await readdir(path)).sort()
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return []
      throw fault('list', path, error)
    }
  },

  open: (path, mode) => told('open', path, () => SystemFile.open(path, mode)),

  rename: (from, to) => told('rename', from, () => rename(from, to)),

  remove: (path) => told('remove', path, () => remove(path)),

  syncFolder: (path) => told('sync the folder', path, () => syncFolder(path)),

  lock: (path) => lock(path),
}

class SystemFile implements DiskFile {
  readonly size: number
  readonly #path: string
  readonly #fd: number

  private constructor(path: string, fd: number, size: number) {
    this.#path = path
    this.#fd = fd
    this.size = size
  }

  static async open(path: string, mode: keyof typeof FLAGS): Promise<SystemFile> {
    const fd = await openFile(path, FLAGS[mode], FILE_MODE)
    return new SystemFile(path, fd, (await statFile(fd)).size)
  }

  write(chunks: readonly Uint8Array[], position: number): Promise<void> {
    return told('write', this.#path, () => writeAll(this.#fd, chunks, position))
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return told('read', this.#path, () => readAll(this.#fd, into, position))
  }

  truncate(size: number): Promise<void> {
    return told('truncate', this.#path, () => truncateFile(this.#fd, size))
  }

  sync(): Promise<void> {
    return told('sync', this.#path, () => dataSync(this.#fd))
  }

  close(): Promise<void> {
    return told('close', this.#path, () => closeFile(this.#fd))
  }
}

function writeAll(fd: number, chunks: readonly Uint8Array[], position: number): Promise<void> {
  return new Promise((done, fail) => {
    fs.writev(fd, chunks, position, (error, written) => {
      if (error) {
        fail(error)
        return
      }
      const rest = behind(chunks, written)
      if (rest.length === 0) done()
      // A full disk cuts a write short; trying the rest tells why.
      else writeAll(fd, rest, position + written).then(done, fail)
    })
  })
}

function behind(chunks: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let skip = written
  let first = 0
  while (first < chunks.length && skip >= chunks[first]!.length) skip -= chunks[first++]!.length
  if (first === chunks.length) return []
  return [chunks[first]!.subarray(skip), ...chunks.slice(first + 1)]
}

function readAll(fd: number, into: Uint8Array, position: number, from = 0): Promise<number> {
  return new Promise((done, fail) => {
    fs.read(fd, into, from, into.length - from, position + from, (error, read) => {
      if (error) fail(error)
      else if (read === 0 || from + read === into.length) done(from + read)
      else readAll(fd, into, position, from + read).then(done, fail)
    })
  })
}

async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: FOLDER_MODE })
  if (first === undefined) return
  for (let made = path; ; made = dirname(made)) {
    await syncFolder(dirname(made))
    if (made === first || made === dirname(made)) return
  }
}

async function syncFolder(path: string): Promise<void> {
  const fd = await openFile(path, 'r')
  try {
    await promisify(fs.fsync)(fd)
  } finally {
    await closeFile(fd)
  }
}

async function remove(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (systemCodeOf(error) === 'EISDIR' || systemCodeOf(error) === 'EPERM') await rmdir(path)
    else if (systemCodeOf(error) !== 'ENOENT') throw error
  }
}

/**
 * A file that names its process. Node has no flock: the file of a process that has ended is
 * removed. A process is known by its number and when it started, so that a later one under
 * the same number is not taken for it.
 */
async function lock(path: string): Promise<DiskLock> {
  const own = `${path}.${randomUUID()}`
  const text = `${process.pid} ${(await startOf(process.pid)) ?? ''}\n`
  await told('write', own, () => writeFile(own, text, { mode: FILE_MODE }))
  try {
    for (let tries = 0; tries < LOCK_TRIES; tries++) {
      if (await linked(own, path)) return { unlock: () => unlocked(path, text) }
      const held = await readFile(path, 'utf8').catch(() => undefined)
      if (held === undefined) continue
      const pid = await runningIn(held)
      if (pid !== undefined) {
        const who = held === text ? 'this process' : `process ${pid}`
        throw new Retryable(`${dirname(path)} is in use by ${who}`)
      }
      await removeStale(own, path)
    }
    throw new Retryable(`${dirname(path)} is in use by another process`)
  } finally {
    await rm(own, { force: true })
  }
}

/** The number of the process that has `path` by `Disk.lock`; undefined when none has. */
export async function lockHolder(path: string): Promise<string | undefined> {
  const held = await readFile(path, 'utf8').catch(() => undefined)
  return held === undefined ? undefined : runningIn(held)
}

/** The number of the process that a lock file names, if it runs. */
async function runningIn(held: string): Promise<string | undefined> {
  const [pid, start] = held.trim().split(' ')
  const running = await startOf(Number(pid))
  const isIt = running !== undefined && (start === undefined || running === start)
  return isIt ? pid : undefined
}

async function linked(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path)
    return true
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false
    throw fault('lock', path, error)
  }
}

/**
 * Removes the lock of a process that has ended. Others may try the same, and one of them may have
 * the lock by now: who removes it holds another one for that, and looks again.
 */
async function removeStale(own: string, path: string): Promise<void> {
  const removing = `${path}.removing`
  if (!(await linked(own, removing))) {
    await removeUnlessHeld(removing)
    return
  }
  try {
    await removeUnlessHeld(path)
  } finally {
    await rm(removing, { force: true })
  }
}

async function removeUnlessHeld(path: string): Promise<void> {
  const held = await readFile(path, 'utf8').catch(() => undefined)
  if (held === undefined || (await runningIn(held)) !== undefined) return
  await told('remove', path, () => rm(path, { force: true }))
}

async function unlocked(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => '')) === text) await rm(path, { force: true })
}

/** When a process started, in ticks since boot; undefined when there is none. */
async function startOf(pid: number): Promise<string | undefined> {
  // A loss of power may leave an empty lock; 0 and below would ask about groups of processes.
  if (!(pid > 0)) return undefined
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return isAlive(pid) ? '' : undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCodeOf(error) === 'EPERM'
  }
}

async function told<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw fault(action, path, error)
  }
}

function fault(action: string, path: string, error: unknown): Error {
  if (error instanceof Retryable) return error
  return new Retryable(`cannot ${action} ${path}: ${reasonOf(error)}`, { cause: error })
}
