import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type Diagnostic,
  diagnosticToJson,
  readSource,
  renderDiagnostics,
  type Source,
} from '#grammar'

type Find = (sources: readonly Source[]) => Promise<readonly Diagnostic[]>

/**
 * One test for each bad config of a folder: `NAME.river`, or a folder NAME of such files. What
 * `find` says of it must be what stands in `NAME.out`: as a terminal shows it, then as JSON.
 * UPDATE=1 writes these files.
 */
export function testGoldenRenderings(folder: string, find: Find): void {
  const cases = casesIn(folder)
  for (const [name, sources] of cases) {
    test(name, async () => {
      const diagnostics = await find(sources())
      expect(diagnostics).not.toEqual([])
      const text = renderDiagnostics(diagnostics, { color: false })
      const json = JSON.stringify(diagnostics.map(diagnosticToJson), undefined, 2)
      expectGolden(join(folder, `${name}.out`), `${text}\n${json}\n`)
    })
  }
  test('each expectation belongs to a config', () => {
    const outputs = readdirSync(folder).filter((name) => name.endsWith('.out'))
    expect(outputs.sort()).toEqual([...cases.keys()].map((name) => `${name}.out`).sort())
  })
}

/** All that `find` says of the configs of a folder. */
export async function goldenDiagnostics(
  folder: string,
  find: Find,
): Promise<readonly Diagnostic[]> {
  const found = await Promise.all([...casesIn(folder).values()].map((sources) => find(sources())))
  return found.flat()
}

function expectGolden(path: string, should: string): void {
  if (process.env['UPDATE'] === '1') writeFileSync(path, should)
  else expect(existsSync(path) ? readFileSync(path, 'utf8') : 'no such file').toBe(should)
}

/** By name, what each config reads. Sources go by the names a user in that folder would type. */
function casesIn(folder: string): ReadonlyMap<string, () => readonly Source[]> {
  const cases = new Map<string, () => readonly Source[]>()
  const read = (name: string) => readSource(name, readFileSync(join(folder, name)))
  for (const name of readdirSync(folder).sort()) {
    if (name.endsWith('.river')) cases.set(name.slice(0, -'.river'.length), () => [read(name)])
    if (!statSync(join(folder, name)).isDirectory()) continue
    const files = readdirSync(join(folder, name)).sort()
    cases.set(name, () => files.map((file) => read(`${name}/${file}`)))
  }
  if (cases.size === 0) throw new Error(`${folder} holds no configs`)
  return cases
}
