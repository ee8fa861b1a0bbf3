import { expect, test } from 'vitest'
import { settle } from '#support'
import { World } from '../../../test/contract/world.js'
import { runComponent } from '../../../test/support/running-component.js'
import definition from './file.js'

async function running(body: string, files: Readonly<Record<string, string>>) {
  const world = new World(new Map(Object.entries(files)))
  const { instance } = await runComponent(definition, body, world)
  const targets = () => {
    const list = instance.published['targets'] as readonly ReadonlyMap<string, string>[]
    return list.map((one) => Object.fromEntries(one))
  }
  return { world, instance, targets }
}

const ALL = 'files = ["/targets/*"]'
const group = (address: string) => `[{"targets":["${address}"]}]`
const found = (path: string, address: string) => ({ __address__: address, __meta_filepath: path })

test('reads groups of JSON and YAML', async () => {
  const { instance, targets } = await running(ALL, {
    '/targets/a.json': '[{"targets":["a:1","b:1"],"labels":{"env":"prod"}},{"targets":[]}]',
    '/targets/b.yml': '- targets: [c:1]\n  labels:\n    on: yes\n    port: 80\n',
    '/targets/c.YAML': '',
  })
  expect(targets()).toEqual([
    { ...found('/targets/a.json', 'a:1'), env: 'prod' },
    { ...found('/targets/a.json', 'b:1'), env: 'prod' },
    { ...found('/targets/b.yml', 'c:1'), on: 'yes', port: '80' },
  ])
  expect(instance.health()).toMatchObject({ state: 'healthy', message: '3 targets' })
})

const FAULTS: readonly (readonly [name: string, text: string, fault: string])[] = [
  ['a.json', '{', '/targets/a.json is no JSON: '],
  ['a.yml', '- {', '/targets/a.yml is no YAML: '],
  ['a.json', '{}', '/targets/a.json holds no list of target groups'],
  ['a.json', '[null]', '/targets/a.json: group 1: it is no object'],
  ['a.json', '[{"targets":"a"}]', 'group 1: "targets" needs a list of texts'],
  ['a.json', '[{"targets":[1]}]', 'group 1: "targets" needs a list of texts'],
  ['a.json', '[{},{"lables":{}}]', 'group 2: there is no field "lables"'],
  ['a.json', '[{"labels":[]}]', 'group 1: "labels" needs an object'],
  ['a.json', '[{"labels":{"a":1}}]', 'group 1: the label "a" needs a text'],
  ['a.json', '[{"labels":{"":"x"}}]', 'group 1: a label has no name'],
  ['a.txt', '[]', '/targets/a.txt ends in none of .json, .yml, .yaml'],
]

test.each(FAULTS)('%s with %s is told, and keeps no other file out', async (name, text, fault) => {
  const { instance, targets } = await running(ALL, {
    [`/targets/${name}`]: text,
    '/targets/good.json': group('a:1'),
  })
  expect(instance.health().state).toBe('unhealthy')
  expect(instance.health().message).toContain(fault)
  expect(targets()).toEqual([found('/targets/good.json', 'a:1')])
})

test('sees changes, new files and those that are gone', async () => {
  const { world, instance, targets } = await running(ALL, { '/targets/a.json': group('a:1') })
  const touch = async (path: string, text: string | undefined) => {
    world.fake.change(path, text)
    // The fake tells of files; what is watched is their folder.
    world.fake.change('/targets', undefined)
    await settle()
  }
  await touch('/targets/b.json', group('b:1'))
  expect(targets().map((one) => one['__address__'])).toEqual(['a:1', 'b:1'])
  await touch('/targets/a.json', 'broken')
  expect(targets().map((one) => one['__address__'])).toEqual(['a:1', 'b:1'])
  expect(instance.health().state).toBe('unhealthy')
  await touch('/targets/a.json', undefined)
  expect(targets().map((one) => one['__address__'])).toEqual(['b:1'])
  expect(instance.health().state).toBe('healthy')
})

test('reads again by interval', async () => {
  const { world, targets } = await running(`${ALL}\nrefresh_interval = "10s"`, {})
  expect(targets()).toEqual([])
  world.fake.contents.set('/targets/a.json', group('a:1'))
  await world.clock.tick(10_000)
  expect(targets()).toHaveLength(1)
})

test('a file too large is refused', async () => {
  const { instance } = await running(ALL, { '/targets/a.json': ' '.repeat(64 * 1024 * 1024 + 1) })
  expect(instance.health().message).toBe('/targets/a.json is larger than 64 MiB')
})
