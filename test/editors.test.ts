/** The settings for editors: they can be read, and start what there is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runWeir } from './support/cli.js'

const FOLDER = join(import.meta.dirname, '../examples/editors')

function textOf(path: string): string {
  return readFileSync(join(FOLDER, path), 'utf8')
}

interface Rule {
  readonly match?: string
  readonly begin?: string
  readonly end?: string
  readonly patterns?: readonly Rule[]
}

describe('the extension for VS Code', () => {
  const manifest = JSON.parse(textOf('vscode/package.json')) as {
    contributes: {
      languages: { configuration: string }[]
      grammars: { path: string }[]
      configuration: { properties: Record<string, { default: unknown; enum?: string[] }> }
    }
  }
  const { properties } = manifest.contributes.configuration

  test('starts the server with its settings, which the program takes', async () => {
    const settings: Record<string, unknown> = { 'weir.agent': '127.0.0.1:1' }
    const get = (name: string, other: unknown) =>
      settings[`weir.${name}`] ?? properties[`weir.${name}`]?.default ?? other
    const started: { command: string; args: string[] }[] = []
    const modules: Record<string, object> = {
      vscode: { workspace: { getConfiguration: () => ({ get }) } },
      'vscode-languageclient/node': {
        LanguageClient: class {
          constructor(_id: string, _name: string, server: (typeof started)[0]) {
            started.push(server)
          }
          async start() {}
          async stop() {}
        },
      },
    }
    const extension = { activate: async (_: object) => {}, deactivate: async () => {} }
    const load = new Function('require', 'exports', textOf('vscode/extension.js'))
    load((name: string) => modules[name], extension)
    await extension.activate({ subscriptions: [] })
    await extension.deactivate()
    expect(started).toEqual([
      {
        command: 'weir',
        args: [
          'lsp',
          '--files',
          'auto',
          '--stability.level',
          'generally-available',
          '--agent',
          '127.0.0.1:1',
        ],
      },
    ])
    // The input ends at once, without an exit.
    expect(await runWeir(started[0]!.args)).toMatchObject({ code: 1, err: '' })
  })

  test('the words of its settings are those of the program', async () => {
    for (const [flag, name] of [
      ['--files', 'weir.files'],
      ['--stability.level', 'weir.stability'],
    ]) {
      const { err } = await runWeir(['lsp', flag!, 'none'])
      expect(err).toContain(`Allowed choices are ${properties[name!]!.enum!.join(', ')}.`)
    }
  })

  test('what it names is there, and the patterns of the grammar can be read', () => {
    const { languages, grammars } = manifest.contributes
    JSON.parse(textOf(join('vscode', languages[0]!.configuration)))
    const grammar = JSON.parse(textOf(join('vscode', grammars[0]!.path))) as {
      repository: Record<string, Rule>
    }
    const patterns: string[] = []
    const collect = ({ match, begin, end, patterns: inner = [] }: Rule): void => {
      patterns.push(...[match, begin, end].filter((one) => one !== undefined))
      for (const rule of inner) collect(rule)
    }
    for (const rule of Object.values(grammar.repository)) collect(rule)
    expect(patterns.length).toBeGreaterThan(10)
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow()
    const head = new RegExp(grammar.repository['block']!.match!, 'u')
    expect(head.exec('  otelcol.exporter.otlp "été" {')!.slice(1)).toEqual([
      'otelcol.exporter.otlp',
      '"été"',
    ])
  })
})

test('Neovim and Helix start the same', () => {
  expect(textOf('neovim/weir.lua')).toContain("cmd = { 'weir', 'lsp' }")
  expect(textOf('helix/languages.toml')).toMatch(/command = "weir"\nargs = \["lsp"\]/)
})
