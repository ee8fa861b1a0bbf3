import { Worker } from 'node:worker_threads'
import type { Layout, Plan } from './layout.js'

const KEPT_MAX = 50
const MEMORY_MAX_MB = 128

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

/**
 * Lays out in a thread that ends with it, one plan after the other. What was laid out is kept, so
 * threads are few.
 */
export function layOutInThread(): LayOut {
  let turn: Promise<unknown> = Promise.resolve()
  return (plan) => {
    const asked = turn.then(() => inThread(plan))
    turn = asked.catch(() => {})
    return asked
  }
}

function inThread(plan: Plan): Promise<Layout> {
  const worker = new Worker(new URL('./layout-worker.js', import.meta.url), {
    workerData: plan,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MAX_MB },
  })
  // A page keeps no process alive.
  worker.unref()
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the layout ended without a result')))
  })
}
