/** Senders that do not give up at once: what is not acknowledged is mostly sent again. */
import { OTLP_SIGNALS } from '#wire'
import { numberedRequest } from '../support/numbered.js'
import {
  grpcConnection,
  httpConnection,
  NotTaken,
  type OtlpConnection,
} from '../support/otlp-connections.js'

export interface PersistentLoadOptions {
  readonly grpcPort: number
  readonly httpPort: number
  readonly grpcConnections: number
  /** Of HTTP/1.1: one request at a time on each. */
  readonly httpConnections: number
  readonly requestsPerSecond: number
  readonly random: () => number
  /** What is added to each item; 0 unless told. */
  readonly itemBytes?: number
  /** The share of failures that are final for their sender; few unless told. */
  readonly givenUp?: number
}

/** One item as its sender knows it. */
export interface SentItem {
  /** Each try may have been stored, answered or not. */
  tries: number
  isAcknowledged: boolean
}

const AGAIN_MS = 200
const GIVEN_UP = 0.04
/** A connection that hears nothing is given no more. */
const UNDER_WAY_MAX = 32

interface Lane {
  readonly connection: OtlpConnection
  underWay: number
}

/** Sends requests of one numbered item, of all signals in turn. */
export class PersistentLoad {
  /** By number. */
  readonly items: SentItem[] = []
  acknowledged = 0
  /** Answers that were no acknowledgement. */
  readonly refusals: NotTaken[] = []
  readonly #options: PersistentLoadOptions
  readonly #lanes: readonly Lane[]
  readonly #underWay = new Set<Promise<void>>()
  #turn = 0
  #timer: NodeJS.Timeout | undefined
  #isEnding = false

  constructor(options: PersistentLoadOptions) {
    this.#options = options
    const { grpcPort, grpcConnections, httpPort, httpConnections } = options
    const connections = [
      ...Array.from({ length: grpcConnections }, () => grpcConnection(grpcPort)),
      ...Array.from({ length: httpConnections }, () => httpConnection(httpPort)),
    ]
    this.#lanes = connections.map((connection) => ({ connection, underWay: 0 }))
  }

  start(): void {
    const perMs = this.#options.requestsPerSecond / 1000
    const startedAt = performance.now()
    let begun = 0
    this.#timer = setInterval(() => {
      // Ticks come late on a busy machine.
      const due = (performance.now() - startedAt) * perMs
      for (; begun < due; begun++) {
        const lane = this.#lanes[this.#turn++ % this.#lanes.length]!
        if (lane.underWay < UNDER_WAY_MAX) this.#begin(lane)
      }
    }, 10)
  }

  /** Sends nothing new and nothing again; resolves once all answers are there. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#isEnding = true
    await Promise.all(this.#underWay)
    for (const { connection } of this.#lanes) connection.close()
  }

  #begin(lane: Lane): void {
    const number = this.items.length
    this.items.push({ tries: 0, isAcknowledged: false })
    lane.underWay++
    const work = this.#send(number, lane.connection).finally(() => {
      lane.underWay--
      this.#underWay.delete(work)
    })
    this.#underWay.add(work)
  }

  async #send(number: number, connection: OtlpConnection): Promise<void> {
    const item = this.items[number]!
    const signal = OTLP_SIGNALS[number % OTLP_SIGNALS.length]!
    const { random, givenUp = GIVEN_UP, itemBytes = 0 } = this.#options
    const body = numberedRequest(signal, [number], itemBytes)
    for (;;) {
      item.tries++
      try {
        await connection.send(signal, body)
        item.isAcknowledged = true
        this.acknowledged++
        return
      } catch (error) {
        if (error instanceof NotTaken && error.code !== undefined) this.refusals.push(error)
        if (this.#isEnding || random() < givenUp) return
        await new Promise((done) => setTimeout(done, AGAIN_MS))
      }
    }
  }
}
