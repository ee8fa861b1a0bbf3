/** `npm run bench`: figures of this machine, as the table of the README has them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { reloadRow, startRow } from './agent-rows.js'
import { configRow } from './config-row.js'
import { plainRow, type RelayCase, type Round, relayRound, relayRow } from './relay.js'
import { type Row, table } from './rows.js'

const ROUNDS = Number(process.argv[2] ?? 5)
const REQUESTS = 20_000

const BATCH = `
otelcol.processor.batch "b" {
  send_batch_size     = 8192
  send_batch_max_size = 0
  output { traces = [otelcol.exporter.otlp.out.input] }
}
`

const CASES: readonly RelayCase[] = [
  {
    name: 'pass-through, gRPC to gRPC, 100-span requests',
    pipeline: BATCH,
    next: 'otelcol.processor.batch.b.input',
    limit: 2.3,
  },
  {
    name: 'the same, setting a resource attribute and hashing a span attribute',
    pipeline: `${BATCH}
otelcol.processor.attributes "a" {
  resource_action {
    key    = "deployment.environment"
    value  = "bench"
    action = "upsert"
  }
  action {
    key    = "enduser.id"
    action = "hash"
  }
  output { traces = [otelcol.processor.batch.b.input] }
}
`,
    next: 'otelcol.processor.attributes.a.input',
    limit: 4.5,
  },
]

const folder = mkdtempSync(join(tmpdir(), 'weir-bench-'))
const rows: Row[] = []
// Rounds of the cases take turns, so that a slow minute of the machine slows all of them.
const rounds = CASES.map((): Round[] => [])
const plain: Round[] = []
for (let n = 0; n < ROUNDS; n++) {
  plain.push(await relayRound(folder, undefined, REQUESTS))
  for (const [index, one] of CASES.entries()) {
    rounds[index]!.push(await relayRound(folder, one, REQUESTS))
  }
}
rows.push(plainRow(plain))
for (const [index, one] of CASES.entries()) rows.push(relayRow(one, rounds[index]!, plain))
rows.push(await configRow(ROUNDS), await startRow(ROUNDS), await reloadRow(folder, ROUNDS * 2))
rmSync(folder, { recursive: true })

const { model } = cpus()[0]!
process.stdout.write(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores of ${model.trim()}, `,
)
process.stdout.write(`Node ${process.version}, medians of ${ROUNDS} rounds\n\n${table(rows)}`)
if (rows.some(({ ok }) => !ok)) process.exitCode = 1
