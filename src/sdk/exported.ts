import type { ConsumerCapsule } from './capsules.js'
import type { HandlerPower } from './component.js'
import { Capsule } from './value.js'

/** The `input` or `receiver` of a component, as expressions pass it around. */
export abstract class ExportedConsumer extends Capsule {
  override readonly capsule: ConsumerCapsule
  /** The id of the component it belongs to. */
  readonly owner: string

  constructor(owner: string, capsule: ConsumerCapsule) {
    super()
    this.owner = owner
    this.capsule = capsule
  }
}

/** The `handler` of a component, as expressions pass it around. */
export abstract class ExportedHandler extends Capsule {
  override readonly capsule = 'otelcol.Handler'
  readonly owner: string
  readonly powers: readonly HandlerPower[]

  constructor(owner: string, powers: readonly HandlerPower[]) {
    super()
    this.owner = owner
    this.powers = powers
  }
}

/** The `rules` of a relabelling component, as expressions pass them around. */
export abstract class ExportedRules extends Capsule {
  override readonly capsule = 'relabel.Rules'

  override toString(): string {
    return 'relabelling rules'
  }
}
