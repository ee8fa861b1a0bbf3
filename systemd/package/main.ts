/**
 * Makes what is installed, into dist/package: a .deb for this machine's processor, and a tarball.
 *
 *   npm run package -- [--node PATH]     PATH: another Node binary than the pinned one
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { debName, makeDeb } from './deb.js'
import { layOut } from './layout.js'
import { nodeBinary } from './node-binary.js'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const INTO = join(ROOT, 'dist/package')

const { values } = parseArgs({ options: { node: { type: 'string' } } })
const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8')
const { version } = JSON.parse(manifest) as { version: string }
const { arch } = process

mkdirSync(INTO, { recursive: true })
const work = mkdtempSync(join(INTO, 'work-'))
try {
  const node = nodeBinary(join(INTO, 'node'), arch, values.node)
  const name = `weir-${version}-linux-${arch}`
  const layout = join(work, name)
  layOut({ root: ROOT, node, into: layout })

  const tarball = join(INTO, `${name}.tar.gz`)
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name']
  execFileSync('tar', [...owner, '-czf', tarball, '-C', work, name])
  tell(tarball)

  const deb = join(INTO, debName(version, arch))
  makeDeb({ root: ROOT, layout, stage: join(work, 'deb'), version, arch, into: deb })
  tell(deb)
} finally {
  rmSync(work, { recursive: true })
}

function tell(path: string): void {
  process.stdout.write(`${path}  ${(statSync(path).size / 1024 ** 2).toFixed(1)} MiB\n`)
}
