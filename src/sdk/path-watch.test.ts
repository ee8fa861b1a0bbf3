import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemFiles } from './system-files.js'

async function place(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'weir-watch-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Calls `act`, and waits until that is told; the call that every watch starts with has passed. */
async function watching(path: string) {
  let told: (() => void) | undefined
  let count = 0
  const first = new Promise<void>((resolve) => {
    told = resolve
  })
  const watcher = systemFiles.watch(path, () => {
    count++
    told?.()
  })
  onTestFinished(() => watcher.close())
  await first
  return {
    watcher,
    count: () => count,
    after: async (act: () => Promise<unknown>) => {
      const next = new Promise<void>((resolve) => {
        told = resolve
      })
      await act()
      await next
    },
  }
}

/** Long enough for what the system would tell. */
const turns = async () => {
  for (let n = 0; n < 20; n++) await systemFiles.names(tmpdir())
}

test('a file is written, replaced by rename, removed and made again', async () => {
  const folder = await place()
  const path = join(folder, 'a.river')
  await writeFile(path, '1')
  const { after } = await watching(path)
  await after(() => writeFile(path, '2'))
  await writeFile(join(folder, 'new'), '3')
  await after(() => rename(join(folder, 'new'), path))
  await after(() => rm(path))
  await after(() => writeFile(path, '4'))
})

test('a path that does not start at the root', async () => {
  const folder = await place()
  const path = join(folder, 'a.river')
  await writeFile(path, '1')
  const { after } = await watching(relative(process.cwd(), path))
  await after(() => writeFile(path, '2'))
})

test('other files of its folder do not matter', async () => {
  const folder = await place()
  const path = join(folder, 'a.river')
  await writeFile(path, '1')
  const { after, count } = await watching(path)
  await after(() => writeFile(path, '0'))
  await turns()
  const before = count()
  await writeFile(join(folder, 'b.river'), '1')
  await turns()
  expect(count()).toBe(before)
  await after(() => writeFile(path, '2'))
})

test('what is in a folder', async () => {
  const folder = await place()
  const { after } = await watching(folder)
  await after(() => writeFile(join(folder, 'b.river'), '1'))
  await after(() => rm(join(folder, 'b.river')))
})

test('a folder that goes and comes back', async () => {
  const folder = join(await place(), 'in', 'here')
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'a.river')
  await writeFile(path, '1')
  const { after } = await watching(path)
  await after(() => rm(join(folder, '..'), { recursive: true }))
  await after(async () => {
    await mkdir(folder, { recursive: true })
    await writeFile(path, '2')
  })
  await after(() => writeFile(path, '3'))
})

test('a symlink that is swapped, and what it leads to', async () => {
  const folder = await place()
  for (const name of ['one', 'two']) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'a.river'), name)
  }
  await symlink('one', join(folder, '..data'))
  const path = join(folder, 'a.river')
  await symlink(join('..data', 'a.river'), path)
  const { after } = await watching(path)
  await after(() => writeFile(join(folder, 'one', 'a.river'), 'edited'))
  await symlink('two', join(folder, '..new'))
  await after(() => rename(join(folder, '..new'), join(folder, '..data')))
  await after(() => writeFile(join(folder, 'two', 'a.river'), 'edited'))
})

test('a watcher that is closed tells nothing, the others of its folder go on', async () => {
  const folder = await place()
  const path = join(folder, 'a.river')
  await writeFile(path, '1')
  const closed = await watching(path)
  const other = await watching(path)
  await closed.watcher.close()
  await closed.watcher.close()
  const before = closed.count()
  await other.after(() => writeFile(path, '2'))
  expect(closed.count()).toBe(before)
})
