import type { Batch, Signal } from '#pdata'
import {
  type Caller,
  type Consumer,
  ExportedConsumer,
  ExportedHandler,
  type Foreseeing,
  type GatheringConsumer,
  type Handle,
  type HandlerPower,
  type Next,
  type Powers,
  type Reservation,
  type Reserving,
  Retryable,
} from '#sdk'

/**
 * The lasting input of a component: upstreams hold the port, so a replaced component needs no
 * change upstream. What it points at is switched by the graph.
 */
export class ConsumerPort
  extends ExportedConsumer
  implements Consumer, Reserving, Foreseeing, GatheringConsumer
{
  /** Undefined while the component is being restarted. */
  target: Next | undefined

  gathers(signal: Signal): boolean {
    return this.target?.gathers(signal) ?? false
  }

  reserve(batch: Batch, caller?: Caller): Promise<Reservation> {
    return this.target ? this.target.reserve(batch, caller) : Promise.reject(away(this.owner))
  }

  refusal(signal: Signal, bytes: number): Retryable | undefined {
    return this.target ? this.target.refusal(signal, bytes) : away(this.owner)
  }

  consume(batch: Batch): Promise<void> {
    return this.target ? this.target.consume(batch) : Promise.reject(away(this.owner))
  }
}

/** The lasting handle on what a component does for others. */
export class HandlerPort extends ExportedHandler implements Handle<HandlerPower> {
  target: Powers[HandlerPower] | undefined

  get current(): Powers[HandlerPower] {
    if (!this.target) throw away(this.owner)
    return this.target
  }
}

function away(owner: string): Retryable {
  return new Retryable(`${owner} is being restarted`, { retryAfterMs: 1000 })
}
