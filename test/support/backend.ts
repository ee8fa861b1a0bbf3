/** What tests of exporters share: the backend's certificate, short bodies, what they wait for. */
import { ServerTls } from '#net'
import type { Instance } from '../../src/graph/instance.js'
import { until, type World } from '../contract/world.js'
import { FakeClock } from './fake-clock.js'
import type { Certificate } from './http-certificates.js'

/** At the backend time stands still. */
export const backendClock = new FakeClock()

export async function backendTls(
  { fake }: World,
  { cert: cert_pem, key }: Certificate,
): Promise<ServerTls> {
  const { files, log, contents } = fake
  contents.set('/backend.key', key)
  const config = { cert_pem, key_file: '/backend.key' }
  return ServerTls.load(config, { files, clock: backendClock, log })
}

export function onBackendBug(error: unknown): never {
  throw error
}

export const once = 'retry_on_failure { enabled = false }'
export const direct = 'sending_queue { enabled = false }'

interface Exporting {
  readonly backend: { readonly requests: readonly unknown[] }
  readonly instance: Instance
}

export function has({ backend }: Pick<Exporting, 'backend'>, count: number): Promise<void> {
  return until(`request ${count}`, () => backend.requests.length >= count)
}

export function failed({ instance }: Pick<Exporting, 'instance'>): Promise<void> {
  return until('a failure', () => instance.health().state === 'degraded')
}
