import { hostname } from 'node:os'
import { formatAddress, SELF_ADDRESS } from '#net'
import { attributes, type Component, type Context, defineExtension, type Target } from '#sdk'

export default defineExtension({
  name: 'prometheus.exporter.self',
  stability: 'generally-available',
  about: "Exports the agent's own metrics as a target.",
  schema: attributes({}),
  exports: { targets: { kind: 'targets' } },
  create: (context) => new ExporterSelf(context),
})

class ExporterSelf implements Component {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  async start(): Promise<void> {
    const target: Target = new Map([
      ['__address__', formatAddress(SELF_ADDRESS)],
      ['__scheme__', 'http'],
      ['__metrics_path__', '/metrics'],
      ['job', 'integrations/self'],
      ['instance', hostname()],
    ])
    this.#context.publish({ targets: [target] })
  }

  async stop(): Promise<void> {}
}
