/** prometheus.remote_write against Prometheus itself. */
import { afterEach, expect, test } from 'vitest'
import { systemNetwork } from '#net'
import { systemClock } from '#sdk'
import definition from '../../components/prometheus/remote_write/remote-write.js'
import { MetricsBackend, programOf } from '../support/metrics-backend.js'
import { runComponent } from '../support/running-component.js'
import { linesBatch } from '../support/write-sink.js'

const SOON = { interval: 50, timeout: 30_000 }

let prometheus: MetricsBackend | undefined
afterEach(() => prometheus?.stop())

test.for(['prometheus.WriteRequest', 'io.prometheus.write.v2.Request'])(
  'Prometheus has what was sent: %s',
  { timeout: 60_000 },
  async (message, { skip }) => {
    prometheus = await MetricsBackend.start('prometheus', programOf('prometheus', { skip }))
    const { url } = prometheus
    const metric = message.includes('v2') ? 'two' : 'one'
    const body = `external_labels = { cluster = "eu" }
      endpoint {
        url              = "${url}/api/v1/write"
        protobuf_message = "${message}"
        queue_config {
          max_samples_per_send = 7
          batch_send_deadline  = "10ms"
        }
      }`
    const overrides = { network: systemNetwork, clock: systemClock }
    const { give, ledger, instance } = await runComponent(definition, body, undefined, overrides)
    const now = Math.floor(Date.now() / 1000) * 1000
    for (let round = 0; round < 20; round++) {
      const at = now - (20 - round) * 1000
      const lines = Array.from({ length: 5 }, (_, n) => `${metric}{n="${n}"} ${round}@${at}`)
      await give(linesBatch(lines))
    }
    await expect.poll(() => instance.held('samples'), SOON).toBe(0)
    expect(ledger.counts('samples')).toMatchObject({ left: 100, dropped: new Map() })
    const [found] = await prometheus.query(`sum(count_over_time(${metric}{cluster="eu"}[5m]))`)
    expect(found?.value?.[1]).toBe('100')
  },
)
