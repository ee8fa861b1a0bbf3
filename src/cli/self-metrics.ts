import { HTTP_SERVER_DEFAULTS, httpOffer, Listener, SELF_ADDRESS, type Surroundings } from '#net'
import type { Registry } from '#telemetry'

const FORMATS = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
} as const

/**
 * Serves the agent's metrics inside the process, for what `prometheus.exporter.self` exports:
 * without the credentials and certificates that the admin address may ask for.
 */
export async function serveSelf(
  surroundings: Surroundings,
  metrics: Registry,
  onBug: (error: unknown) => void,
): Promise<Listener> {
  const listener = await Listener.open(surroundings, SELF_ADDRESS)
  const route = {
    methods: ['GET'],
    handle: async ({ header }: { header(name: string): string | undefined }) => {
      const isOpen = (header('accept') ?? '').includes('application/openmetrics-text')
      const format = isOpen ? 'openmetrics' : 'prometheus'
      const body = await metrics.encode(format)
      return { status: 200, contentType: FORMATS[format], body }
    },
  }
  const routes = new Map([['/metrics', route]])
  listener.serve(httpOffer({ ...HTTP_SERVER_DEFAULTS, routes, onBug }))
  return listener
}
