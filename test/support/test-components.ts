/** The components of the corpus `modules`: they count, pass on and add up. */
import { Batch } from '#pdata'
import {
  any,
  attributes,
  type Component,
  type Context,
  type Definition,
  defineConfigBlock,
  defineExporter,
  defineExtension,
  defineReceiver,
  duration,
  forwardTo,
  integer,
  string,
  type Timer,
  targets,
  type Value,
} from '#sdk'

const about = 'For the test.'
const STABLE = { stability: 'generally-available', about } as const

/** What arrived, by the id of the component that took it. */
export class Arrivals {
  readonly sums = new Map<string, number>()
  readonly texts = new Map<string, string[]>()
}

/** Calls back `max` times. */
function ticking(
  { clock }: Context,
  everyMs: number,
  max: number,
  tick: (count: number) => void,
): Component & { activate(): void } {
  let timer: Timer | undefined
  let count = 0
  const next = () => {
    if (count >= max) return
    timer = clock.timer(everyMs, () => {
      tick(++count)
      next()
    })
  }
  return { activate: next, stop: async () => timer?.cancel() }
}

export function testComponents(arrivals: Arrivals): readonly Definition[] {
  return [...counting(), ...receiving(arrivals), ...others()]
}

function counting(): readonly Definition[] {
  return [
    defineExtension({
      ...STABLE,
      name: 'testcomponents.count',
      schema: attributes({
        frequency: duration({ required: true, about }),
        max: integer({ required: true, about }),
      }),
      exports: { count: { kind: 'string-or-secret' } },
      create: (context, { frequency, max }) => ({
        ...ticking(context, frequency, max, (count) => context.publish({ count: BigInt(count) })),
        start: async () => context.publish({ count: 0n }),
      }),
    }),
    defineExtension({
      ...STABLE,
      name: 'testcomponents.passthrough',
      schema: attributes({
        input: string({ required: true, about }),
        lag: duration({ default: '0s', about }),
      }),
      exports: { output: { kind: 'string' } },
      create: (context, { input }) => ({
        start: async () => context.publish({ output: input }),
        stop: async () => {},
      }),
    }),
    defineExtension({
      ...STABLE,
      name: 'testcomponents.summation',
      schema: attributes({ input: integer({ required: true, about }) }),
      exports: { sum: { kind: 'string-or-secret' }, last_added: { kind: 'string-or-secret' } },
      create: (context, { input }) => ({
        start: async () => context.publish({ sum: input, last_added: input }),
        stop: async () => {},
      }),
    }),
    defineExtension({
      ...STABLE,
      name: 'testcomponents.targets',
      schema: attributes({ targets: targets({ required: true, about }) }),
      exports: { output: { kind: 'targets' } },
      create: (context, values) => ({
        start: async () => context.publish({ output: values.targets }),
        stop: async () => {},
      }),
    }),
  ]
}

function receiving({ sums, texts }: Arrivals): readonly Definition[] {
  const add = (id: string, count: number) => void sums.set(id, (sums.get(id) ?? 0) + count)
  return [
    defineExporter({
      ...STABLE,
      name: 'testcomponents.summation_receiver',
      accepts: ['entries'],
      schema: attributes({}),
      create: ({ id, ledger }) => ({
        stop: async () => {},
        async consume({ signal, items }) {
          add(id, items)
          ledger.leave(signal, items)
        },
      }),
    }),
    defineReceiver({
      ...STABLE,
      name: 'testcomponents.pulse',
      schema: attributes({
        frequency: duration({ required: true, about }),
        max: integer({ required: true, about }),
        forward_to: forwardTo('entries'),
      }),
      create: (context, { frequency, max }, intake) =>
        ticking(context, frequency, max, () => {
          intake.deliver(new Batch('entries', [new Uint8Array(1)], 1, 1)).catch(context.fail)
        }),
    }),
    defineExporter({
      ...STABLE,
      name: 'testcomponents.string_receiver',
      accepts: ['entries'],
      schema: attributes({}),
      create: ({ id, ledger }) => ({
        stop: async () => {},
        async consume({ signal, items, chunks }) {
          texts.set(id, [...(texts.get(id) ?? []), Buffer.concat([...chunks]).toString()])
          ledger.leave(signal, items)
        },
      }),
    }),
    defineReceiver({
      ...STABLE,
      name: 'testcomponents.stringer',
      schema: attributes({
        input_string: any({ about }),
        input_int: any({ about }),
        input_float: any({ about }),
        input_bool: any({ about }),
        input_map: any({ about }),
        input_array: any({ about }),
        forward_to: forwardTo('entries'),
      }),
      create: (context, { forward_to: _, ...inputs }, intake) =>
        ticking(context, 1, 1, () => {
          const given = Object.values(inputs).find((one) => one !== undefined)
          const bytes = Buffer.from(goText(given!))
          intake.deliver(new Batch('entries', [bytes], 1, bytes.length)).catch(context.fail)
        }),
    }),
  ]
}

function others(): readonly Definition[] {
  const idle = () => ({ stop: async () => {} })
  const common = { about, schema: attributes({}), create: idle }
  const name = 'testcomponents.experimental'
  return [
    defineExtension({ ...common, name, stability: 'experimental', exports: {} }),
    defineConfigBlock({ ...common, ...STABLE, name: 'testservice' }),
  ]
}

/** Go's %#v. */
function goText(value: Value): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goText).join(', ')}}`
  if (value instanceof Map) {
    const fields = [...value].map(([key, field]) => `${JSON.stringify(key)}:${goText(field)}`)
    return `map[string]interface {}{${fields.join(', ')}}`
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
