/** Argument bodies from the peer's component tests: accepted or refused. */
import { expect, test } from 'vitest'
import { checkSources, Registry, systemEnvironment } from '#config'
import { hasErrors, Source } from '#grammar'
import { allComponents } from '#support'
import { corpus } from '../support/corpus.js'

const components = await allComponents()

interface Case {
  readonly id: string
  /** The folder of the test; the name with dots, mostly. */
  readonly component: string
  readonly body: string
  readonly expectError: boolean | string
  /** False: that it is accepted was not read from the test but implied. */
  readonly tableHasErrorField: boolean
}

const registry = new Registry(components)
const environment = systemEnvironment({}, '0.0.0')

/** Bodies of inner blocks that the peer reads by themselves. */
const INNER = ['loki.write/TestUnmarshallWalAttrributes']

const file = corpus<{ cases: readonly Case[] }>('syntax/component-args.json')
const offered = file?.cases.flatMap((one) => {
  if (INNER.some((test) => one.id.startsWith(`${test}/`))) return []
  const name = registry.names.find((known) => plain(known) === plain(one.component))
  return name ? [{ ...one, name }] : []
})

if (offered)
  test('some of the components are offered', () => expect(offered.length).toBeGreaterThan(20))

for (const { id, name, body, expectError, tableHasErrorField } of offered ?? []) {
  test(`${name}: ${id}`, () => {
    const source = new Source('test', `${name} "test" {${body}\n}\n`)
    const { diagnostics } = checkSources([source], {
      registry,
      environment,
      stability: 'experimental',
    })
    const texts = diagnostics.map(({ code, message }) => `${code}: ${message}`)
    const isTaken = expectError === false
    const reason =
      isTaken && KNOWN_DIFFERENCES.find(({ applies }) => applies(name, body, tableHasErrorField))
    if (reason) {
      expect(texts, reason.why).toEqual([expect.stringMatching(reason.says)])
      return
    }
    expect(hasErrors(diagnostics), texts.join('\n')).toBe(expectError !== false)
  })
}

/** "memorylimiter" is "memory_limiter". */
function plain(name: string): string {
  return name.replaceAll('_', '')
}

/** Where we refuse what the peer accepts; each is in grammar/README.md. */
const KNOWN_DIFFERENCES: readonly {
  readonly why: string
  readonly applies: (name: string, body: string, sure: boolean) => boolean
  readonly says: RegExp
}[] = [
  {
    why: 'a gRPC endpoint with a path cannot be dialled',
    applies: (name, body, sure) =>
      !sure && name === 'otelcol.exporter.otlp' && /endpoint\s*=\s*"[^"]+\/[^"]*:\d+"/.test(body),
    says: /^wrong-type: "endpoint" needs host:port/,
  },
  {
    why: 'an unknown action is refused before anything runs',
    applies: (name, body, sure) =>
      !sure && name === 'otelcol.auth.headers' && body.includes('NonExistingAction'),
    says: /^wrong-type: "action" needs one of/,
  },
  {
    why: 'the authentication of clouds is not offered',
    applies: (name, body) =>
      name === 'prometheus.remote_write' && /\b(sigv4|azuread|google_iam) \{/.test(body),
    says: /^unknown-block: .*"(sigv4|azuread|google_iam)"/,
  },
  {
    why: 'an address that cannot be listened on is refused before anything runs',
    applies: (name, body) =>
      name === 'otelcol.receiver.otlp' && body.includes('endpoint = "/v1/traces"'),
    says: /^invalid-arguments: "\/v1\/traces" is no address to listen on/,
  },
]
