/**
 * Whole folders with the peer's report: what it says of components we offer, we say on the same
 * line.
 */
import { expect, test } from 'vitest'
import { checkSources, Registry, systemEnvironment } from '#config'
import { type ast, parseFile, Source } from '#grammar'
import { importBlocks } from '#imports'
import { STABILITIES } from '#sdk'
import { allComponents } from '#support'
import { Logger, loggingBlock } from '#telemetry'
import { AdminServer, httpBlock } from '#web'
import { corpus } from '../support/corpus.js'

const components = await allComponents()

interface Case {
  readonly id: string
  readonly minStability: string
  readonly files: readonly { readonly name: string; readonly content: string }[]
  readonly expectedReport: string
}

const logger = new Logger({ write() {}, flush() {} })
const registry = new Registry([
  ...components,
  loggingBlock(logger),
  httpBlock(new AdminServer()),
  ...importBlocks().definitions,
])

const file = corpus<{ cases: readonly Case[] }>('syntax/validate.json')
for (const one of file?.cases ?? []) {
  test(one.id, ({ skip }) => {
    const sources = one.files.map(({ name, content }) => new Source(name, content))
    const expected = reported(one.expectedReport).filter((fault) => concerns(fault, sources))
    if (expected.length === 0) skip('the report is about components that are not offered')
    const stability = STABILITIES.find((level) => level === one.minStability)!
    const { diagnostics } = checkSources(sources, {
      registry,
      stability,
      environment: systemEnvironment({}, '0.0.0'),
    })
    const found = diagnostics.map(({ severity, at }) => {
      const { line } = at.source.positionAt(at.start)
      return `${severity} ${at.source.name}:${line}`
    })
    expect(found).toEqual(expect.arrayContaining(expected.map(({ text }) => text)))
  })
}

interface Reported {
  readonly text: string
  readonly name: string
  readonly line: number
}

function reported(report: string): readonly Reported[] {
  return [...report.matchAll(/^(Error|Warning): (\S+?):(\d+):\d+: /gm)].map(
    ([, severity, name, line]) => ({
      text: `${severity!.toLowerCase()} ${name}:${line}`,
      name: name!,
      line: Number(line),
    }),
  )
}

/** The line is in a block that we offer, or in a declare block and there in such a one. */
function concerns({ name, line }: Reported, sources: readonly Source[]): boolean {
  const source = sources.find((one) => one.name === name)
  return source !== undefined && isOffered(parseFile(source).file.body, source, line)
}

function isOffered(body: readonly ast.Statement[], source: Source, line: number): boolean {
  const around = body
    .filter((statement) => statement.kind === 'block')
    .find(
      ({ span }) =>
        source.positionAt(span.start).line <= line && source.positionAt(span.end).line >= line,
    )
  if (!around) return false
  if (around.name === 'declare') return isOffered(around.body, source, line)
  return registry.get(around.name) !== undefined
}
