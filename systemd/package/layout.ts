/**
 * The folder that every package is made of, /usr/lib/weir once it is installed:
 *
 *   bin/node bin/weir   Node and what calls it
 *   dist/weir/          the program
 *   node_modules/       what the code needs when it runs
 *   systemd/            what `weir service install` copies
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'

/** Nothing reads them when the agent runs. */
const NOT_SHIPPED = /\.(map|tsbuildinfo|d\.[cm]?ts|[cm]?ts|md|markdown|flow)$|\.test\.js$/
const FOLDERS_NOT_SHIPPED = new Set(['test', 'tests', '__tests__', 'coverage', '.github', '.bin'])
const PROJECT_PARTS = [
  'package.json',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'dist/weir',
  'examples',
  'systemd/weir.service',
  'systemd/weir.sysusers',
  'systemd/weir.default',
  'systemd/config.river',
]

export interface LayoutOptions {
  /** The project's folder, compiled. */
  readonly root: string
  readonly node: string
  /** Made; must not be there yet. */
  readonly into: string
}

export function layOut({ root, node, into }: LayoutOptions): void {
  mkdirSync(into, { recursive: true })
  for (const part of PROJECT_PARTS) copy(join(root, part), join(into, part))
  for (const folder of productionPackages(root)) {
    copy(folder, join(into, relative(root, folder)))
  }
  mkdirSync(join(into, 'bin'))
  cpSync(node, join(into, 'bin/node'))
  cpSync(join(root, 'systemd/weir.sh'), join(into, 'bin/weir'))
  for (const name of ['node', 'weir']) chmodSync(join(into, 'bin', name), 0o755)
}

/** A file that is named itself is always copied. */
function copy(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (path) => path === from || isShipped(path),
  })
}

function isShipped(path: string): boolean {
  const name = basename(path)
  if (statSync(path).isDirectory()) return !FOLDERS_NOT_SHIPPED.has(name)
  return /^licen[cs]e/i.test(name) || !NOT_SHIPPED.test(name)
}

/** Folders of installed packages that are no tools of development; nested ones come with theirs. */
function productionPackages(root: string): readonly string[] {
  const answer = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const folders = answer.split('\n').filter((line) => line !== '' && line !== root)
  if (folders.length === 0) throw new Error('no packages are installed: npm ci first')
  return folders
}
