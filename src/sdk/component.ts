/**
 * What a component is and what it may rely on. Each promise here has a check in test/contract.
 */
import type { Batch, Signal } from '#pdata'
import type { Budget } from './budget.js'
import type { Clock } from './clock.js'
import type { Retryable } from './errors.js'
import type { Ledger } from './ledger.js'
import type { Log } from './log.js'
import type { Meter } from './meter.js'
import type { Disk, Files, Memory, Network, Resources } from './outside.js'
import type { Sample } from './sample.js'

/**
 * A running instance. Made by a definition's `create`, which has no side effects; `start` opens
 * things. Changed arguments make a new instance: there is no update.
 */
export interface Component {
  /**
   * Opens sockets, files and timers, and publishes exports. Takes no data yet: it runs beside the
   * instance it will replace. Rejecting refuses the config it belongs to; `stop` is called all the
   * same.
   */
  start?(): Promise<void>
  /**
   * Drains, then lets go of everything. Works twice, without `start`, half-way and under load.
   * Finishes soon after `giveUp` aborts, counting in the ledger what it could not deliver.
   */
  stop(giveUp: AbortSignal): Promise<void>
}

/**
 * Taking data. What implements it and exports `input` or `receiver` gets batches through its port,
 * of no other signals than it accepts.
 */
export interface Consumer<S extends Signal = Signal> {
  /**
   * Resolves when responsibility has been taken (delivered, or held as durably as configured).
   * Rejects with `Retryable` or `Permanent` when nothing was taken; anything else is a bug and
   * restarts the component. While it is pending the sender waits: that is the back-pressure. The
   * batch must not be changed; its bytes are on loan until this resolves, and who keeps them longer
   * copies them.
   */
  consume(batch: Batch<S>): Promise<void>
}

/** Optional: a consumer that holds data keeps room for a batch before any branch stores it. */
export interface Reserving<S extends Signal = Signal> {
  /**
   * Rejects with `Retryable` when there is no room; else the room is kept until `release`. Where it
   * waits for room, it gives up as soon as `caller` is gone.
   */
  reserve(batch: Batch<S>, caller?: Caller): Promise<Reservation>
}

/** Who waits for the answer to a request. */
export interface Caller {
  /**
   * Aborts when the answer can reach nobody any more: the deadline has passed, or the connection is
   * closed. Made when it is asked for, so only whoever waits should.
   */
  readonly hangUp: AbortSignal
}

/** Optional, besides `Reserving`: says what it would do with data that has not come yet. */
export interface Foreseeing {
  /**
   * What `reserve` would reject with, for a batch of at least so many bytes; undefined where it
   * would not, or does not know. Asked of every request before it is read: cheap, and nothing is
   * kept.
   */
  refusal(signal: Signal, bytes: number): Retryable | undefined
}

/**
 * Optional: a consumer that holds data in a queue of its own and forms batches when it sends, as
 * `Batch.gathering` asks.
 */
export interface GatheringConsumer {
  gathers(signal: Signal): boolean
}

export interface Reservation {
  /** Gives back what was not used. Once. */
  release(): void
}

/** Optional: the moment a new instance becomes the one that runs. */
export interface Activating {
  /**
   * Called once after every new instance has started, in the same turn of the event loop as all
   * port switches. Takes over listeners and queues. Must not fail and must not wait.
   */
  activate(): void
}

/** Optional: items taken over and not yet passed on, for a component that holds data. */
export interface Holding {
  heldItems(signal: Signal): number
  /** How long the oldest of them has been held; 0 for none. Cheap. */
  oldestMs?(signal: Signal): number
}

/** Optional: how well it works, from what it delivers and not from having been started. */
export interface HealthReporting {
  health(): Health
}

export interface Health {
  readonly state: 'healthy' | 'degraded' | 'unhealthy'
  /** Why; one line. */
  readonly message: string
  /** Milliseconds since the epoch. */
  readonly since: number
  /** What to do about it, where that is not part of the message; one line. */
  readonly help?: string
}

/** Optional: keeps the last of what it took, for people to look at. */
export interface Remembering {
  /** Oldest first; a handful, of limited size. */
  recent(): readonly Sample[]
}

/** What one component offers to others besides consumers. */
export interface Powers {
  'client-auth': ClientAuth
  'server-auth': ServerAuth
  storage: Storage
}
export type HandlerPower = keyof Powers

/** Puts credentials on outgoing requests. */
export interface ClientAuth {
  /** Sets or removes headers (lower-case names) of a request that is to carry `batch`. Rejects with
   * `Retryable` when it has no credentials now. */
  authenticate(batch: Batch, headers: Map<string, string>): Promise<void>
}

/** Checks credentials of incoming requests. */
export interface ServerAuth {
  /**
   * What is known of the caller (such as `subject`), or undefined when it may not pass. `header`
   * gives the first value of a request header, lower-case name.
   */
  check(
    header: (name: string) => string | undefined,
  ): Promise<ReadonlyMap<string, string> | undefined>
}

/** A place for what components keep on disk. */
export interface Storage {
  /** An absolute path. Components make folders of their own in it, named by their ids. */
  readonly folder: string
}

/** A lasting hold on another component's power; survives that component's replacement. */
export interface Handle<P extends HandlerPower> {
  /** The id of the component behind it. */
  readonly owner: string
  readonly current: Powers[P]
}

/** Everything outside an instance comes through its context; tests hand in fakes. */
export interface Context {
  /** Name and label: `otelcol.receiver.otlp.default`. */
  readonly id: string
  readonly clock: Clock
  /** From 0 up to, not including, 1. */
  readonly random: () => number
  readonly network: Network
  readonly files: Files
  readonly disk: Disk
  readonly memory: Memory
  readonly budget: Budget
  readonly log: Log
  readonly meter: Meter
  readonly ledger: Ledger
  readonly resources: Resources
  /** A folder of this component's own; not yet made. */
  readonly storagePath: string
  /** Sets exports. Dependants are evaluated again when a value differs. */
  publish(exports: Readonly<Record<string, unknown>>): void
  /**
   * Reports a bug found outside `consume` (in a callback): the component is stopped and restarted.
   */
  fail(error: unknown): void
}

/**
 * What follows a processor: all consumers of a batch's signal. Without any, the items are dropped
 * and counted.
 */
export type Next<S extends Signal = Signal> = Consumer<S> &
  Reserving<S> &
  GatheringConsumer &
  Foreseeing

/** Where a receiver puts what it took: all consumers of the signal, all or nothing. */
export interface Intake<S extends Signal = Signal> {
  /** The signals that go anywhere; others should not be offered to senders. */
  readonly signals: ReadonlySet<S>
  /**
   * Keeps room in every queue behind it, then hands on; settles as `Consumer.consume` does. A wait
   * for room ends when `caller` is gone.
   */
  deliver(batch: Batch<S>, caller?: Caller): Promise<void>
  /** What `deliver` would reject with now; see `Foreseeing`. */
  refusal(signal: S, bytes: number): Retryable | undefined
}
