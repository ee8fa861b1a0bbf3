import type { SampleBatchBuilder } from '#pdata'
import { type NumberProgram, NumberSeriesWriter } from '#wire'
import { COMMON_SLOT, type LabelPlan } from './label-plan.js'
import { type CommonLabels, labelValue } from './series-labels.js'

/** Made for the first batch, for all translators; null: can not be. */
let module: NumberSeriesWriter | null | undefined

const LEAVE_MAX = 32

/**
 * Points of gauges and sums with the keys of a plan that is known, and all that is usual:
 * WebAssembly writes them, in a third of the time. Their series wait until there are many, or until
 * somebody else writes (`flush`).
 */
export class PlainPoints {
  readonly #builder: SampleBatchBuilder
  readonly #isOff: boolean
  /** How many points to leave to others: now, and once more when the next is not plain. */
  #left = 0
  #leave = 1
  readonly #sink = (bytes: Uint8Array, start: number, end: number, items: number) =>
    this.#builder.copySeries(bytes, start, end, items)

  /** With `byScript` it takes none. */
  constructor(builder: SampleBatchBuilder, byScript: boolean) {
    this.#builder = builder
    this.#isOff = byScript
  }

  begin(): void {
    if (this.#isOff) return
    if (module === undefined) module = NumberSeriesWriter.create(labelValue) ?? null
    module?.begin()
  }

  /**
   * Writes points of a Gauge or a Sum, from one on; where it stopped, which is at what others are
   * to see to. After one that is not plain it leaves more and more of those that follow to others:
   * most likely they are not plain either.
   */
  write(
    bytes: Buffer,
    pos: number,
    end: number,
    common: CommonLabels,
    name: Buffer,
    isCounter: boolean,
  ): number {
    if (this.#isOff) return pos
    if (this.#left > 0) {
      this.#left--
      return pos
    }
    if (!module) return pos
    const program = this.#program(common)
    if (program === 0 || !module.setName(name)) return pos
    const start = pos
    do pos = module.write(bytes, pos, end, program, isCounter)
    while (module.needsRoom && this.#makeRoom())
    this.#leave = pos === start ? Math.min(this.#leave * 2, LEAVE_MAX) : 1
    if (pos < end) this.#left = this.#leave - 1
    return pos
  }

  /** False where there is none for so large a point. */
  #makeRoom(): boolean {
    if (module!.size === 0) return false
    this.flush()
    return true
  }

  /** Before somebody else writes series. */
  flush(): void {
    if (!this.#isOff && module && module.size > 0) module.take(this.#sink)
  }

  /** The newest time of a sample since this was last asked, in milliseconds; 0 without one. */
  takeNewest(): number {
    return this.#isOff || !module ? 0 : module.takeNewest()
  }

  /** 0 for none. */
  #program({ plans, pairs, programs }: CommonLabels): number {
    const plan = plans.none.last
    if (!plan) return 0
    if (programs.generation !== module!.generation) {
      programs.byPlan.clear()
      programs.generation = module!.generation
    }
    let program = programs.byPlan.get(plan)
    if (program === undefined) {
      const made = programOf(plan, pairs)
      program = made ? module!.load(made) : 0
      if (programs.generation !== module!.generation) programs.byPlan.clear()
      programs.generation = module!.generation
      programs.byPlan.set(plan, program)
    }
    return program
  }
}

/** Undefined where attributes share a label, whose values are joined. */
function programOf(plan: LabelPlan, pairs: readonly DataView[]): NumberProgram | undefined {
  const { order, names, joined, fields } = plan
  if (joined.some((places) => places !== undefined)) return undefined
  const steps: NumberProgram['steps'][number][] = []
  let common: Uint8Array[] = []
  const endCommon = () => {
    if (common.length > 0) steps.push({ pairs: Buffer.concat(common) })
    common = []
  }
  for (const slot of order) {
    if (slot <= COMMON_SLOT) {
      common.push(bytesOf(pairs[COMMON_SLOT - slot]!))
      continue
    }
    endCommon()
    steps.push(slot >= 0 ? { attribute: slot, name: bytesOf(names[slot]!) } : 'name')
  }
  endCommon()
  return { fields, steps }
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
