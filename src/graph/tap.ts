import type { Batch } from '#pdata'
import type { Consumer } from '#sdk'

/**
 * Is shown a batch that is about to go to the component `to`. Called on the data's way: it must be
 * quick, must not throw, and must copy the bytes that it keeps.
 */
export type Tap = (batch: Batch, to: string) => void

/** The same consumer with the taps before it. */
export function tapped(consumer: Consumer, to: string, taps: readonly Tap[]): Consumer {
  return {
    consume(batch) {
      for (const tap of taps) tap(batch, to)
      return consumer.consume(batch)
    },
  }
}
