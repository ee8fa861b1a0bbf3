import { checkSources, type ExportsOf, Registry, systemEnvironment } from '#config'
import { Source } from '#grammar'
import { type Batch, OTLP_SIGNALS } from '#pdata'
import {
  attributes,
  type Component,
  type Consumer,
  type Definition,
  defineExporter,
  defineExtension,
} from '#sdk'
import { fakeContext } from './context.js'

/** Takes all of OTLP, to be wired to as `test.sink.all.input`. */
const sink = defineExporter({
  name: 'test.sink',
  stability: 'generally-available',
  about: 'Takes all of OTLP.',
  schema: attributes({}),
  accepts: OTLP_SIGNALS,
  create: () => ({ consume: async () => {}, stop: async () => {} }),
})

/** Take samples or entries, as `test.samples.all.receiver` and `test.entries.all.receiver`. */
const [samples, entries] = (['samples', 'entries'] as const).map((signal) =>
  defineExporter({
    name: `test.${signal}`,
    stability: 'generally-available',
    about: `Takes all ${signal}.`,
    schema: attributes({}),
    accepts: [signal],
    create: () => ({ consume: async () => {}, stop: async () => {} }),
  }),
)

/** Knows credentials, to be named as `test.auth.all.handler`. */
const auth = defineExtension({
  name: 'test.auth',
  stability: 'generally-available',
  about: 'Knows credentials.',
  schema: attributes({}),
  exports: { handler: { kind: 'handler', powers: ['client-auth', 'server-auth'] } },
  create: () => ({ stop: async () => {} }),
})

const OTHERS = [sink, samples!, entries!, auth]

/**
 * What `weir check` says about a component "a" with this body, beside the ones above; that nothing
 * uses some of them is no news.
 */
export function checkBody(definition: Definition, body: string) {
  const others = OTHERS.map(({ name }) => `${name} "all" { }\n`).join('')
  const text = `${definition.name} "a" {\n${body}\n}\n${others}`
  const { program, diagnostics } = checkSources([new Source('test.river', text)], {
    registry: new Registry([definition, ...OTHERS]),
    stability: 'experimental',
    environment: systemEnvironment({}, 'v0'),
  })
  return { program, diagnostics: diagnostics.filter(({ code }) => code !== 'unused-component') }
}

/** The arguments that a body gives. Throws what is wrong with it. */
export function argumentsOf(
  definition: Definition,
  body: string,
  exportsOf: ExportsOf = () => undefined,
): object {
  const { program, diagnostics } = checkBody(definition, body)
  const node = program?.nodes.find(({ id }) => id === `${definition.name}.a`)
  const { values } = node?.evaluate(exportsOf) ?? {}
  if (!values) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return values
}

/** What a processor with this body passes on for one batch; its output is the test's. */
export async function processed(
  definition: Definition,
  body: string,
  batch: Batch,
): Promise<readonly Batch[]> {
  const values = argumentsOf(definition, `${body}\noutput { }`)
  const left: Batch[] = []
  const next = { consume: async (one: Batch) => void left.push(one) }
  const component = definition.create(fakeContext(), values as never, next as never)
  await (component as Component & Consumer).consume(batch)
  await component.stop(new AbortController().signal)
  return left
}
