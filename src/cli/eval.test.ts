import { describe, expect, test } from 'vitest'
import { runWeir } from '../../test/support/cli.js'

const variables = { HOST: 'tempo' }

describe('an expression', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['1 + 2 * 3', '7'],
    ['9007199254740993', '9007199254740993'],
    ['[1, 2.5, "a", null, {b = true, a = false}]', '[1,2.5,"a",null,{"a":false,"b":true}]'],
    ['sys.env("HOST") + ":4317"', '"tempo:4317"'],
    ['sys.env("UNSET")', '""'],
    ['constants.version', '"v1.2.3"'],
    ['string.join', '"function"'],
  ]

  test.each(rows)('%s', async (text, value) => {
    expect(await runWeir(['eval', text], { variables })).toEqual({
      code: 0,
      out: `${value}\n`,
      err: '',
    })
  })

  test('that starts with a minus stands behind --', async () => {
    expect(await runWeir(['eval', '--', '-1'])).toMatchObject({ code: 0, out: '-1\n' })
  })
})

describe('what is wrong is marked, on standard error alone', () => {
  const rows: readonly (readonly [string, string])[] = [
    [
      'string.joinn([], "")',
      `\
error[unknown-field]: string has no field "joinn"
  --> -:1:8
   |
 1 | string.joinn([], "")
   |        ^^^^^
   = help: did you mean "join"?
`,
    ],
    [
      '1 +',
      `\
error[expected-value]: expected a value, and found the end of the file
  --> -:1:4
   |
 1 | 1 +
   |    ^
`,
    ],
    ['', 'error[expected-value]: expected a value, and found the end of the file\n  --> -\n'],
    [
      'otelcol.exporter.otlp.a.input',
      `\
error[unknown-name]: there is no "otelcol" here
  --> -:1:1
   |
 1 | otelcol.exporter.otlp.a.input
   | ^^^^^^^
   = help: put a text in double quotes
`,
    ],
  ]

  test.each(rows)('%s', async (text, err) => {
    expect(await runWeir(['eval', text])).toEqual({ code: 1, out: '', err })
  })
})

describe('--batch', () => {
  test('answers each line, a wrong one with its error', async () => {
    const lines = [
      '"1 + 1"',
      '',
      '"1 / 0"',
      '"f("',
      '1',
      '"open',
      '"sys.env(\\"HOST\\")"',
      '"1 +\\n1"',
    ]
    const input = `${lines.join('\n')}\n`
    const { code, out, err } = await runWeir(['eval', '--batch'], { input, variables })
    expect([code, err]).toEqual([0, ''])
    const answers = out.split('\n')
    expect(answers.pop()).toBe('')
    expect(answers.map((answer) => JSON.parse(answer) as unknown)).toEqual([
      { value: 2 },
      {
        error: 'division by zero',
        diagnostics: [expect.objectContaining({ code: 'expression-failed', line: 1, column: 5 })],
      },
      {
        error: expect.stringContaining('expected') as unknown,
        diagnostics: [expect.objectContaining({ stage: 'syntax' })],
      },
      { error: 'the line is no JSON string' },
      { error: 'the line is no JSON string' },
      { value: 'tempo' },
      { value: 2 },
    ])
  })

  test('keeps all digits', async () => {
    const { out } = await runWeir(['eval', '--batch'], { input: '"9223372036854775807"' })
    expect(out).toBe('{"value": 9223372036854775807}\n')
  })

  test('of nothing is nothing', async () => {
    expect(await runWeir(['eval', '--batch'])).toEqual({ code: 0, out: '', err: '' })
  })
})
