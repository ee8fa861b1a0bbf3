import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Retryable } from './errors.js'
import { systemDisk } from './system-disk.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-disk-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)

describe('files', () => {
  test('are written in chunks, read back, cut and listed', async () => {
    const file = await systemDisk.open(at('a'), 'create')
    await file.write([Buffer.from('hello'), Buffer.alloc(0), Buffer.from(' world')], 0)
    await file.write([Buffer.from('HELLO')], 0)
    await file.sync()
    const into = Buffer.alloc(100)
    expect(await file.read(into, 3)).toBe(8)
    expect(into.toString('latin1', 0, 8)).toBe('LO world')
    await file.truncate(5)
    await file.close()
    await systemDisk.rename(at('a'), at('b'))
    await systemDisk.syncFolder(folder)
    expect(await systemDisk.list(folder)).toEqual(['b'])
    const again = await systemDisk.open(at('b'), 'read')
    expect(again.size).toBe(5)
    await again.close()
  })

  test('more chunks than one call of the system takes arrive whole and in order', async () => {
    const chunks = Array.from({ length: 3000 }, (_, n) => Buffer.from(`${n};`))
    const file = await systemDisk.open(at('a'), 'create')
    await file.write(chunks, 0)
    await file.close()
    expect(readFileSync(at('a'), 'utf8')).toBe(chunks.join(''))
  })

  test('folders are made with their parents, and removed when empty; nothing is no fault', async () => {
    await systemDisk.makeFolder(at('x/y/z'))
    await systemDisk.makeFolder(at('x/y/z'))
    expect(await systemDisk.list(at('x/y'))).toEqual(['z'])
    await systemDisk.remove(at('x/y/z'))
    await systemDisk.remove(at('x/y/z'))
    expect(await systemDisk.list(at('x/y'))).toEqual([])
    expect(await systemDisk.list(at('nowhere'))).toEqual([])
  })

  test('only their owner and group can read them', async () => {
    const file = await systemDisk.open(at('a'), 'create')
    await file.close()
    const listing = spawnSync('stat', ['-c', '%a', at('a')])
      .stdout.toString()
      .trim()
    expect(listing.endsWith('0')).toBe(true)
  })
})

describe('failures name the action, the path and the reason', () => {
  const rows: readonly (readonly [string, () => Promise<unknown>, string, string])[] = [
    ['opening nothing', () => systemDisk.open(at('a'), 'read'), 'cannot open', 'no such file'],
    [
      'opening nothing to write',
      () => systemDisk.open(at('a'), 'write'),
      'cannot open',
      'no such file',
    ],
    [
      'making what is there',
      () => systemDisk.open(at('is'), 'create'),
      'cannot open',
      'exists already',
    ],
    [
      'renaming nothing',
      () => systemDisk.rename(at('a'), at('b')),
      'cannot rename',
      'no such file',
    ],
    [
      'a folder in a file',
      () => systemDisk.makeFolder(at('is/x')),
      'cannot make the folder',
      'no folder',
    ],
    ['a lock in no folder', () => systemDisk.lock(at('no/lock')), 'cannot write', 'no such file'],
  ]
  for (const [name, act, action, reason] of rows) {
    test(name, async () => {
      writeFileSync(at('is'), '')
      const error = (await act().catch((one: unknown) => one)) as Error
      expect(error).toBeInstanceOf(Retryable)
      expect(error.message).toContain(action)
      expect(error.message).toContain(folder)
      expect(error.message).toContain(reason)
      expect((error.cause as NodeJS.ErrnoException).code).toMatch(/^E[A-Z]+$/)
    })
  }

  test.runIf(existsSync('/dev/full'))('a full disk says so', async () => {
    const full = await systemDisk.open('/dev/full', 'write')
    const error = (await full.write([Buffer.alloc(10)], 0).catch((one: unknown) => one)) as Error
    expect(error.message).toBe('cannot write /dev/full: no space left')
    await full.close()
  })
})

describe('a lock', () => {
  test('is held by one, and free after', async () => {
    const lock = await systemDisk.lock(at('lock'))
    await expect(systemDisk.lock(at('lock'))).rejects.toThrow(`${folder} is in use by this process`)
    await lock.unlock()
    await lock.unlock()
    expect(readdirSync(folder)).toEqual([])
    await (await systemDisk.lock(at('lock'))).unlock()
  })

  test('of a process that lives names it', async () => {
    writeFileSync(at('lock'), `${process.ppid}\n`)
    await expect(systemDisk.lock(at('lock'))).rejects.toThrow(`in use by process ${process.ppid}`)
  })

  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const stale: readonly (readonly [string, string])[] = [
    ['of a process that has ended', `${dead} 12345\n`],
    ['of a process whose number another has now', `${process.pid} 1\n`],
    ['that a loss of power left empty', ''],
    ['that says nothing', 'garbage\n'],
    ['that names a group of processes', '-1 5\n'],
  ]
  for (const [name, text] of stale) {
    test(`${name} is taken over`, async () => {
      writeFileSync(at('lock'), text)
      const lock = await systemDisk.lock(at('lock'))
      expect(readFileSync(at('lock'), 'utf8')).toContain(String(process.pid))
      await lock.unlock()
      expect(readdirSync(folder)).toEqual([])
    })
  }

  test('of another is not taken away by an unlock', async () => {
    const lock = await systemDisk.lock(at('lock'))
    writeFileSync(at('lock'), '1 1\n')
    await lock.unlock()
    expect(readdirSync(folder)).toEqual(['lock'])
  })

  test('is taken by one of many that try at once', async () => {
    writeFileSync(at('lock'), `${dead} 12345\n`)
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => systemDisk.lock(at('lock'))),
    )
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(readdirSync(folder)).toEqual(['lock'])
  })
})
