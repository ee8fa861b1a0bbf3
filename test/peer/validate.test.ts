/**
 * Whole folders with the peer's report: what it says of components we offer, we say on the same
 * line. It tells a cycle once for each block, at its head; we once, at each of its references.
 */
import { expect, test } from 'vitest'
import { checkSources, Registry, systemEnvironment } from '#config'
import { type ast, parseFile, Source, type Span } from '#grammar'
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
const registry = new Registry([...components, loggingBlock(logger), httpBlock(new AdminServer())])

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
    const found = diagnostics.flatMap(({ severity, code, at, notes }) => {
      const places = code === 'cycle' ? [at, ...notes.map((note) => note.at)].map(headOf) : [at]
      return places.map(({ source, start }) => {
        const { line } = source.positionAt(start)
        return `${severity} ${source.name}:${line}`
      })
    })
    expect(found).toEqual(expect.arrayContaining(expected.map(({ text }) => text)))
  })
}

/** The block of the root around a place. */
function headOf(at: Span): Span {
  const { body } = parseFile(at.source).file
  return body.find(({ span }) => span.start <= at.start && at.end <= span.end)?.span ?? at
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

/** The line is in a block of the root that we offer and that uses no module. */
function concerns({ name, line }: Reported, sources: readonly Source[]): boolean {
  const source = sources.find((one) => one.name === name)
  if (!source) return false
  const { body } = parseFile(source).file
  const blocks = body.filter((statement): statement is ast.Block => statement.kind === 'block')
  const modules = blocks
    .filter(({ name: kind }) => kind === 'declare')
    .map(({ label }) => label?.text)
  const around = blocks.find(
    ({ span }) =>
      source.positionAt(span.start).line <= line && source.positionAt(span.end).line >= line,
  )
  if (!around || !registry.get(around.name)) return false
  const text = source.text.slice(around.span.start, around.span.end)
  return !modules.some((module) => module !== undefined && text.includes(`${module}.${module}.`))
}
