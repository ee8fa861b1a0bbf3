import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadAndCheck, Registry } from '#config'
import { Source } from '#grammar'
import { systemNetwork } from '#net'
import { systemClock, systemDisk, systemFiles } from '#sdk'
import { fakeContext } from '#support'
import { importBlocks } from './index.js'
import { type Programs, systemPrograms } from './programs.js'

const MODULE = 'declare "m" { }\n'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'weir-imports-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

/** The messages of checking a config in the real world, warnings included. */
async function check(config: string, programs: Programs, storagePath = folder()) {
  const { store, definitions } = importBlocks()
  store.open({
    network: systemNetwork,
    clock: systemClock,
    files: systemFiles,
    disk: systemDisk,
    programs,
    log: fakeContext().log,
    storagePath,
  })
  const { diagnostics } = await loadAndCheck([new Source('/etc/main.river', config)], {
    registry: new Registry(definitions),
    stability: 'generally-available',
    environment: { env: () => undefined, constants: new Map() },
    imports: store,
  })
  return diagnostics.map(({ message }) => message)
}

const programs = systemPrograms({ PATH: process.env['PATH'] })
const none: Programs = systemPrograms({ PATH: '/nowhere' })

describe('import.http', () => {
  const config = (port: number) => `
import.http "lib" {
  url           = "http://127.0.0.1:${port}/lib.alloy"
  poll_timeout  = "5s"
}

lib.m "a" { }
`

  test('brings what the server answers, and keeps it', async () => {
    let status = 200
    const server = createServer((_, response) => response.writeHead(status).end(MODULE))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const storage = folder()
    expect(await check(config(port), programs, storage)).toEqual([])
    status = 503
    const answer = `127.0.0.1:${port} answered 503`
    expect(await check(config(port), programs, storage)).toEqual([
      `import.http.lib cannot be read now, and brings what it brought last: ${answer}`,
    ])
    expect(await check(config(port), programs)).toEqual([
      `import.http.lib cannot be read: ${answer}`,
    ])
  })
})

describe('import.git', async () => {
  const giveUp = new AbortController().signal
  const hasGit = await programs.run('git', ['--version'], { environment: {}, giveUp }).then(
    () => true,
    () => false,
  )
  const config = (repository: string, revision: string) => `
import.git "lib" {
  repository = "${repository}"
  revision   = "${revision}"
  path       = "modules"
}

lib.m "a" { }
`

  test('says that the program git is missing', async () => {
    const found = await check(config('/nowhere', 'main'), none)
    expect(found).toEqual([
      'import.git.lib cannot be read: there is no program "git" here: install it',
    ])
  })

  test.skipIf(!hasGit)(
    'brings a branch, a tag or a commit',
    async () => {
      const repository = folder()
      const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com']
      const git = (...args: readonly string[]) =>
        programs.run('git', ['-C', repository, ...who, ...args], { environment: {}, giveUp })
      await git('init', '--quiet', '--initial-branch=main')
      mkdirSync(join(repository, 'modules'))
      writeFileSync(join(repository, 'modules/lib.alloy'), MODULE)
      await git('add', '.')
      await git('commit', '--quiet', '--message=one')
      await git('tag', 'v1')
      const commit = (await git('rev-parse', 'HEAD')).trim()
      writeFileSync(join(repository, 'modules/lib.alloy'), 'declare "other" { }\n')
      await git('commit', '--quiet', '--all', '--message=two')
      for (const revision of ['v1', commit]) {
        expect(await check(config(repository, revision), programs)).toEqual([])
      }
      expect(await check(config(repository, 'main'), programs)).toEqual([
        'import.git.lib brings no "m"',
      ])
      const [gone] = await check(config(repository, 'nowhere'), programs)
      expect(gone).toMatch(/^import\.git\.lib cannot be read: git failed: /)
    },
    60_000,
  )
})
