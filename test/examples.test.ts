/** Every example passes the checks of the program, is formatted, and those of examples/ run. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkSources } from '#config'
import { readSource } from '#grammar'
import { Graph } from '#graph'
import { allComponents } from '#support'
import { checkOptions } from './contract/registry.js'
import { outcomeOf } from './contract/rig.js'
import { exampleFiles, expectNothingOpen, World } from './contract/world.js'
import { runWeir } from './support/cli.js'
import { componentFolder } from './support/component-readme.js'

const components = await allComponents()

const ROOT = resolve(import.meta.dirname, '..')

/** Configs below a folder, by their path from the root. */
function configsUnder(folder: string): readonly string[] {
  const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  return paths.filter((path) => /\.(river|alloy)$/.test(path)).map((path) => join(folder, path))
}

const complete = configsUnder('examples')
const ofComponents = configsUnder('components')

test('there are examples, and one of each component', () => {
  expect(complete).toContain('examples/quickstart.river')
  const folders = components.map((definition) => relative(ROOT, componentFolder(ROOT, definition)))
  expect([...ofComponents].sort()).toEqual(folders.map((path) => `${path}/example.river`).sort())
})

test.each(['node-sdk', 'browser-sdk'])('%s pins the versions that are tested', (name) => {
  const manifest = (folder: string) => {
    const text = readFileSync(join(ROOT, folder, 'package.json'), 'utf8')
    const { dependencies, devDependencies } = JSON.parse(text) as Record<string, object>
    return { ...dependencies, ...devDependencies }
  }
  expect(manifest('.')).toMatchObject(manifest(`examples/${name}`))
})

describe.each([...complete, ...ofComponents])('%s', (path) => {
  test('passes check, without a warning', async () => {
    const { code, out } = await runWeir(['check', '--json', join(ROOT, path)])
    const told = JSON.parse(out) as readonly { readonly code: string }[]
    // That of a component may show one block alone.
    const isAlone = ofComponents.includes(path)
    expect(told.filter((one) => !isAlone || one.code !== 'unused-component')).toEqual([])
    expect(code).toBe(0)
  })

  test('is formatted', async () => {
    expect(await runWeir(['fmt', '--test', join(ROOT, path)])).toEqual({
      code: 0,
      out: '',
      err: '',
    })
  })
})

test.each(complete)('%s starts, and stops without leaving anything open', async (path) => {
  const world = new World(await exampleFiles())
  const source = readSource(path, readFileSync(join(ROOT, path)))
  const { program } = checkSources([source], checkOptions('generally-available'))
  const graph = new Graph(world.services(), { drainMs: 1000 })
  expect(await graph.apply(program!)).toMatchObject({ ok: true })
  expect(graph.instances.map((instance) => instance.health().state)).toEqual(
    program!.nodes.map(() => 'healthy'),
  )
  const stopped = await outcomeOf(world, graph.shutdown())
  expect(stopped).toMatchObject({ status: 'fulfilled', value: { unbalanced: [] } })
  await expectNothingOpen(world)
})
