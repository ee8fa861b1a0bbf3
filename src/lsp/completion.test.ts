import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atCursor, type LanguageServer, startLanguageServer } from '#support'

let server: LanguageServer
let count = 0

beforeAll(async () => {
  server = startLanguageServer()
  await server.client.initialize()
})

afterAll(async () => {
  await server.client.shutdown()
  expect(await server.exit).toBe(0)
})

async function completionsAt(marked: string) {
  const { text, offset } = atCursor(marked)
  const uri = `untitled:${count++}.river`
  await server.client.open(uri, text)
  const items = await server.client.completions(uri, offset)
  return { uri, items }
}

async function labelsAt(marked: string): Promise<readonly string[]> {
  const { uri, items } = await completionsAt(marked)
  await server.client.close(uri)
  return items.map(({ label }) => label)
}

/** The text after one of the items has been chosen. */
async function chosen(marked: string, label: string): Promise<string> {
  const { uri, items } = await completionsAt(marked)
  const item = items.find((one) => one.label === label)
  if (!item) throw new Error(`${label} is not among ${items.map((one) => one.label)}`)
  await server.client.apply(uri, [item.textEdit as never])
  const text = server.client.textOf(uri)
  await server.client.close(uri)
  return text
}

const TWO_SINKS = `
otelcol.exporter.debug "sink" { }
loki.echo "lines" { }
discovery.file "found" { files = ["a.json"] }
local.file "token" { filename = "t" }
otelcol.auth.basic "login" { username = "u" password = "p" }
`

describe('where a statement starts', () => {
  test('components at the root, also behind a broken line and before one', async () => {
    for (const text of ['‸', 'otelcol.exp = \n\n‸\n\nfoo {', 'otel‸ x', '// c\notelcol.‸']) {
      expect(await labelsAt(text), text).toContain('otelcol.receiver.otlp')
    }
  })

  test('what starts with what is typed up to the last dot', async () => {
    const labels = await labelsAt('otelcol.exporter.‸')
    expect(labels).toContain('otelcol.exporter.otlphttp')
    expect(labels.every((label) => label.startsWith('otelcol.exporter.'))).toBe(true)
  })

  test.each([
    ['attributes and blocks', 'otelcol.processor.batch "a" {\n  ‸\n}', ['timeout', 'output']],
    ['in a nested block', 'otelcol.receiver.otlp "a" {\n grpc {\n tra‸\n}\n}', ['transport']],
    ['in a block that is not closed', 'otelcol.receiver.otlp "a" {\n grpc {\n ‸', ['endpoint']],
    ['before other statements', 'otelcol.receiver.otlp "a" {\n ‸\n grpc { }\n}', ['http']],
    [
      'behind a list that is not closed',
      `otelcol.processor.batch "a" {
  output {
    traces = [
    metrics = [otelcol.exporter.debug.sink.input]
    ‸
  }
}`,
      ['logs'],
    ],
    [
      'behind an attribute without a value',
      `otelcol.processor.batch "a" {
  timeout =
  output { }
  ‸
}`,
      ['send_batch_size'],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await labelsAt(text)).toEqual(expect.arrayContaining(expected))
  })

  test('what is written already is not offered again, unless it may be', async () => {
    const batch = await labelsAt(
      'otelcol.processor.batch "a" {\n timeout = "1s"\n ‸\n output { }\n}',
    )
    expect(batch).not.toContain('timeout')
    expect(batch).not.toContain('output')
    const rules = 'discovery.relabel "a" {\n rule { }\n ‸\n}'
    expect(await labelsAt(rules)).toContain('rule')
  })

  test.each([
    [
      'a name, whose value follows',
      'otelcol.processor.batch "a" { tim‸ = "1s" }',
      'timeout',
      'otelcol.processor.batch "a" { timeout = "1s" }',
    ],
    [
      'an attribute',
      'otelcol.processor.batch "a" {\n tim‸\n}',
      'timeout',
      'otelcol.processor.batch "a" {\n timeout = ""\n}',
    ],
    [
      'the whole dotted name',
      'otelcol.exp‸orter.x',
      'otelcol.exporter.debug',
      'otelcol.exporter.debug "default" {\n\t\n}',
    ],
    [
      'a component with what it needs',
      '‸',
      'local.file',
      'local.file "default" {\n\tfilename = ""\n}',
    ],
  ])('choosing %s', async (_, text, label, expected) => {
    expect(await chosen(text, label)).toBe(expected)
  })

  test('nothing in comments, labels and behind values', async () => {
    for (const text of ['// otel‸', '/* ‸ */', 'loki.echo "‸" { }', 'x = 1 ‸', 'loki.echo ‸']) {
      expect(await labelsAt(text), text).toEqual([])
    }
  })
})

describe('where a value stands', () => {
  const inOutput = (line: string) => `${TWO_SINKS}
otelcol.processor.batch "own" {
  output {
    ${line}
  }
}`

  test('consumers that take the signal, in a list and without one', async () => {
    const expected = 'otelcol.exporter.debug.sink.input'
    const inList = await labelsAt(inOutput('traces = [‸]'))
    expect(inList).toEqual([expected])
    expect(await chosen(inOutput('traces = otel‸'), expected)).toContain(`traces = [${expected}]`)
    expect(await labelsAt(inOutput('traces = [otelcol.exporter.‸'))).toEqual([expected])
  })

  test('one that sends on other signals only is left out', async () => {
    const other = (signal: string) => `otelcol.processor.batch "b" {
  output { ${signal} = [otelcol.exporter.debug.sink.input] }
}
${inOutput('traces = [‸]')}`
    expect(await labelsAt(other('traces'))).toContain('otelcol.processor.batch.b.input')
    expect(await labelsAt(other('logs'))).not.toContain('otelcol.processor.batch.b.input')
  })

  test.each([
    [
      'a handler of the right power',
      'otelcol.exporter.otlp "o" { client { auth = ‸ } }',
      'otelcol.auth.basic.login.handler',
      'local.file.token.content',
    ],
    [
      'a text',
      'otelcol.exporter.otlp "o" { client { endpoint = ‸ } }',
      'local.file.token.content',
      'otelcol.exporter.debug.sink.input',
    ],
    [
      'targets',
      'discovery.relabel "o" { targets = ‸ }',
      'discovery.file.found.targets',
      'local.file.token.content',
    ],
    [
      'functions by their result',
      'otelcol.processor.batch "o" { timeout = ‸ }',
      'string.format',
      'array.concat',
    ],
    [
      'anything in a call',
      'otelcol.processor.batch "o" { timeout = coalesce(‸) }',
      'local.file.token.content',
      'env',
    ],
    [
      'true and false',
      'otelcol.exporter.otlp "o" { client { tls { insecure = ‸ } } }',
      'true',
      'local.file.token.content',
    ],
    [
      'constants',
      'otelcol.exporter.otlp "o" { client { endpoint = constants.‸ } }',
      'constants.hostname',
      'string.format',
    ],
  ])('%s', async (_, line, expected, unexpected) => {
    const labels = await labelsAt(`${TWO_SINKS}${line}`)
    expect(labels).toContain(expected)
    expect(labels).not.toContain(unexpected)
  })

  test('the words an attribute may have, with and without quotes', async () => {
    const block = (value: string) => `otelcol.exporter.debug "a" { verbosity = ${value} }`
    expect(await labelsAt(block('‸'))).toContain('"detailed"')
    expect(await labelsAt(block('"d‸"'))).toContain('detailed')
    expect(await chosen(block('"de‸t"'), 'detailed')).toBe(block('"detailed"'))
    expect(await labelsAt('otelcol.exporter.debug "a" {\n verbosity = "‸\n}')).toContain('detailed')
    expect(await labelsAt('otelcol.exporter.otlp "o" { client { endpoint = "‸" } }')).toEqual([])
  })

  test('functions have their signature', async () => {
    const { uri, items } = await completionsAt('otelcol.processor.batch "o" { timeout = str‸ }')
    await server.client.close(uri)
    const join = items.find(({ label }) => label === 'string.join')
    expect(join?.detail).toBe('string.join(items, separator) string')
  })

  test('characters outside the basic plane count as two', async () => {
    const text = '// 😀😀\notelcol.exporter.debug "a" { /* 😀 */ verbosity = "‸" /* 😀 */ }'
    const expected = text.replace('‸', 'basic').replace('‸', '')
    expect(await chosen(text, 'basic')).toBe(expected)
  })
})

describe('the signature of a function', () => {
  test.each([
    ['x = string.join(‸', 'string.join(items, separator)', 0],
    ['x = string.join(["a", "b"], ‸', 'string.join(items, separator)', 1],
    ['x = string.format("%s", coalesce(1), 2, ‸)', 'string.format(format, ...values)', 1],
    ['x = string.format("‸")', 'string.format(format, ...values)', 0],
    ['x = (1 + ‸)', undefined, undefined],
    ['x = none(‸)', undefined, undefined],
  ])('%s', async (marked, label, active) => {
    const { text, offset } = atCursor(marked)
    const uri = `untitled:${count++}.river`
    await server.client.open(uri, text)
    const help = await server.client.signature(uri, offset)
    await server.client.close(uri)
    expect([help?.signatures[0]?.label, help?.activeParameter]).toEqual([label, active])
  })
})
