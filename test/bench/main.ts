/** `npm run bench`: figures of this machine, as the table of the README has them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { reloadRow, startRow } from './agent-rows.js'
import { configRow } from './config-row.js'
import { ackRow, backlogRows, loneRow } from './durable-rows.js'
import { expositionRows } from './exposition-rows.js'
import { lspRows } from './lsp-rows.js'
import { moduleRows } from './module-rows.js'
import { type BenchOptions, readOptions, USAGE } from './options.js'
import { idleRow, metricsRow } from './pages-rows.js'
import { relabelRows } from './relabel-rows.js'
import { type Middle, peerRow, plainRow, type Round, relayRound, relayRow } from './relay.js'
import { RELAY_CASES } from './relay-cases.js'
import { type Row, table } from './rows.js'
import { scrapeRow } from './scrape-row.js'
import { translationRows } from './translation-rows.js'

/** Rounds of all take turns, so that a slow minute of the machine slows all of them. */
async function relayRows(folder: string, { rounds, peer }: BenchOptions): Promise<readonly Row[]> {
  const middles: readonly Middle[] = ['plain', ...RELAY_CASES, ...(peer ? [peer] : [])]
  const done = new Map<Middle, Round[]>(middles.map((middle) => [middle, []]))
  for (let n = 0; n < rounds; n++) {
    for (const middle of middles) done.get(middle)!.push(await relayRound(folder, middle))
  }
  const plain = done.get('plain')!
  const own = RELAY_CASES.map((one) => [one, done.get(one)!] as const)
  return [
    plainRow(plain),
    ...own.map(([one, of]) => relayRow(one, of, plain)),
    ...(peer ? [peerRow(peer, done.get(peer)!, own)] : []),
  ]
}

async function bench(folder: string, options: BenchOptions): Promise<readonly Row[]> {
  const { rounds, groups, backlogBytes } = options
  const rows: Row[] = []
  if (groups.has('relay')) rows.push(...(await relayRows(folder, options)))
  if (groups.has('durable')) rows.push(await ackRow(folder, rounds), await loneRow(folder, rounds))
  if (groups.has('backlog')) rows.push(...(await backlogRows(folder, backlogBytes)))
  if (groups.has('config')) rows.push(await configRow(rounds))
  if (groups.has('exposition')) rows.push(...expositionRows(rounds))
  if (groups.has('start')) rows.push(await startRow(folder, rounds))
  if (groups.has('reload')) rows.push(await reloadRow(folder, rounds * 2))
  if (groups.has('modules')) rows.push(...(await moduleRows(folder, rounds)))
  if (groups.has('relabel')) rows.push(...relabelRows(rounds))
  if (groups.has('scrape')) rows.push(await scrapeRow(folder))
  if (groups.has('translation')) rows.push(...translationRows(rounds))
  if (groups.has('lsp')) rows.push(...(await lspRows(rounds)))
  if (groups.has('pages')) rows.push(await idleRow(rounds), await metricsRow(folder, rounds))
  return rows
}

function optionsOrUsage(): BenchOptions | undefined {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`)
    process.exitCode = 2
    return undefined
  }
}

const options = optionsOrUsage()
if (options) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-bench-'))
  try {
    const rows = await bench(folder, options)
    const { model } = cpus()[0]!
    const machine = `${cpus().length} cores of ${model.trim()}, Node ${process.version}`
    const day = new Date().toISOString().slice(0, 10)
    process.stdout.write(`${day}, ${machine}, medians of ${options.rounds} rounds\n\n`)
    process.stdout.write(table(rows))
    if (rows.some(({ ok }) => !ok)) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
