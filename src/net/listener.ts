import type { Duplex } from 'node:stream'
import type { Address, Budget, Clock, Context, Listening, Network, Resource, Timer } from '#sdk'
import { listenerKey } from './address.js'
import type { Served, Tenure } from './serving.js'

/** What a server is handed; tests hand in fakes. */
export interface Surroundings {
  readonly network: Network
  readonly clock: Clock
  /** From 0 up to, not including, 1. */
  readonly random: () => number
  /** Requests that are being read or handled count in it; without one, by their server alone. */
  readonly budget?: Budget
}

/** Handlers and settings that are to serve a listener: what `grpcOffer` and `httpOffer` make. */
export interface Offer {
  readonly tenure: Tenure
  /** Further connections are closed at once. */
  readonly connectionsMax: number
  start(surroundings: Surroundings): Server
}

/** Speaks one protocol on the connections it is given. */
export interface Server {
  /**
   * From the next request on, `offer` serves; without one, requests are refused as retryable.
   * False when its settings cannot be those of this server, so that new connections need another
   * one.
   */
  take(offer: Offer | undefined): boolean
  accept(connection: Duplex): void
  /**
   * Asks its clients to go, each when its requests are answered; with `idleToo` those without any
   * at once.
   */
  leave(idleToo: boolean): void
  destroy(): void
}

/** Connections that the settings of a successor do not suit are cut off after this. */
const LEAVE_MS = 120_000
/** How long `close` waits for answers that are still being written. */
const CLOSE_MS = 5000
/** Connections that come before there is a server wait for it, up to this many. */
const EARLY_MAX = 1024

/**
 * A socket that listens, and what serves it. It outlives the components that serve it one after
 * another: a request under way is answered by the handlers that took it, the next one on the same
 * connection goes to their successors.
 *
 *   connection -> newest server -> newest offer
 *                 older servers  -> newest offer   (leaving: their settings differ)
 */
export class Listener implements Resource {
  readonly #surroundings: Surroundings
  readonly #connections = new Set<Duplex>()
  readonly #leaving = new Map<Server, Timer>()
  #listening: Listening | undefined
  #early: Duplex[] = []
  #offer: Offer | undefined
  #server: Server | undefined
  #refused = 0
  #closed: Promise<void> | undefined

  private constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  /** Rejects with `Retryable` naming the address. Connections wait until the first `serve`. */
  static async open(surroundings: Surroundings, address: Address): Promise<Listener> {
    const listener = new Listener(surroundings)
    listener.#listening = await surroundings.network.listen(address, (connection) =>
      listener.#connected(connection),
    )
    return listener
  }

  /** The real address: port 0 has been replaced. */
  get address(): Address {
    return this.#listening!.address
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  /** Connections closed at once because there were too many. */
  get refusedConnectionCount(): number {
    return this.#refused
  }

  /** Takes effect in this turn of the event loop; what served before is left to `drain`. */
  serve(offer: Offer): Served {
    this.#offer = offer
    for (const server of this.#leaving.keys()) server.take(offer)
    if (!this.#server?.take(offer)) {
      if (this.#server) this.#leave(this.#server)
      this.#server = offer.start(this.#surroundings)
    }
    for (const connection of this.#early.splice(0)) this.#server.accept(connection)
    const { tenure } = offer
    const isCurrent = () => this.#offer === offer
    return {
      get underWay() {
        return tenure.underWay
      },
      drain: async (giveUp) => {
        if (isCurrent()) this.#refuse()
        await tenure.idle(giveUp)
      },
    }
  }

  /** Accepts no more, lets requests under way be answered, then closes every connection. */
  close(giveUp?: AbortSignal): Promise<void> {
    this.#closed ??= this.#close(giveUp)
    return this.#closed
  }

  async #close(giveUp: AbortSignal | undefined): Promise<void> {
    const offer = this.#offer
    this.#refuse()
    await this.#listening?.close()
    for (const connection of this.#early.splice(0)) connection.destroy()
    const late = new AbortController()
    const cut = () => late.abort()
    const timer = this.#surroundings.clock.timer(CLOSE_MS, cut)
    giveUp?.addEventListener('abort', cut, { once: true })
    if (giveUp?.aborted) cut()
    await offer?.tenure.idle(late.signal)
    for (const server of this.#servers()) server.leave(true)
    await this.#empty(late.signal)
    timer.cancel()
    giveUp?.removeEventListener('abort', cut)
    for (const leaveTimer of this.#leaving.values()) leaveTimer.cancel()
    for (const server of this.#servers()) server.destroy()
    for (const connection of this.#connections) connection.destroy()
  }

  /** Resolves when the last connection is closed, or `giveUp` aborts. */
  async #empty(giveUp: AbortSignal): Promise<void> {
    if (this.#connections.size === 0 || giveUp.aborted) return
    await new Promise<void>((resolve) => {
      giveUp.addEventListener('abort', () => resolve(), { once: true })
      for (const connection of this.#connections) {
        connection.once('close', () => {
          if (this.#connections.size === 0) resolve()
        })
      }
    })
  }

  #refuse(): void {
    this.#offer = undefined
    for (const server of this.#servers()) server.take(undefined)
  }

  #servers(): readonly Server[] {
    return this.#server ? [...this.#leaving.keys(), this.#server] : []
  }

  #connected(connection: Duplex): void {
    const max = this.#offer?.connectionsMax ?? EARLY_MAX
    if (this.#connections.size >= max || this.#closed) {
      this.#refused++
      connection.destroy()
      return
    }
    this.#connections.add(connection)
    connection.once('close', () => this.#connections.delete(connection))
    // A reset before there is a server must not end the process.
    connection.on('error', () => {})
    if (this.#server) this.#server.accept(connection)
    else this.#early.push(connection)
  }

  #leave(server: Server): void {
    const { clock } = this.#surroundings
    const timer = clock.timer(LEAVE_MS, () => {
      this.#leaving.delete(server)
      server.destroy()
    })
    this.#leaving.set(server, timer)
    server.leave(false)
  }
}

/** The listener at an address, which the instances of a component hand to each other. */
export function leaseListener(
  { resources, network, clock, random, budget }: Context,
  address: Address,
): Promise<Listener> {
  return resources.lease(listenerKey(address), () =>
    Listener.open({ network, clock, random, budget }, address),
  )
}
