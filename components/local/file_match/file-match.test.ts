import { expect, test } from 'vitest'
import { World } from '../../../test/contract/world.js'
import { runComponent } from '../../../test/support/running-component.js'
import definition from './file-match.js'

const FILES = [
  '/log/a.log',
  '/log/b.log',
  '/log/b.txt',
  '/log/web/x.log',
  '/log/web/deep/debug.log',
]

async function running(body: string) {
  const world = new World(new Map(FILES.map((path) => [path, path])))
  const { instance } = await runComponent(definition, body, world)
  const targets = () => {
    const list = instance.published['targets'] as readonly ReadonlyMap<string, string>[]
    return list.map((one) => Object.fromEntries(one))
  }
  const paths = () => targets().map((one) => one['__path__'])
  return { world, instance, targets, paths }
}

test('a target for each file, with the labels of the one that names the pattern', async () => {
  const { instance, targets } = await running(`path_targets = [
    { __path__ = "/log/*.log", __path_exclude__ = "/**/b*", job = "top" },
    { __path__ = "/log/web/**/*.log", job = "web" },
    { job = "no path" },
  ]`)
  expect(targets()).toEqual([
    { __path__: '/log/a.log', __path_exclude__: '/**/b*', job: 'top' },
    { __path__: '/log/web/deep/debug.log', job: 'web' },
    { __path__: '/log/web/x.log', job: 'web' },
  ])
  expect(instance.health()).toMatchObject({ state: 'healthy', message: '3 targets' })
})

test('looks again by interval, and exports only what differs', async () => {
  const { world, instance, paths } = await running(
    'path_targets = [{ __path__ = "/log/*.log" }]\nsync_period = "5s"',
  )
  const first = instance.published['targets']
  await world.clock.tick(5000)
  expect(instance.published['targets']).toBe(first)
  world.fake.contents.set('/log/c.log', '')
  world.fake.contents.delete('/log/a.log')
  await world.clock.tick(5000)
  expect(paths()).toEqual(['/log/b.log', '/log/c.log'])
})

test('leaves out old files, until they change', async () => {
  const { world, paths } = await running(
    'path_targets = [{ __path__ = "/log/*.log" }]\nignore_older_than = "1h"',
  )
  expect(paths()).toEqual(['/log/a.log', '/log/b.log'])
  world.fake.modifiedAt.set('/log/a.log', world.clock.now())
  await world.clock.tick(3_600_000)
  expect(paths()).toEqual(['/log/a.log', '/log/b.log'])
  await world.clock.tick(10_000)
  expect(paths()).toEqual(['/log/b.log'])
  world.fake.modifiedAt.set('/log/a.log', world.clock.now())
  await world.clock.tick(10_000)
  expect(paths()).toEqual(['/log/a.log', '/log/b.log'])
})

test.each([
  ['a path', '__path__ = "/log/{a"', 'the pattern /log/{a has a brace that is not closed'],
  [
    'an exclusion',
    '__path__ = "/log/a.log", __path_exclude__ = "["',
    'the pattern [ has a bracket that is not closed',
  ],
])('%s that is no pattern is told, and keeps no other out', async (_, labels, fault) => {
  const { instance, paths } = await running(
    `path_targets = [{ ${labels} }, { __path__ = "/log/b.log" }]`,
  )
  expect(instance.health()).toMatchObject({ state: 'unhealthy', message: fault })
  expect(paths()).toEqual(['/log/b.log'])
})
