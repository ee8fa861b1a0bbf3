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
