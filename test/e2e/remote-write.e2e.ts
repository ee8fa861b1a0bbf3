/**
 * prometheus.remote_write against Prometheus itself. Needs the program, of Debian's package
 * `prometheus` or named by WEIR_PROMETHEUS.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemNetwork } from '#net'
import { systemClock } from '#sdk'
import definition from '../../components/prometheus/remote_write/remote-write.js'
import { freePort } from '../support/agent-process.js'
import { runComponent } from '../support/running-component.js'
import { linesBatch } from '../support/write-sink.js'

const REQUIRED = process.env['WEIR_REQUIRE'] === '1'
const program = find()
const SOON = { interval: 50, timeout: 30_000 }

let server: ChildProcess | undefined
let folder: string
let url: string

beforeAll(async () => {
  if (!program) return
  folder = mkdtempSync(join(tmpdir(), 'weir-prometheus-'))
  const config = join(folder, 'prometheus.yml')
  writeFileSync(config, 'global: {}\n')
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  server = spawn(program, [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-remote-write-receiver',
  ])
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  await expect.poll(isReady, SOON).toBe(true)
}, 60_000)

afterAll(async () => {
  if (!server) return
  const ended = new Promise((resolve) => server!.once('exit', resolve))
  server.kill()
  await ended
  rmSync(folder, { recursive: true, force: true })
})

test.for(['prometheus.WriteRequest', 'io.prometheus.write.v2.Request'])(
  'Prometheus has what was sent: %s',
  { timeout: 60_000 },
  async (message, { skip }) => {
    if (!program) {
      if (REQUIRED) throw new Error('prometheus is absent and WEIR_REQUIRE is set')
      skip('prometheus is absent: install the package, or set WEIR_PROMETHEUS')
      return
    }
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
    const query = encodeURIComponent(`sum(count_over_time(${metric}{cluster="eu"}[5m]))`)
    const answer = await fetch(`${url}/api/v1/query?query=${query}`)
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } }
    expect(data.result[0]?.value[1]).toBe('100')
  },
)

function find(): string | undefined {
  const named = process.env['WEIR_PROMETHEUS']
  if (named) return named
  try {
    return execFileSync('which', ['prometheus'], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
