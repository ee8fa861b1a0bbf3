import { expect } from 'vitest'
import { type Context, Ledger, type Resource, Retryable } from '#sdk'
import { type FakeContext, fakeContext } from '#support'
import { Logger, Registry } from '#telemetry'
import type { Services } from '../../src/graph/instance.js'
import { type Authority, makeAuthority } from '../support/http-certificates.js'
import { LoopbackNetwork } from '../support/loopback-network.js'
import { randomFrom } from '../support/random.js'

/** Names of the destinations in examples that are spoken to by TLS. */
const TLS_NAMES = ['tempo.example.com', 'backend.example.com', 'otlp.example.com']

let authority: Promise<Authority> | undefined

/** What examples read, by path. */
export async function exampleFiles(): Promise<ReadonlyMap<string, string>> {
  authority ??= makeAuthority('Authority of the examples')
  const { cert: ca, issue } = await authority
  const { cert, key } = await issue(TLS_NAMES)
  return new Map([
    ['/etc/weir/ca.pem', ca],
    ['/etc/weir/server.pem', cert],
    ['/etc/weir/server.key', key],
    ['/etc/weir/htpasswd', 'alice:secret\n'],
    ['/run/credentials/weir/token', 'token-of-a-file'],
  ])
}

/** Everything outside of components, watched: time stands still, sockets are on loopback. */
export class World {
  readonly network = new LoopbackNetwork()
  readonly fake: FakeContext
  readonly metrics = new Registry()
  readonly #calls: string[] = []
  /** The number of the outside call that fails, from 0. */
  #failing: number | undefined

  constructor(files: ReadonlyMap<string, string>, seed = 1) {
    this.fake = fakeContext({ random: randomFrom(seed) })
    for (const [path, text] of files) this.fake.contents.set(path, text)
  }

  get clock() {
    return this.fake.clock
  }

  /** Calls that have an effect outside, in order: "listen", "read", "timer", "publish", ... */
  get calls(): readonly string[] {
    return this.#calls
  }

  /** Makes the n-th of the calls that may fail, counted from 0 and from now, fail. */
  failCall(n: number): void {
    this.#failing = n
  }

  /** What is open outside: nothing, once all is stopped. */
  get leftOpen() {
    return {
      timers: this.fake.clock.pending,
      watches: this.fake.watchCount,
      sockets: this.network.openCount,
      files: this.fake.disk.openCount,
    }
  }

  services(): Services {
    const { clock, random, memory, budget } = this.fake
    return {
      clock,
      random,
      memory,
      budget,
      network: this.#network(),
      files: this.#files(),
      disk: this.fake.disk,
      logger: new Logger({ write() {}, flush() {} }),
      metrics: this.metrics,
      storagePath: '/nowhere',
    }
  }

  /** For a component without an instance around it. */
  context(lease: Context['resources']['lease']): Context {
    const { fake } = this
    const noted =
      <A extends unknown[], R>(name: string, call: (...given: A) => R) =>
      (...given: A): R => {
        this.#calls.push(name)
        return call(...given)
      }
    return {
      id: 'test.component.a',
      random: fake.random,
      memory: fake.memory,
      budget: fake.budget,
      clock: { ...clockOf(fake), timer: noted('timer', (ms, then) => fake.clock.timer(ms, then)) },
      network: this.#network(),
      files: this.#files(),
      disk: this.fake.disk,
      log: {
        debug: noted('log', fake.log.debug),
        info: noted('log', fake.log.info),
        warn: noted('log', fake.log.warn),
        error: noted('log', fake.log.error),
      },
      meter: this.metrics.scope({ component_id: 'test.component.a' }),
      ledger: new Ledger(),
      resources: {
        lease: <R extends Resource>(key: string, open: () => Promise<R>) =>
          this.#mayFail('lease', () => lease(key, open)),
      },
      storagePath: '/nowhere/test.component.a',
      publish: noted('publish', fake.publish),
      fail: noted('fail', fake.fail),
    }
  }

  #network() {
    return {
      listen: (...given: Parameters<LoopbackNetwork['listen']>) =>
        this.#mayFail('listen', () => this.network.listen(...given)),
      connect: (...given: Parameters<LoopbackNetwork['connect']>) => {
        this.#calls.push('connect')
        return this.network.connect(...given)
      },
    }
  }

  #files(): Context['files'] {
    const { files } = this.fake
    return {
      read: (path) => this.#mayFail('read', () => files.read(path)),
      append: (path, text) => this.#mayFail('append', () => files.append(path, text)),
      names: (path) => this.#mayFail('names', () => files.names(path)),
      entries: (path) => this.#mayFail('entries', () => files.entries(path)),
      facts: (path) => this.#mayFail('facts', () => files.facts(path)),
      link: (path) => this.#mayFail('link', () => files.link(path)),
      watch: (path, onChange) => {
        this.#calls.push('watch')
        return files.watch(path, onChange)
      },
    }
  }

  async #mayFail<R>(name: string, call: () => Promise<R>): Promise<R> {
    this.#calls.push(name)
    if (this.#failing !== undefined && this.#failing-- === 0) {
      throw new Retryable(`the test lets ${name} fail`)
    }
    return call()
  }
}

function clockOf({ clock }: FakeContext) {
  return { now: () => clock.now(), monotonic: () => clock.monotonic() }
}

export const NOTHING = { timers: 0, watches: 0, sockets: 0, files: 0 }

/** Sockets take some turns of the event loop to close, and timers go with them. */
export async function expectNothingOpen(world: World): Promise<void> {
  const isClosed = () => Object.values(world.leftOpen).every((count) => count === 0)
  await until('closed', isClosed).catch(() => {})
  expect(world.leftOpen).toEqual(NOTHING)
}

/** Waits for what real sockets bring, however many turns of the event loop that takes. */
export async function until(what: string, probe: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000
  while (!probe()) {
    if (performance.now() > deadline) throw new Error(`${what}: did not happen`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
