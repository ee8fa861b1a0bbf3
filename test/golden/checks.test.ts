/** Bad configs beside what users are told about them: by check, and by the graph as it starts. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  type CheckOptions,
  checkConfig,
  checkSources,
  type ImportReader,
  loadAndCheck,
} from '#config'
import { type Diagnostic, renderDiagnostics, type Source } from '#grammar'
import { Graph } from '#graph'
import { importBlocks } from '#imports'
import { Retryable } from '#sdk'
import { allComponents, fakeContext } from '#support'
import { CONFIG_BLOCKS, checkOptions } from '../contract/registry.js'
import { World } from '../contract/world.js'
import { TOYS } from './golden-options.js'
import { goldenDiagnostics, testGoldenRenderings } from './golden-renderings.js'

const components = await allComponents()

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'diagnostics')
const CHECKS = join(FOLDER, 'checks')
const RUNTIME = join(FOLDER, 'runtime')

/** What configs of RUNTIME find on the disk. */
const FILES = new Map([
  ['/etc/weir/size', 'many'],
  ['/etc/weir/secret', 'hunter2'],
])
/** What configs of CHECKS import. */
const IMPORTED = new Map([
  ['stale.river', 'declare "pipeline" { }\n'],
  [
    'faulty.river',
    'declare "pipeline" {\n' +
      '\targument "endpoint" { }\n\n' +
      '\totelcol.exporter.otlp "out" {\n' +
      '\t\tclient {\n\t\t\tendpoint = argument.endpoint.value\n\t\t}\n\t}\n}\n\n' +
      'otelcol.exporter.debug "stray" { }\n',
  ],
])
const imports: ImportReader = {
  async read({ values }) {
    const { filename: name } = values as { readonly filename: string }
    const text = IMPORTED.get(name)
    const failure = `cannot read ${name}: no such file`
    if (text === undefined) throw new Retryable(failure)
    const stale = name === 'stale.river' ? failure : undefined
    return { texts: [{ name, text }], folder: '.', stale }
  },
  judge: async () => {},
}
const never = (): never => {
  throw new Error('nothing runs here')
}

const options: CheckOptions = {
  ...checkOptions('generally-available', [
    ...components,
    ...CONFIG_BLOCKS,
    ...importBlocks().definitions,
    ...TOYS,
  ]),
  imports,
}
const findByCheck = async (sources: readonly Source[]) => {
  const { diagnostics } = await loadAndCheck(sources, options)
  return diagnostics
}

/** Of a config that passes check. */
async function findByGraph(sources: readonly Source[]): Promise<readonly Diagnostic[]> {
  const { program, diagnostics } = checkSources(sources, options)
  if (!program) throw new Error(renderDiagnostics(diagnostics, { color: false }))
  const world = new World(FILES)
  const graph = new Graph(world.services(), { drainMs: 0 })
  const outcome = await graph.apply(program)
  await graph.shutdown()
  expect(world.network.openCount).toBe(0)
  return outcome.ok ? [] : outcome.diagnostics
}

const findUnreadable = async () => {
  const { files } = fakeContext()
  const { diagnostics } = await checkConfig('gateway.river', files, never, options)
  return diagnostics
}

describe('check finds', () => testGoldenRenderings(CHECKS, findByCheck))

describe('the graph finds at start', () => testGoldenRenderings(RUNTIME, findByGraph))

test('a config that cannot be read has no line to show', async () => {
  expect(renderDiagnostics(await findUnreadable(), { color: false })).toBe(
    'error[unreadable]: cannot read gateway.river: no such file\n  --> gateway.river\n',
  )
})

async function allShown(): Promise<readonly Diagnostic[]> {
  const shown = [
    goldenDiagnostics(CHECKS, findByCheck),
    goldenDiagnostics(RUNTIME, findByGraph),
    findUnreadable(),
  ]
  return (await Promise.all(shown)).flat()
}

/** Codes whose texts come from components, functions and files. */
const WORDED_ELSEWHERE = ['unreadable', 'invalid-arguments', 'expression-failed', 'start-failed']

describe('what users read', () => {
  test('says what to do, or what would do', async () => {
    const silent = (await allShown()).filter(
      ({ code, message, help }) =>
        help === undefined &&
        !/ (needs|must be) /.test(message) &&
        !WORDED_ELSEWHERE.includes(code),
    )
    expect(silent.map(({ message }) => message)).toEqual([])
  })

  test('is a line without a full stop, in words of the language, and no secret', async () => {
    for (const { message, help = '', mark = '', notes } of await allShown()) {
      for (const text of [message, help, mark, ...notes.map((note) => note.message)]) {
        const ours = text.replace(/"[^"]*"|[\w.]+\.\w+/g, '')
        expect(ours).not.toMatch(/\n|\.$/)
        expect(ours).not.toMatch(
          /\b(?:token|identifier|literal|capsule|undefined|object Object)s?\b/,
        )
        expect(text).not.toContain('hunter2')
      }
    }
  })
})
