import { Worker } from 'node:worker_threads'
import type { Clock, Timer } from '#sdk'
import type { Layout, Plan } from './layout.js'

const KEPT_MAX = 50
/** The thread ends when nobody has asked for so long. */
const IDLE_MS = 30_000

export type LayOut = (plan: Plan) => Promise<Layout>

/** Layouts by plan: pictures of one config differ in their figures only. */
export class Layouts {
  readonly #layOut: LayOut
  readonly #kept = new Map<string, Promise<Layout>>()

  constructor(layOut: LayOut) {
    this.#layOut = layOut
  }

  of(plan: Plan): Promise<Layout> {
    const key = JSON.stringify(plan)
    const kept = this.#kept.get(key)
    if (kept) return kept
    const made = this.#layOut(plan)
    this.#kept.set(key, made)
    made.catch(() => this.#kept.delete(key))
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_MAX) break
      this.#kept.delete(oldest)
    }
    return made
  }
}

/** Lays out in a thread of its own, one plan after the other; none is there while nobody looks. */
export function layOutInThread(clock: Clock): LayOut {
  let worker: Worker | undefined
  let idle: Timer | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const rest = () => {
    worker?.terminate().catch(() => {})
    worker = undefined
  }
  const ask = (plan: Plan) =>
    new Promise<Layout>((resolve, reject) => {
      idle?.cancel()
      worker ??= newWorker()
      const mine = worker
      const settle = (then: () => void) => {
        mine.removeAllListeners()
        idle = clock.timer(IDLE_MS, rest)
        then()
      }
      mine.once('message', (layout: Layout) => settle(() => resolve(layout)))
      mine.once('error', (error: Error) => {
        worker = undefined
        settle(() => reject(error))
      })
      mine.postMessage(plan)
    })
  return (plan) => {
    const asked = turn.then(() => ask(plan))
    turn = asked.catch(() => {})
    return asked
  }
}

/** It keeps no process alive, and takes none of its memory for long. */
function newWorker(): Worker {
  const worker = new Worker(new URL('./layout-worker.js', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  })
  worker.unref()
  return worker
}
