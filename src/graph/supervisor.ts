import { type Clock, messageOf, type Timer } from '#sdk'
import type { Instance, Services } from './instance.js'
import type { Holder, ResourcePool } from './resource-pool.js'

const BACKOFF_FIRST_MS = 1000
const BACKOFF_MAX_MS = 60_000
/** An instance that worked this long starts again from the first back-off when it fails. */
const STEADY_MS = 5 * 60_000
/** A component that failed gets this long to let go. */
const STOP_MS = 5000

export interface SupervisorEvents {
  /** Puts a new instance in place of one that failed; false when that did not start either. */
  replace(failed: Instance): Promise<boolean>
}

interface Patient {
  /** Holds the resources of the failed instance until a successor has them. */
  readonly holder: Holder
  /** The newest that failed. */
  instance: Instance
  failures: number
  failedAt: number
  timer: Timer | undefined
}

/** Stops components that raised a bug and starts them again, ever later. */
export class Supervisor {
  readonly #clock: Clock
  readonly #random: () => number
  readonly #services: Services
  readonly #pool: ResourcePool
  readonly #events: SupervisorEvents
  readonly #patients = new Map<string, Patient>()

  constructor(services: Services, pool: ResourcePool, events: SupervisorEvents) {
    this.#clock = services.clock
    this.#random = services.random
    this.#services = services
    this.#pool = pool
    this.#events = events
  }

  /** Takes a failed instance out of service and plans its restart. */
  failed(instance: Instance, error: unknown): void {
    if (instance.fault) return
    const now = this.#clock.monotonic()
    const patient = this.#patients.get(instance.id) ?? newPatient(instance, now)
    this.#patients.set(instance.id, patient)
    patient.instance = instance
    if (now - patient.failedAt > STEADY_MS) patient.failures = 0
    patient.failedAt = now
    this.#pool.adopt(instance, patient.holder)
    this.note(instance, error)
    this.#inBackground(instance.id, this.#stop(instance))
    this.#schedule(instance, patient)
  }

  /** Says why an instance is down, in its health and in the log. */
  note(instance: Instance, error: unknown): void {
    const message = `failed and is being restarted: ${messageOf(error)}`
    instance.fault = { state: 'unhealthy', message, since: this.#clock.now() }
    const stack = error instanceof Error ? error.stack : undefined
    this.#services.logger.of(instance.id).error(message, { stack })
  }

  /** The component was replaced or removed: nothing is to be restarted. */
  forget(id: string): void {
    const patient = this.#patients.get(id)
    patient?.timer?.cancel()
    this.#patients.delete(id)
    if (patient) this.#inBackground(id, this.#pool.release(patient.holder))
  }

  close(): void {
    for (const id of [...this.#patients.keys()]) this.forget(id)
  }

  #schedule(instance: Instance, patient: Patient): void {
    const backoffMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** patient.failures++)
    patient.timer = this.#clock.timer(backoffMs * (0.5 + this.#random() / 2), () => {
      this.#inBackground(instance.id, this.#restart(instance, patient))
    })
  }

  async #restart(instance: Instance, patient: Patient): Promise<void> {
    const restarted = await this.#events.replace(instance)
    if (this.#patients.get(instance.id) !== patient) return
    if (!restarted) this.#schedule(instance, patient)
    else await this.#pool.release(patient.holder)
  }

  async #stop(instance: Instance): Promise<void> {
    const giveUp = new AbortController()
    const timer = this.#clock.timer(STOP_MS, () => giveUp.abort())
    await instance.stop(giveUp.signal)
    timer.cancel()
  }

  /** Nobody waits for it: a failure is told by the log. */
  #inBackground(id: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      const log = this.#services.logger.of(id)
      log.error('cannot recover from a failure', { error: messageOf(error) })
    })
  }
}

function newPatient(instance: Instance, now: number): Patient {
  const patient: Patient = {
    // A plan that takes the component away frees what it held.
    holder: {
      id: instance.id,
      get leaving() {
        return patient.instance.leaving
      },
    },
    instance,
    failures: 0,
    failedAt: now,
    timer: undefined,
  }
  return patient
}
