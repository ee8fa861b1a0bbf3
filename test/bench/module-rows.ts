/** A config of many modules, each in a file: how long a check takes, and a reload. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { components } from '#components'
import { checkConfig, Registry, systemEnvironment } from '#config'
import { hasErrors } from '#grammar'
import { importBlocks, systemPrograms } from '#imports'
import { systemNetwork } from '#net'
import { systemClock, systemDisk, systemFiles } from '#sdk'
import { reloads } from './agent-rows.js'
import { median, type Row } from './rows.js'

const MODULES = 50
const IN_EACH = 20
const CHECK_LIMIT_MS = 500
const RELOAD_LIMIT_MS = 400

export async function moduleRows(folder: string, rounds: number): Promise<readonly Row[]> {
  const checks: number[] = []
  for (let n = 0; n < rounds; n++) {
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url)])
    checks.push(Number(stdout))
  }
  const path = await writeModules(folder, 'logging { level = "error" }')
  const { times, isUntouched } = await reloads(path, folder, rounds * 2, (n) =>
    writeModule(folder, 0, `${n + 2}s`),
  )
  const what = `${(MODULES * IN_EACH).toLocaleString('en')} components in ${MODULES} modules`
  return [
    {
      name: `check of ${what}, cold`,
      value: `${median(checks).toFixed(0)} ms`,
      limit: `<= ${CHECK_LIMIT_MS} ms`,
      note: `fastest ${Math.min(...checks).toFixed(0)} ms`,
      ok: median(checks) <= CHECK_LIMIT_MS,
    },
    {
      name: `reload of ${what}, one module changed`,
      value: `${median(times).toFixed(0)} ms`,
      limit: `<= ${RELOAD_LIMIT_MS} ms`,
      note: isUntouched ? 'all but one component untouched' : 'OTHERS WERE TOUCHED',
      ok: median(times) <= RELOAD_LIMIT_MS && isUntouched,
    },
  ]
}

/** Gives the path of the config. */
async function writeModules(folder: string, ...blocks: readonly string[]): Promise<string> {
  const parts = [...blocks, 'otelcol.exporter.debug "sink" { }']
  for (let n = 0; n < MODULES; n++) {
    await writeModule(folder, n, '1s')
    parts.push(`import.file "m${n}" { filename = "module-${n}.river" }`)
    parts.push(`m${n}.batches "x" { to = [otelcol.exporter.debug.sink.input] }`)
  }
  const path = join(folder, 'modules.river')
  await writeFile(path, parts.join('\n'))
  return path
}

/** Batch processors, of which the last has the given timeout. */
function writeModule(folder: string, index: number, timeout: string): Promise<void> {
  const parts = ['declare "batches" {', '  argument "to" { }']
  for (let n = 0; n < IN_EACH; n++) {
    parts.push(`  otelcol.processor.batch "b${n}" {
    timeout = "${n === IN_EACH - 1 ? timeout : '1s'}"
    output {
      traces  = argument.to.value
      metrics = argument.to.value
      logs    = argument.to.value
    }
  }`)
  }
  for (let n = 0; n < IN_EACH; n++) {
    parts.push(`  export "b${n}" { value = otelcol.processor.batch.b${n}.input }`)
  }
  parts.push('}')
  return writeFile(join(folder, `module-${index}.river`), parts.join('\n'))
}

/** Reading the modules is a part of it, loading the code of components is not. */
async function checkOnce(folder: string): Promise<number> {
  const path = await writeModules(folder)
  const { store, definitions } = importBlocks()
  const registry = new Registry([...definitions], components)
  await registry.load(registry.names)
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  store.open({
    network: systemNetwork,
    clock: systemClock,
    files: systemFiles,
    disk: systemDisk,
    programs: systemPrograms({}),
    log,
    storagePath: undefined,
  })
  const startedAt = performance.now()
  const { diagnostics } = await checkConfig(path, systemFiles, () => Promise.reject(), {
    registry,
    stability: 'generally-available',
    environment: systemEnvironment({}, '0.0.0'),
    imports: store.aside,
  })
  const elapsed = performance.now() - startedAt
  if (hasErrors(diagnostics)) throw new Error(diagnostics[0]?.message)
  return elapsed
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-bench-'))
  try {
    process.stdout.write(String(await checkOnce(folder)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
