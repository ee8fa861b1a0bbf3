import { checkSources, type ExportsOf, Registry, systemEnvironment } from '#config'
import { Source } from '#grammar'
import { type Batch, SIGNALS } from '#pdata'
import {
  attributes,
  type Component,
  type Consumer,
  type Definition,
  defineExporter,
  defineExtension,
} from '#sdk'
import { fakeContext } from './context.js'

/** Takes everything, to be wired to as `test.sink.all.input`. */
const sink = defineExporter({
  name: 'test.sink',
  stability: 'generally-available',
  about: 'Takes everything.',
  schema: attributes({}),
  accepts: SIGNALS,
  create: () => ({ consume: async () => {}, stop: async () => {} }),
})

/** Knows credentials, to be named as `test.auth.all.handler`. */
const auth = defineExtension({
  name: 'test.auth',
  stability: 'generally-available',
  about: 'Knows credentials.',
  schema: attributes({}),
  exports: { handler: { kind: 'handler', powers: ['client-auth', 'server-auth'] } },
  create: () => ({ stop: async () => {} }),
})

/** What `weir check` says about a component "a" with this body, beside the sink and the auth. */
export function checkBody(definition: Definition, body: string) {
  const text = `${definition.name} "a" {\n${body}\n}\ntest.sink "all" { }\ntest.auth "all" { }\n`
  return checkSources([new Source('test.river', text)], {
    registry: new Registry([definition, sink, auth]),
    stability: 'experimental',
    environment: systemEnvironment({}, 'v0'),
  })
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
