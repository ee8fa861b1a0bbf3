import { describe, expect, test } from 'vitest'
import type { Storage } from '#sdk'
import { argumentsOf, checkBody, diskFailure, fakeContext } from '#support'
import definition from './file.js'

async function started(body: string) {
  const context = fakeContext({ storagePath: '/var/lib/weir/otelcol.storage.file.a' })
  const storage = definition.create(context, argumentsOf(definition, body) as never, undefined!)
  await storage.start?.()
  return { context, storage: context.published['handler'] as Storage }
}

test('lies in the storage path unless told otherwise', async () => {
  const { storage, context } = await started('')
  expect(storage.folder).toBe('/var/lib/weir/otelcol.storage.file.a')
  expect(await context.disk.list('/var/lib/weir')).toEqual(['otelcol.storage.file.a'])
})

test('makes its directory', async () => {
  const { storage, context } = await started('directory = "/mnt/large/queues"')
  expect(storage.folder).toBe('/mnt/large/queues')
  expect(await context.disk.list('/mnt/large')).toEqual(['queues'])
})

test('says so when there is none and none is to be made', async () => {
  const context = fakeContext()
  context.disk.before = (_, path) => {
    throw diskFailure('sync the folder', path, 'ENOENT')
  }
  const body = 'directory = "/mnt/absent"\ncreate_directory = false'
  const storage = definition.create(context, argumentsOf(definition, body) as never, undefined!)
  await expect(storage.start?.()).rejects.toThrow('/mnt/absent')
})

describe('arguments', () => {
  const rows: readonly (readonly [string, boolean])[] = [
    ['timeout = "2s"\nfsync = true\ncompaction {\non_start = true\ndirectory = "/tmp"\n}', true],
    ['directory_permissions = "0700"', true],
    ['directory_permissions = "rwx"', false],
  ]
  test.each(rows)('%s', (body, fine) => {
    expect(checkBody(definition, body).diagnostics.length === 0).toBe(fine)
  })
})
