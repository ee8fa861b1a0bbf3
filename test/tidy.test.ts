/** The rules of the house that no compiler checks. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')

const LINES_MAX = 500
const FUNCTION_LINES_MAX = 70
const COLUMNS_MAX = 100

/** What each module may import: other modules, and packages where only some may use them. */
const BORDERS: Readonly<Record<string, readonly string[]>> = {
  grammar: [],
  wire: [],
  pdata: ['wire'],
  sdk: ['pdata'],
  net: ['sdk', 'pdata', 'wire'],
  relabel: ['sdk'],
  queue: ['sdk', 'pdata', 'wire'],
  config: ['grammar', 'sdk', 'pdata'],
  imports: ['config', 'sdk', 'net'],
  telemetry: ['sdk', 'pdata'],
  graph: ['config', 'sdk', 'telemetry', 'grammar', 'pdata'],
  web: ['graph', 'config', 'grammar', 'telemetry', 'sdk', 'pdata', 'wire'],
  components: ['sdk', 'pdata', 'wire', 'net', 'queue', 'relabel'],
  lsp: ['grammar', 'config', 'sdk', 'pdata'],
  cli: [
    'grammar',
    'config',
    'imports',
    'sdk',
    'pdata',
    'wire',
    'net',
    'queue',
    'graph',
    'telemetry',
    'web',
    'lsp',
  ],
  main: ['cli', 'components'],
}

/** The only users of a package. */
const PACKAGE_OWNERS: Readonly<Record<string, readonly string[]>> = {
  chevrotain: ['grammar'],
  protobufjs: ['wire'],
  pino: ['telemetry'],
  chokidar: ['sdk'],
  '@opentelemetry/sdk-node': ['telemetry'],
  '@grpc/grpc-js': ['telemetry'],
  undici: ['net'],
  snappy: ['net'],
  hono: ['web'],
  '@dagrejs/dagre': ['web'],
  commander: ['cli'],
  'vscode-languageserver-protocol': ['lsp'],
  'vscode-languageserver-textdocument': ['lsp'],
}

/** Names that the graph may take from the grammar: diagnostics and spans. */
const GRAMMAR_NAMES_OF_GRAPH = ['Diagnostic', 'diagnose', 'hasErrors', 'Note', 'Span', 'spanOver']

/** What is handed in everywhere else, and the files that may reach for it. */
const BANNED: readonly (readonly [RegExp, string, readonly string[]])[] = [
  [/\bDate\.now\b/, 'the clock of the context', ['src/sdk/clock.ts']],
  [/\bsetTimeout\b/, 'clock.timer', ['src/sdk/clock.ts']],
  [/\bsetInterval\b/, 'clock.timer', []],
  [/\bMath\.random\b/, 'the random of the context', ['src/main.ts']],
  [/\bprocess\.exit\(/, 'process.exitCode', ['src/main.ts']],
  [/\bprocess\.env\b/, 'the environment that is handed in', ['src/main.ts']],
  [/\bconsole\./, 'the log, or the output of the command line', []],
  [/\bexport \*/, 'names one by one', []],
  [/\bas any\b/, 'a type', []],
  [/\bTODO\b|\bFIXME\b/, 'the fix', []],
]

const sources = filesUnder('grammar', 'src', 'components')
const tests = filesUnder('test').filter((path) => path.endsWith('.ts'))
const code = sources.filter((path) => !isTest(path))

test('there are sources to look at', () => {
  expect(sources.length).toBeGreaterThan(50)
})

describe('borders', () => {
  for (const path of code) {
    test(path, () => {
      const module = moduleOf(path)
      for (const { specifier, names } of importsOf(path)) {
        const fault = borderFault(path, module, specifier, names)
        expect(fault).toBeUndefined()
      }
    })
  }
})

describe('size and words', () => {
  for (const path of [...sources, ...tests]) {
    test(path, () => {
      const lines = readFileSync(join(ROOT, path), 'utf8').split('\n')
      expect(lines.length, 'lines').toBeLessThanOrEqual(LINES_MAX)
      const wide = lines.findIndex(
        (line) => line.length > COLUMNS_MAX && !isUnbreakable(line, path),
      )
      expect(wide + 1, `line over ${COLUMNS_MAX} columns`).toBe(0)
      if (isTest(path) || path.startsWith('test/')) return
      expect(longFunctions(lines), `functions over ${FUNCTION_LINES_MAX} lines`).toEqual([])
      for (const [pattern, instead, allowed] of BANNED) {
        if (allowed.includes(path)) continue
        const line = lines.findIndex((one) => pattern.test(withoutStrings(one)))
        expect(line + 1, `${pattern} is banned; use ${instead}`).toBe(0)
      }
    })
  }
})

describe('components', () => {
  const folders = componentFolders()
  test('there are some', () => expect(folders.length).toBeGreaterThan(5))
  for (const folder of folders) {
    test(folder, () => {
      const files = readdirSync(join(ROOT, folder))
      expect(files).toContain('README.md')
      expect(files).toContain('example.river')
      expect(files.some((name) => name.endsWith('.test.ts'))).toBe(true)
    })
  }
})

test('every file is imported by another', () => {
  const imported = new Set<string>()
  for (const path of [...sources, ...tests]) {
    for (const { specifier } of importsOf(path)) {
      const target = targetOf(path, specifier)
      if (target) imported.add(target)
    }
  }
  const entries = new Set(['src/main.ts', 'src/web/graph/layout-worker.ts'])
  const idle = code.filter(
    (path) => !imported.has(path) && !entries.has(path) && !path.endsWith('.d.ts'),
  )
  expect(idle).toEqual([])
})

function filesUnder(...folders: readonly string[]): readonly string[] {
  const found: string[] = []
  const walk = (folder: string) => {
    for (const name of readdirSync(join(ROOT, folder)).sort()) {
      const path = `${folder}/${name}`
      if (name === 'generated' || name === 'node_modules') continue
      if (statSync(join(ROOT, path)).isDirectory()) walk(path)
      else if (name.endsWith('.ts')) found.push(path)
    }
  }
  for (const folder of folders) walk(folder)
  return found
}

function isTest(path: string): boolean {
  return /\.(test|prop\.test|corpus\.test)\.ts$/.test(path)
}

function moduleOf(path: string): string {
  const [first, second] = path.split('/')
  if (path === 'src/main.ts') return 'main'
  return first === 'src' ? second! : first!
}

interface Import {
  readonly specifier: string
  readonly names: readonly string[]
}

function importsOf(path: string): readonly Import[] {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const statements = text.matchAll(
    /^(?:import|export)\s+(?:type\s+)?([^'";]*?)\s*from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^import\s+'([^']+)'/gm,
  )
  return [...statements].map(([, clause = '', from, dynamic, bare]) => ({
    specifier: (from ?? dynamic ?? bare)!,
    names: clause
      .replace(/[{}]/g, '')
      .split(',')
      .map((one) => one.replace(/\btype\b|\bas\b.*/g, '').trim())
      .filter(Boolean),
  }))
}

function targetOf(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) {
    const { imports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      imports: Record<string, string>
    }
    return imports[specifier]?.replace('./dist/', '').replace(/\.js$/, '.ts')
  }
  if (!specifier.startsWith('.')) return undefined
  const target = relative(ROOT, resolve(ROOT, dirname(path), specifier)).replace(/\.js$/, '.ts')
  return target
}

function borderFault(
  path: string,
  module: string,
  specifier: string,
  names: readonly string[],
): string | undefined {
  if (specifier.startsWith('#')) {
    const target = specifier.slice(1)
    if (!BORDERS[module]?.includes(target)) return `${module} may not import ${specifier}`
    if (module === 'graph' && target === 'grammar') {
      const other = names.find((name) => !GRAMMAR_NAMES_OF_GRAPH.includes(name))
      if (other) return `graph may not import ${other} from the grammar`
    }
    return undefined
  }
  if (specifier.startsWith('.')) {
    const target = targetOf(path, specifier)!
    if (moduleOf(target) !== module) return `${specifier} leaves the module`
    return module === 'components' ? componentFault(path, target) : undefined
  }
  const owner = Object.keys(PACKAGE_OWNERS).find(
    (name) => specifier === name || specifier.startsWith(`${name}/`),
  )
  if (owner && !PACKAGE_OWNERS[owner]!.includes(module))
    return `only ${PACKAGE_OWNERS[owner]} may use ${owner}`
  return undefined
}

/**
 * A component reaches its own folder and the shared one of its family; the list of all reaches
 * each.
 */
function componentFault(path: string, target: string): string | undefined {
  if (path === 'components/index.ts') return undefined
  const family = path.split('/')[1]
  const own = dirname(path)
  if (target.startsWith(`components/${family}/shared/`)) return undefined
  return target.startsWith(`${own}/`) ? undefined : `${target} is another component's`
}

function componentFolders(): readonly string[] {
  const definitions = readFileSync(join(ROOT, 'components/index.ts'), 'utf8')
  const paths = [...definitions.matchAll(/import\('\.\/([^']+)\/[^/']+\.js'\)/g)].map(
    (match) => match[1]!,
  )
  const folders = paths.map((path) => `components/${path}`)
  for (const folder of folders) expect(existsSync(join(ROOT, folder))).toBe(true)
  return folders
}

/** Addresses anywhere; in tests, expected texts and patterns that are no comment. */
function isUnbreakable(line: string, path: string): boolean {
  if (line.includes('http')) return true
  const isInTest = isTest(path) || path.startsWith('test/')
  return isInTest && /['`/]/.test(line) && !/^ *(\/\/|\/?\*)/.test(line)
}

/** The first lines of functions that are too long, found by their indentation. */
function longFunctions(lines: readonly string[]): readonly string[] {
  const long: string[] = []
  for (const [start, line] of lines.entries()) {
    const indent = /^( *).*\)(?:: [^=]+)? \{$/.exec(line)?.[1]
    if (indent === undefined || /^ *(if|for|while|switch|\} catch|\} else if)\b/.test(line))
      continue
    const end = lines.indexOf(`${indent}}`, start)
    if (end - start > FUNCTION_LINES_MAX) long.push(line.trim())
  }
  return long
}

/** A word in a string or a comment is no use of it. */
function withoutStrings(line: string): string {
  return line.replace(/'[^']*'|`[^`]*`/g, "''").replace(/\/\/.*$|^\s*\*.*$/, '')
}
