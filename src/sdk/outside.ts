/** Network, files, memory and what outlives an instance, as a component sees them. */
import type { Duplex } from 'node:stream'

/** A TCP address or the path of a Unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string }

export interface Network {
  /**
   * Rejects with `Retryable` naming the address, such as "cannot listen on 127.0.0.1:4317: address
   * in use".
   */
  listen(address: Address, onConnection: (connection: Duplex) => void): Promise<Listening>
  /** A connection under way; failure arrives as its 'error' event. */
  connect(address: Address): Duplex
  /**
   * All addresses behind a host name, for clients that spread over them. Without it names go to
   * `connect`.
   */
  resolve?(host: string): Promise<readonly string[]>
  /**
   * What the name service has under a whole name; none where there is no such name or nothing of
   * that type. Rejects with `Retryable` where it does not answer. Without it names cannot be looked
   * up.
   */
  records?(name: string, type: RecordType): Promise<readonly DnsRecord[]>
  /** The environment variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either case. */
  readonly proxyVariables?: Readonly<Record<string, string | undefined>>
}

export type RecordType = 'A' | 'AAAA' | 'SRV' | 'MX' | 'NS'

export interface DnsRecord {
  /** An address, or the name that the record leads to, without a dot at its end. */
  readonly host: string
  /** Of SRV. */
  readonly port?: number
}

export interface Listening {
  /** The real address: port 0 has been replaced. */
  readonly address: Address
  /** Accepts no more; open connections stay. */
  close(): Promise<void>
}

export interface Files {
  /** The whole file. Rejects with `Retryable` naming the path and the reason. */
  read(path: string): Promise<Uint8Array>
  /**
   * Adds to the end of a file, or writes to the process's "stdout" or "stderr". Rejects as `read`
   * does.
   */
  append(path: string, text: string): Promise<void>
  /** The names in a folder, sorted; undefined when `path` is none. */
  names(path: string): Promise<readonly string[] | undefined>
  /** The same with what each is, symbolic links followed; those that lead nowhere are left out. */
  entries(path: string): Promise<readonly FileEntry[] | undefined>
  /** Of what symbolic links lead to; undefined where there is nothing, or nothing to be seen. */
  facts(path: string): Promise<FileFacts | undefined>
  /** What a symbolic link says. Rejects as `read` does. */
  link(path: string): Promise<string>
  /**
   * Calls back after the file or a file of the folder (or what a symlink in its path points at)
   * may have changed.
   */
  watch(path: string, onChange: () => void): Watcher
}

export interface FileEntry {
  readonly name: string
  readonly isFolder: boolean
}

export interface FileFacts {
  readonly isFolder: boolean
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number
  /** The same for all paths to one file; another file may have it once this one is gone. */
  readonly identity: string
}

export interface Watcher {
  close(): Promise<void>
}

/**
 * Folders and files that hold data for later. Every method rejects with `Retryable` naming the path
 * and the reason; `cause` keeps the code of the system (`ENOSPC`, `EACCES`, ...).
 */
export interface Disk {
  /** With its parents, each entered durably in the folder above it. */
  makeFolder(path: string): Promise<void>
  /** The names in it, sorted; none where there is no such folder. */
  list(path: string): Promise<readonly string[]>
  /** "create" fails where the file exists, the others where it does not. */
  open(path: string, mode: 'create' | 'read' | 'write'): Promise<DiskFile>
  /** Replaces what `to` names. Durable once `syncFolder` has resolved. */
  rename(from: string, to: string): Promise<void>
  /** A file, or an empty folder. Does nothing where there is none. */
  remove(path: string): Promise<void>
  /** Makes created, renamed and removed entries of the folder durable. */
  syncFolder(path: string): Promise<void>
  /**
   * Takes `path` for this process alone until `unlock` or its end. Rejects naming the process that
   * has it.
   */
  lock(path: string): Promise<DiskLock>
}

export interface DiskFile {
  /** Bytes, when it was opened. */
  readonly size: number
  /** All of the chunks, one behind the other. What was written before a failure is unknown. */
  write(chunks: readonly Uint8Array[], position: number): Promise<void>
  /** Fills `into` as far as the file goes; resolves with how many bytes that were. */
  read(into: Uint8Array, position: number): Promise<number>
  truncate(size: number): Promise<void>
  /** What was written is durable once it resolves; after a failure, nothing is known of it. */
  sync(): Promise<void>
  close(): Promise<void>
}

export interface DiskLock {
  unlock(): Promise<void>
}

/** Something that outlives an instance and is handed to its successor: a listener, a queue. */
export interface Resource {
  /** Called when no instance leases it any more. */
  close(): Promise<void>
}

export interface Resources {
  /**
   * The resource under `key`: the one the instance being replaced holds, or a new one. Rejects
   * with `Permanent`, naming the holder, when another component that stays holds it. The lease
   * ends after this instance's `stop`.
   */
  lease<R extends Resource>(key: string, open: () => Promise<R>): Promise<R>
}

/** The process's memory. */
export interface Memory {
  /** Bytes of live objects and buffers; falls after a collection, unlike the resident size. */
  usedBytes(): number
  /** What the machine, or the cgroup, lets the process have. */
  totalBytes(): number
  /** Collects garbage now; blocks for some milliseconds. */
  collect(): void
}
