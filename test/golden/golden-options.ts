/** What the golden configs are checked against: every component, and toys. */
import type { CheckOptions } from '#config'
import { attributes, defineExtension, defineReceiver, forwardTo } from '#sdk'
import { allComponents } from '#support'
import { CONFIG_BLOCKS, checkOptions } from '../contract/registry.js'

const never = (): never => {
  throw new Error('nothing runs here')
}

/**
 * What no real component shows: the name of a family of functions, too little stability, and
 * receivers to forward to.
 */
export const TOYS = [
  defineExtension({
    name: 'array.toy',
    stability: 'generally-available',
    about: 'Hides functions.',
    schema: attributes({}),
    exports: { text: { kind: 'string' } },
    create: never,
  }),
  defineExtension({
    name: 'toy.young',
    stability: 'experimental',
    about: 'May not run.',
    schema: attributes({}),
    exports: {},
    create: never,
  }),
  defineReceiver({
    name: 'toy.scrape',
    stability: 'generally-available',
    about: 'Has samples.',
    schema: attributes({ forward_to: forwardTo('samples') }),
    create: never,
  }),
]
export const goldenOptions: CheckOptions = checkOptions('generally-available', [
  ...(await allComponents()),
  ...CONFIG_BLOCKS,
  ...TOYS,
])
