/** Scraping and remote-write, side by side with vmagent where that is installed. */
import { type ChildProcess, execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cpuSeconds, message, peakRssMb, Stage, sleep, startAgent } from './processes.js'
import type { Row } from './rows.js'

const TARGETS = 100
const SERIES = 5000
const INTERVAL_S = 15
/** Until every target has been scraped, and again. */
const WARM_S = 2.5 * INTERVAL_S
const MEASURED_S = 4 * INTERVAL_S
const PORT = 14418
const PEER_PORT = 14419
const CPU_FACTOR_MAX = 1.3
const RSS_MAX_MB = 250

export async function scrapeRow(folder: string): Promise<Row> {
  const stage = new Stage()
  try {
    const own = await stage.folder(folder)
    await message(stage.fork('scrape-far-side.js', PORT, TARGETS, SERIES))
    const agent = await startAgent(stage, own, ownConfig())
    const peer = hasPeer() ? startPeer(stage, await stage.folder(folder)) : undefined
    await sleep(WARM_S * 1000)
    const before = [agent, peer].map(cpuOf)
    await sleep(MEASURED_S * 1000)
    const [own100, peer100] = [agent, peer].map(
      (child, n) => ((cpuOf(child) - before[n]!) / MEASURED_S) * 100,
    ) as [number, number]
    const rss = peakRssMb(agent)
    const besides = peer
      ? `vmagent ${peer100.toFixed(1)} %, RSS ${peakRssMb(peer).toFixed(0)} MB`
      : 'vmagent is not installed'
    return {
      name: `${TARGETS} targets of ${SERIES} series scraped every ${INTERVAL_S} s and sent on, from disk`,
      value: `${own100.toFixed(1)} % of a core`,
      limit: `<= ${CPU_FACTOR_MAX} x vmagent, RSS <= ${RSS_MAX_MB} MB`,
      note: `${peer ? `${(own100 / peer100).toFixed(2)} x: ` : ''}${besides}; own RSS ${rss.toFixed(0)} MB`,
      ok: (!peer || own100 <= peer100 * CPU_FACTOR_MAX) && rss <= RSS_MAX_MB,
    }
  } finally {
    await stage.end()
  }
}

function cpuOf(child: ChildProcess | undefined): number {
  return child ? cpuSeconds(child) : 0
}

function hasPeer(): boolean {
  try {
    execFileSync('which', ['vmagent'])
    return true
  } catch {
    return false
  }
}

function startPeer(stage: Stage, folder: string): ChildProcess {
  const config = join(folder, 'scrape.yml')
  const jobs = Array.from(
    { length: TARGETS },
    (_, n) => `  - job_name: job-${n}
    metrics_path: /metrics/${n}
    static_configs: [{ targets: ['127.0.0.1:${PORT}'], labels: { instance: target-${n} } }]
`,
  )
  writeFileSync(
    config,
    `global: { scrape_interval: ${INTERVAL_S}s }\nscrape_configs:\n${jobs.join('')}`,
  )
  return stage.spawn([
    'vmagent',
    `-promscrape.config=${config}`,
    `-remoteWrite.url=http://127.0.0.1:${PORT}/api/v1/write`,
    `-remoteWrite.tmpDataPath=${join(folder, 'queue')}`,
    `-httpListenAddr=127.0.0.1:${PEER_PORT}`,
    '-loggerLevel=ERROR',
  ])
}

function ownConfig(): string {
  const targets = Array.from(
    { length: TARGETS },
    (_, n) =>
      `{__address__ = "127.0.0.1:${PORT}", __metrics_path__ = "/metrics/${n}", job = "job-${n}", instance = "target-${n}"},`,
  )
  return `
logging { level = "error" }
prometheus.scrape "all" {
  targets = [
    ${targets.join('\n    ')}
  ]
  scrape_interval = "${INTERVAL_S}s"
  forward_to      = [prometheus.remote_write.out.receiver]
}
prometheus.remote_write "out" {
  endpoint { url = "http://127.0.0.1:${PORT}/api/v1/write" }
}
`
}
