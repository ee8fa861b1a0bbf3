import { type Batch, perSignal } from '#pdata'
import type { Consumer, Outputs } from '#sdk'

/**
 * Is shown a batch that is about to go to the component `to`. Called on the data's way: it must be
 * quick, must not throw, and must copy the bytes that it keeps.
 */
export type Tap = (batch: Batch, to: string) => void

/** The same consumers, each with the taps before it. */
export function tapped(outputs: Outputs, taps: readonly Tap[]): Outputs {
  return perSignal((signal) =>
    outputs[signal].map((consumer): Consumer => {
      const to = 'owner' in consumer ? String(consumer.owner) : ''
      return {
        consume(batch) {
          for (const tap of taps) tap(batch, to)
          return consumer.consume(batch)
        },
      }
    }),
  )
}
