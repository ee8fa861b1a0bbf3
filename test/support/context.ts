import {
  type Clock,
  type Context,
  Ledger,
  type Log,
  type LogFields,
  MemoryBudget,
  Retryable,
} from '#sdk'
import { Registry } from '#telemetry'
import { FakeClock } from './fake-clock.js'
import { FakeDisk } from './fake-disk.js'

/** Everything a component may ask for, as fakes; a test overrides what it is about. */
export interface FakeContext extends Context {
  readonly clock: FakeClock & Clock
  readonly disk: FakeDisk
  readonly published: Record<string, unknown>
  readonly failures: unknown[]
  readonly logged: {
    readonly level: string
    readonly message: string
    readonly fields?: LogFields
  }[]
  readonly contents: Map<string, string>
  /** What links say, by path. */
  readonly links: Map<string, string>
  /** When files changed, where a test says so. */
  readonly modifiedAt: Map<string, number>
  /** Watches that have not been closed. */
  readonly watchCount: number
  /** Calls back whoever watches the file. */
  change(path: string, text: string | undefined): void
  memoryBytes: number
}

export function fakeContext(overrides: Partial<Context> = {}): FakeContext {
  const logged: FakeContext['logged'] = []
  const line = (level: string) => (message: string, fields?: LogFields) => {
    logged.push(fields ? { level, message, fields } : { level, message })
  }
  const log: Log = {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
  }
  const contents = new Map<string, string>()
  const links = new Map<string, string>()
  const modifiedAt = new Map<string, number>()
  const watchers = new Map<string, Set<() => void>>()
  const published: Record<string, unknown> = {}
  const failures: unknown[] = []
  let memoryBytes = 0
  const clock = new FakeClock()
  const context = {
    id: 'test.component.a',
    clock,
    random: () => 0.5,
    network: {
      listen: () => Promise.reject(new Retryable('no network in this test')),
      connect: () => {
        throw new Retryable('no network in this test')
      },
    },
    files: {
      async read(path: string) {
        const text = contents.get(path)
        if (text === undefined) throw new Retryable(`cannot read ${path}: no such file`)
        return Buffer.from(text)
      },
      async append(path: string, text: string) {
        contents.set(path, (contents.get(path) ?? '') + text)
      },
      names: async () => undefined,
      entries: async (path: string) => entriesIn(contents, path),
      async facts(path: string) {
        const isFolder = entriesIn(contents, path) !== undefined
        if (!isFolder && !contents.has(path)) return undefined
        return { isFolder, modifiedAt: modifiedAt.get(path) ?? clock.now(), identity: path }
      },
      async link(path: string) {
        const to = links.get(path)
        if (to === undefined) throw new Retryable(`cannot read the link ${path}: no such file`)
        return to
      },
      watch(path: string, onChange: () => void) {
        const callbacks = watchers.get(path) ?? new Set()
        watchers.set(path, callbacks.add(onChange))
        return { close: async () => void callbacks.delete(onChange) }
      },
    },
    disk: new FakeDisk(),
    budget: new MemoryBudget(clock, 1024 ** 3),
    memory: {
      usedBytes: () => memoryBytes,
      totalBytes: () => 1024 ** 3,
      collect: () => {},
    },
    log,
    meter: new Registry().scope(),
    ledger: new Ledger(),
    resources: { lease: (_: string, open: () => Promise<never>) => open() },
    storagePath: '/nowhere',
    publish: (exports: Readonly<Record<string, unknown>>) => void Object.assign(published, exports),
    fail: (error: unknown) => void failures.push(error),
    published,
    failures,
    logged,
    contents,
    links,
    modifiedAt,
    get watchCount() {
      return [...watchers.values()].reduce((sum, callbacks) => sum + callbacks.size, 0)
    },
    change(path: string, text: string | undefined) {
      if (text === undefined) contents.delete(path)
      else contents.set(path, text)
      for (const callback of watchers.get(path) ?? []) callback()
    },
    set memoryBytes(bytes: number) {
      memoryBytes = bytes
    },
  }
  return Object.assign(context, overrides) as unknown as FakeContext
}

/** What is below a folder, from the paths of all files; undefined where there is nothing. */
function entriesIn(contents: ReadonlyMap<string, string>, folder: string) {
  const entries = new Map<string, boolean>()
  const start = folder === '/' ? folder : `${folder}/`
  for (const path of contents.keys()) {
    if (!path.startsWith(start)) continue
    const [name, ...below] = path.slice(start.length).split('/')
    entries.set(name!, below.length > 0)
  }
  if (entries.size === 0) return undefined
  return [...entries].map(([name, isFolder]) => ({ name, isFolder })).sort(byName)
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}
