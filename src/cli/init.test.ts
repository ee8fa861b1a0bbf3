import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runWeir, temporaryFolder } from '../../test/support/cli.js'

/** What must be in the config, and what must not. */
type Row = readonly [string, readonly string[], readonly string[], readonly string[]]

describe('flags make a config that is formatted and passes check', () => {
  const rows: readonly Row[] = [
    [
      'any backend',
      ['--service', 'otlp=https://otlp.example.com'],
      [
        'otelcol.exporter.otlphttp "otlp" {',
        'endpoint = "https://otlp.example.com"',
        'traces  = [otelcol.exporter.otlphttp.otlp.input]',
        'grpc { }',
      ],
      ['auth', 'headers'],
    ],
    ['no name is otlp', ['--service', 'http://a:4318'], ['otlphttp "otlp"'], []],
    [
      'Tempo, Loki, Mimir of a tenant',
      [
        ...['--service', 'tempo=grpc://tempo:4317', '--service', 'loki=http://loki:3100'],
        ...['--service', 'mimir=http://mimir:8080/', '--tenant', 'team-a'],
      ],
      [
        'otelcol.exporter.otlp "tempo" {',
        'endpoint = "tempo:4317"',
        'insecure = true',
        'endpoint = "http://loki:3100/otlp"',
        'endpoint = "http://mimir:8080/otlp"',
        'traces  = [otelcol.exporter.otlp.tempo.input]',
        'logs    = [otelcol.exporter.otlphttp.loki.input]',
        '"X-Scope-OrgID" = "team-a"',
      ],
      [],
    ],
    [
      'Prometheus alone',
      ['--service', 'prometheus=http://p:9090'],
      ['"http://p:9090/api/v1/otlp"', 'metrics = ['],
      ['traces', 'logs '],
    ],
    [
      'a path that is given',
      ['--service', 'loki=http://gateway/loki/otlp'],
      ['"http://gateway/loki/otlp"'],
      [],
    ],
    ['gRPC with TLS', ['--service', 'tempo=tempo:443'], ['"tempo:443"'], ['insecure']],
    [
      'two of a kind',
      ['--service', 'http://a', '--service', 'http://b'],
      [
        'otelcol.exporter.otlphttp "otlp_2"',
        'otlphttp.otlp.input, otelcol.exporter.otlphttp.otlp_2',
      ],
      [],
    ],
    [
      'a password in the environment',
      ['--service', 'https://a', '--user', '1234', '--password-env', 'CLOUD_TOKEN'],
      [
        'otelcol.auth.basic "default" {',
        'username = "1234"',
        'password = sys.env("CLOUD_TOKEN")',
        'auth     = otelcol.auth.basic.default.handler',
      ],
      ['local.file'],
    ],
    [
      'a token in a file',
      ['--service', 'https://a', '--token-file', '/etc/weir/a "token"'],
      [
        'filename  = "/etc/weir/a \\"token\\""',
        'is_secret = true',
        'token = local.file.credentials.content',
      ],
      [],
    ],
    [
      'another address to listen on',
      ['--service', 'https://a', '--listen', '0.0.0.0'],
      ['endpoint = "0.0.0.0:4317"', 'endpoint = "0.0.0.0:4318"'],
      [],
    ],
    ['IPv6', ['--service', 'https://a', '--listen', '::1'], ['endpoint = "[::1]:4317"'], []],
  ]

  test.each(rows)('%s', async (_, flags, parts, absent) => {
    const { code, out, err } = await runWeir(['init', ...flags])
    expect([code, err]).toEqual([0, ''])
    for (const part of parts) expect(out).toContain(part)
    for (const part of absent) expect(out).not.toContain(part)
    expect(await runWeir(['check', '-'], { input: out })).toEqual({ code: 0, out: '', err: '' })
    expect(await runWeir(['fmt', '--test', '-'], { input: out })).toMatchObject({ code: 0 })
  })
})

describe('what cannot be meant is refused', () => {
  const ONE = ['--service', 'https://a']
  const rows: readonly (readonly [readonly string[], string])[] = [
    [[], 'it is not said where telemetry goes, and there is nobody to ask'],
    [['--service', 'zipkin=http://a'], 'there is no destination "zipkin"'],
    [['--service', 'toString=http://a'], 'there is no destination "toString"'],
    [['--service', 'otlp='], '"" is no endpoint'],
    [['--service', 'otlp=ftp://a'], '"ftp://a" is no endpoint'],
    [['--service', 'grpc://a'], '"grpc://a" is no endpoint'],
    [['--service', 'https://me:secret@a'], 'is no endpoint'],
    [[...ONE, '--user', 'a'], 'the user has no password'],
    [[...ONE, '--password-env', 'A'], 'the password has no user'],
    [[...ONE, '--token-env', 'A', '--user', 'a'], 'exclude each other'],
    [[...ONE, '--token-env', 'A', '--token-file', 'b'], 'either in a variable or in a file'],
    [[...ONE, '-o', '/nowhere/a.river'], 'cannot write /nowhere/a.river: no such file'],
  ]
  test.each(rows)('%j', async (flags, message) => {
    const { code, out, err } = await runWeir(['init', ...flags])
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^error: /)
    expect(err).toContain(message)
  })
})

test('a file is written once, unless it is to be replaced', async () => {
  const path = join(temporaryFolder(), 'a.river')
  const args = ['init', '--service', 'https://a', '-o', path]
  const { code, out } = await runWeir(args)
  expect(code).toBe(0)
  expect(out).toContain(`wrote ${path}; run it with: weir run ${path}\n`)
  expect(out).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317\n')
  expect(readFileSync(path, 'utf8')).toContain('otelcol.receiver.otlp')
  const again = await runWeir(args)
  expect(again).toMatchObject({ code: 1 })
  expect(again.err).toContain('it exists already\n  = help: replace it with --force')
  expect(await runWeir([...args, '--force'])).toMatchObject({ code: 0 })
})

test.each([
  [[], '127.0.0.1'],
  [['--listen', '0.0.0.0'], '127.0.0.1'],
  [['--listen', '::'], '[::1]'],
  [['--listen', 'agent'], 'agent'],
])('--print-endpoints says what programs are told: %j', async (flags, host) => {
  const { code, out } = await runWeir(['init', '--print-endpoints', ...flags])
  expect(code).toBe(0)
  expect(out).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=http://${host}:4317\n`)
  expect(out).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=http://${host}:4318\n`)
})

describe('questions', () => {
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['have answers of their own', [], ['endpoint = "https://otlp.example.com"', 'grpc { }']],
    [
      'ask for each destination',
      ['tempo, loki', 'grpc://t:4317', '', 'team', 'basic', 'me', 'TOKEN', '0.0.0.0'],
      [
        'endpoint = "t:4317"',
        '"http://loki:3100/otlp"',
        '"X-Scope-OrgID" = "team"',
        'password = sys.env("TOKEN")',
        '"0.0.0.0:4317"',
      ],
    ],
    [
      'are asked again for what cannot be read',
      ['nonsense', 'otlp', 'ftp://a', 'http://a', '', 'none of these', 'bearer', 'no-name', '/f'],
      ['endpoint = "http://a"', 'filename  = "/f"'],
    ],
  ]
  test.each(rows)('%s', async (_, typed, parts) => {
    const { code, out } = await runWeir(['init'], { typed })
    expect(code).toBe(0)
    for (const part of parts) expect(out).toContain(part)
    expect(await runWeir(['check', '-'], { input: out })).toMatchObject({ code: 0 })
  })

  test('are given up after three tries', async () => {
    const { code, out, err } = await runWeir(['init'], { typed: ['a', 'b', 'c', 'd'] })
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('error: there is no destination "c"')
  })
})
