/**
 * One seed, one life of an agent: senders, a destination, a disk, crashes and restarts. Whatever
 * happens is drawn from the seed, and time passes only here.
 */
import type { OtlpBatch } from '#pdata'
import type { QueueLimits } from '#queue'
import { FakeClock, FakeDisk, randomFrom, settle } from '#support'
import { Agent, STORAGE, settingsOf } from './agent.js'
import { Books, type Cause, type End } from './books.js'
import { Destination, MOODS } from './destination.js'
import { GOOD_DISK } from './medium.js'
import { numberedBatch, numbersIn } from './numbered.js'

const STEPS = 60
/** Of a start, or of a stop after its deadline. */
const WAIT_MAX_MS = 20_000
const EMPTY_BYTES_MAX = 256
const MIB = 1024 * 1024
const QUEUE_FOLDER = `${STORAGE}/queue/traces/`
const DEAD_FOLDER = `${STORAGE}/dead/traces/`
/** Reasons for which an item that was taken may be gone. */
const DROPS = ['queue full', 'refused', 'retries exhausted', 'rejected by the destination']

export interface Outcome {
  readonly seed: number
  /** What went wrong; none is fine. */
  readonly faults: readonly string[]
  readonly repeats: ReadonlyMap<Cause, number>
  readonly items: number
  readonly crashes: number
  readonly trace: readonly string[]
}

interface Parcel {
  readonly numbers: readonly number[]
  readonly batch: OtlpBatch
  underWay: boolean
  notBefore: number
}

export class Run {
  readonly #seed: number
  readonly #random: () => number
  readonly #books = new Books()
  readonly #destination: Destination
  readonly #agents: Agent[] = []
  readonly #wrap: (disk: FakeDisk) => void
  /** Only plain answers and good disks: then the order is checked. */
  readonly #isPlain: boolean
  #clock = new FakeClock(undefined, 1)
  #disk = new FakeDisk()
  #agent: Agent | undefined
  #settings: ReturnType<typeof settingsOf>
  #parcels: Parcel[] = []
  #numbers = 0
  #crashes = 0
  #smallestCap = Number.POSITIVE_INFINITY
  #flips = 0
  #unreadable = 0
  /** Before the process began that runs. */
  #ackedBefore = 0
  /** Before the start of the process that runs. */
  #passedMs = 0

  /** `wrap` changes what the disk does, for a store that is broken on purpose. */
  constructor(seed: number, wrap: (disk: FakeDisk) => void = () => {}) {
    this.#seed = seed
    this.#random = randomFrom(seed)
    this.#wrap = wrap
    this.#isPlain = this.#chance(0.15)
    const now = () => this.#now
    this.#destination = new Destination(this.#random, this.#books, now, this.#isPlain)
    this.#settings = this.#someSettings()
    this.#wrap(this.#disk)
  }

  /** Since the beginning; unlike the clocks of the processes it never jumps. */
  get #now(): number {
    return this.#passedMs + this.#clock.monotonic()
  }

  async outcome(): Promise<Outcome> {
    await this.#restart()
    for (let step = 0; step < STEPS; step++) {
      await this.#step()
      this.#checkLimits(step)
    }
    await this.#end()
    this.#checkNothingLost()
    return {
      seed: this.#seed,
      faults: this.#books.faults,
      repeats: this.#books.repeats,
      items: this.#numbers,
      crashes: this.#crashes,
      trace: this.#books.trace,
    }
  }

  async #step(): Promise<void> {
    const chance = this.#random()
    const { mood } = this.#destination
    this.#books.note(this.#now, `${mood} ${chance.toFixed(3)} held ${this.#agent!.heldItems}`)
    if (chance < 0.45) this.#make()
    else if (chance < 0.65) await this.#tick(this.#below(2000))
    else if (chance < 0.75) this.#destination.mood = MOODS[this.#below(MOODS.length)]!
    else if (chance < 0.8 && !this.#isPlain) this.#upset()
    else if (chance < 0.82 && !this.#isPlain) this.#flip()
    else if (chance < 0.86) this.#agent!.medium.callsLeft = this.#below(25)
    else if (chance < 0.88) this.#agent!.medium.die()
    else if (chance < 0.91) await this.#reconfigure()
    else if (chance < 0.93) await this.#stop(this.#below(3000))
    await this.#tick(this.#chance(0.5) ? 0 : this.#below(200))
  }

  /** Time passes; whoever has something to send does, and a process that died is replaced. */
  async #tick(ms: number): Promise<void> {
    this.#send()
    await this.#clock.tick(ms)
    if (this.#agent!.isDead) await this.#restart()
  }

  #make(): void {
    const count = this.#chance(0.2) ? 1 + this.#below(40) : 1 + this.#below(4)
    const numbers = Array.from({ length: count }, () => this.#numbers++)
    const padding = this.#chance(0.1) ? this.#below(3000) : this.#below(100)
    this.#books.add(numbers)
    const batch = numberedBatch(numbers, padding)
    this.#parcels.push({ numbers, batch, underWay: false, notBefore: 0 })
  }

  #send(): void {
    const agent = this.#agent!
    for (const parcel of this.#parcels) {
      if (parcel.underWay || this.#now < parcel.notBefore) continue
      parcel.underWay = true
      this.#hand(agent, parcel).catch((error: unknown) => this.#bug(error))
    }
  }

  async #hand(agent: Agent, parcel: Parcel): Promise<void> {
    const answer = await agent.consume(parcel.batch)
    this.#books.note(this.#now, answer, parcel.numbers)
    // A process that has died answers nobody.
    if (agent.isDead || agent !== this.#agent) return
    parcel.underWay = false
    parcel.notBefore = this.#now + 500
    if (answer === 'taken') this.#books.ack(parcel.numbers)
    if (answer === 'taken' || answer === 'never') {
      this.#parcels = this.#parcels.filter((one) => one !== parcel)
    }
    // A write that failed may be there all the same.
    if (answer === 'failed') this.#books.allow(parcel.numbers, 'sender tried again')
  }

  /** Until a start succeeds: it may crash half-way, and find a disk that fails. */
  async #restart(end?: 'stop'): Promise<void> {
    for (let tries = 0; ; tries++) {
      if (this.#agent) await this.#bury(this.#agent, tries === 0 ? end : undefined)
      this.#passedMs = this.#now
      this.#clock = new FakeClock(this.#clock.now() + (this.#chance(0.05) ? -60_000 : 5), 1)
      const agent = new Agent(this.#disk, this.#clock, this.#random, this.#destination)
      this.#agent = agent
      this.#agents.push(agent)
      if (tries < 3 && this.#chance(0.2)) agent.medium.callsLeft = this.#below(60)
      let failed: unknown
      const started = agent.run(this.#settings).catch((error: unknown) => {
        failed = error ?? true
      })
      await this.#until(started, agent)
      if (agent.isDead) continue
      if (failed === undefined) return
      this.#books.faults.push(`cannot start: ${String(failed)}`)
      agent.medium.die()
      if (tries > 20) return
    }
  }

  async #bury(agent: Agent, end: End = this.#chance(0.5) ? 'kill' : 'power'): Promise<void> {
    // What was under way in it comes to its end: nothing of it reaches the disk.
    agent.medium.die()
    await settle(1)
    if (this.#isPlain) this.#books.checkOrder(this.#destination.tried, this.#ackedBefore)
    this.#destination.tried = []
    this.#ackedBefore = this.#books.ackCount
    const endedAt = this.#passedMs + agent.medium.diedAt!
    const unsent = new Set(this.#parcels.flatMap(({ numbers }) => numbers))
    for (const parcel of this.#parcels) parcel.underWay = false
    this.#books.note(endedAt, end)
    if (end !== 'stop') this.#crashes++
    this.#disk = agent.medium.disk.crashed(this.#random, end === 'power' ? 'power' : 'kill')
    this.#disk.capacity = Number.POSITIVE_INFINITY
    this.#wrap(this.#disk)
    this.#books.restart(this.#disk, end, endedAt, unsent)
  }

  async #reconfigure(): Promise<void> {
    this.#settings = this.#someSettings()
    const running = this.#agent!.run(this.#settings)
    await this.#until(running, this.#agent!)
  }

  /** Shuts down with a deadline, and starts again. */
  async #stop(deadlineMs: number): Promise<void> {
    const agent = this.#agent!
    const giveUp = new AbortController()
    const timer = this.#clock.timer(deadlineMs, () => giveUp.abort())
    const stopped = agent.stop(giveUp.signal).then(() => timer.cancel())
    await this.#until(stopped, agent, deadlineMs + WAIT_MAX_MS)
    if (!agent.isDead) this.#checkLetGo(agent)
    await this.#restart(agent.isDead ? undefined : 'stop')
  }

  /** Lets time pass until it is done, or the process that does it has died. */
  async #until(work: Promise<void>, agent: Agent, maxMs = WAIT_MAX_MS): Promise<void> {
    let isOver = false
    const over = () => {
      isOver = true
    }
    agent.medium.died.then(over, over)
    work.then(over, (error: unknown) => {
      this.#bug(error)
      over()
    })
    for (let waitedMs = 0; !isOver; waitedMs += 50) {
      await this.#clock.tick(50)
      if (waitedMs <= maxMs) continue
      this.#books.faults.push(`did not come to an end in ${maxMs} ms`)
      return
    }
  }

  #bug(error: unknown): void {
    this.#books.faults.push(`a bug: ${String(error)}`)
  }

  /** All is well again: everything must leave. */
  async #end(): Promise<void> {
    this.#destination.mood = 'well'
    this.#agent!.medium.mood = GOOD_DISK
    this.#agent!.medium.callsLeft = Number.POSITIVE_INFINITY
    this.#disk.capacity = Number.POSITIVE_INFINITY
    const isOver = () => this.#parcels.length === 0 && this.#agent!.heldItems === 0
    for (let tick = 0; tick < 400 && !isOver(); tick++) await this.#tick(250)
    if (!isOver()) {
      const left = this.#parcels.reduce((sum, { numbers }) => sum + numbers.length, 0)
      this.#books.faults.push(`${left} items unsent, ${this.#agent!.heldItems} held at the end`)
    }
    const agent = this.#agent!
    if (agent.unbalanced !== 0) this.#books.faults.push(`the ledger is off by ${agent.unbalanced}`)
    const stopped = agent.stop(new AbortController().signal)
    await this.#clock.tick(1000)
    await stopped
    this.#checkLetGo(agent)
    const left = this.#disk.usedUnder(QUEUE_FOLDER) - this.#disk.usedUnder(`${QUEUE_FOLDER}q`)
    // A segment without records that could not be removed goes at the next start.
    if (isOver() && left > EMPTY_BYTES_MAX)
      this.#books.faults.push(`${left} bytes stay in an empty queue`)
    for (const { context } of this.#agents) {
      for (const failure of context.failures) this.#bug(failure)
    }
  }

  #checkLetGo(agent: Agent): void {
    if (this.#disk.openCount > 0) {
      this.#books.faults.push(`still open: ${this.#disk.openPaths}`)
    }
    if (this.#clock.pending > 0) this.#books.faults.push(`${this.#clock.pending} timers stay`)
    if (agent.unbalanced !== 0) this.#books.faults.push(`stopped off by ${agent.unbalanced} items`)
  }

  #checkLimits(step: number): void {
    const { limits, consumers } = this.#settings.queue!
    const fault = (text: string) => this.#books.faults.push(`step ${step}: ${text}`)
    const stored = this.#disk.usedUnder(QUEUE_FOLDER) - this.#disk.usedUnder(`${QUEUE_FOLDER}q`)
    if (stored > Math.max(this.#smallestCap, limits.storedBytes)) fault(`${stored} bytes stored`)
    const dead = this.#disk.usedUnder(DEAD_FOLDER) - this.#disk.usedUnder(`${DEAD_FOLDER}q`)
    if (dead > MIB) fault(`${dead} bytes of dead letters`)
    if (this.#destination.underWay > 200 * consumers) fault('too many deliveries at once')
  }

  #checkNothingLost(): void {
    const seen = new Set<number>()
    for (const path of this.#disk.paths) {
      if (!path.includes('/dead/') && !path.includes('quarantine')) continue
      for (const number of numbersIn(this.#disk.content(path)!)) seen.add(number)
    }
    const lost = this.#books.acked.filter(
      (number) => !seen.has(number) && !this.#books.isDelivered(number),
    )
    let allowed = this.#unreadable
    for (const { dropped, forgotten } of this.#agents) {
      allowed += forgotten
      for (const reason of DROPS) allowed += dropped.get(reason) ?? 0
      if (this.#flips > 0) allowed += dropped.get('damaged on disk') ?? 0
    }
    if (lost.length > allowed) {
      this.#books.faults.push(
        `${lost.length} items lost, ${allowed} accounted for: ${lost.slice(0, 5)}`,
      )
    }
  }

  #upset(): void {
    const chance = this.#random()
    const { medium } = this.#agent!
    this.#books.faultyAt = Number.POSITIVE_INFINITY
    this.#disk.capacity = Number.POSITIVE_INFINITY
    medium.mood = GOOD_DISK
    if (chance < 0.2) medium.mood = { ...GOOD_DISK, sync: 0.3 }
    else if (chance < 0.4) medium.mood = { ...GOOD_DISK, write: 0.2 }
    else if (chance < 0.5) medium.mood = { ...GOOD_DISK, read: 0.2 }
    else if (chance < 0.6) medium.mood = { ...GOOD_DISK, slow: 0.3 }
    else if (chance < 0.75) this.#disk.capacity = this.#disk.usedBytes + this.#below(20_000)
    else this.#books.faultyAt = this.#now
  }

  #flip(): void {
    const paths = this.#disk.paths.filter((path) => /\.(seg|done)$/.test(path))
    const path = paths[this.#below(paths.length)]
    const size = path ? this.#disk.content(path)!.length : 0
    if (!path || size === 0) return
    this.#flips++
    // Nobody reads these meanwhile: the item cannot be told there.
    if (path.includes('/dead/')) this.#unreadable++
    if (path.endsWith('.done')) this.#books.marksDamaged = true
    this.#disk.damage(path, this.#below(size), 1 << this.#below(8))
  }

  #someSettings() {
    const isSmall = !this.#isPlain && this.#chance(0.5)
    const storedBytes = isSmall ? MIB / 16 + this.#below(MIB / 4) : 16 * MIB
    this.#smallestCap = Math.max(
      storedBytes,
      this.#smallestCap === Infinity ? 0 : this.#smallestCap,
    )
    const limits: QueueLimits = {
      size: this.#chance(0.3) ? 200 : Number.POSITIVE_INFINITY,
      sizer: 'items',
      storedBytes,
      whenFull: (['wait', 'refuse', 'drop_oldest'] as const)[this.#below(3)]!,
      waitForResult: false,
    }
    return settingsOf(limits, {
      consumers: this.#isPlain ? 1 : 1 + this.#below(5),
      batch: this.#chance(0.3),
      dead: this.#chance(0.8) ? MIB : 0,
      retries: this.#isPlain || this.#chance(0.9),
    })
  }

  #chance(part: number): boolean {
    return this.#random() < part
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }
}
