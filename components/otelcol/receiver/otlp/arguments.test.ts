import { describe, expect, test } from 'vitest'
import { renderDiagnostics } from '#grammar'
import { checkBody } from '#support'
import { normalPath } from './arguments.js'
import definition from './otlp.js'

const OUTPUT = 'output { traces = [test.sink.all.input] }'

describe('check refuses', () => {
  const rows: readonly (readonly [
    what: string,
    body: string,
    message: string | RegExp,
    help: string | RegExp | undefined,
    marked: string,
  ])[] = [
    [
      'a receiver of nothing',
      '',
      'otelcol.receiver.otlp takes nothing: it has neither grpc nor http',
      'add grpc { } or http { }, or both',
      'otelcol.receiver.otlp "a"',
    ],
    [
      'one address for both',
      'grpc { endpoint = ":4317" }\nhttp { endpoint = "[::]:4317" }',
      'grpc and http cannot both listen on [::]:4317',
      'give one of them another port',
      '"[::]:4317"',
    ],
    [
      'an address without a port',
      'grpc { endpoint = "localhost" }',
      '"localhost" is no address to listen on',
      'write host:port, such as "0.0.0.0:4317"',
      '"localhost"',
    ],
    [
      'a path for an address',
      'http { endpoint = "/v1/traces" }',
      '"/v1/traces" is no address to listen on',
      'write host:port, such as "0.0.0.0:4317"',
      '"/v1/traces"',
    ],
    [
      'one path for two signals',
      'http {\ntraces_url_path = "/in"\nlogs_url_path = "in"\n}',
      'two signals share the path /in',
      undefined,
      '"in"',
    ],
    [
      'the default path of another signal',
      'http { metrics_url_path = "/v1/traces" }',
      'two signals share the path /v1/traces',
      undefined,
      '"/v1/traces"',
    ],
    [
      'a path that is none',
      'http { traces_url_path = "/in?x=1" }',
      /"traces_url_path" needs the path of a URL, such as "\/v1\/traces"/,
      /default/,
      '"/in?x=1"',
    ],
    [
      'a path with a broken escape',
      'http { traces_url_path = "/%zz" }',
      /needs the path of a URL/,
      /default/,
      '"/%zz"',
    ],
    [
      'TLS without a certificate',
      'http { tls { } }',
      'a server needs a certificate and a key: set cert_file and key_file',
      undefined,
      'tls',
    ],
    [
      'an encoding it does not know',
      'http { compression_algorithms = ["br"] }',
      /"gzip"/,
      undefined,
      '"br"',
    ],
    [
      'a limit that nothing fits in',
      'grpc { max_recv_msg_size = "1B" }',
      /max_recv_msg_size.*1KiB/,
      /default/,
      '"1B"',
    ],
  ]
  for (const [what, body, message, help, marked] of rows) {
    test(what, () => {
      const { diagnostics } = checkBody(definition, `${body}\n${OUTPUT}`)
      expect(diagnostics).toHaveLength(1)
      const [diagnostic] = diagnostics
      expect(diagnostic!.message).toMatch(message)
      if (help === undefined) expect(diagnostic!.help).toBeUndefined()
      else expect(diagnostic!.help).toMatch(help)
      const { source, start, end } = diagnostic!.at
      expect(source.text.slice(start, end)).toBe(marked)
    })
  }
})

describe('check takes', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['every interface', 'grpc { endpoint = ":4317" }'],
    ['IPv6', 'http { endpoint = "[::1]:4318" }'],
    ['a free port', 'grpc { endpoint = "127.0.0.1:0" }'],
    ['the path of a Unix socket', 'grpc {\ntransport = "unix"\nendpoint = "/run/otlp.sock"\n}'],
    [
      'a Unix socket beside the port of that text',
      'grpc {\ntransport = "unix"\nendpoint = ":4318"\n}\nhttp { endpoint = ":4318" }',
    ],
    [
      'one port of two hosts',
      'grpc { endpoint = "127.0.0.1:1" }\nhttp { endpoint = "127.0.0.2:1" }',
    ],
    [
      'paths that swap signals',
      'http {\ntraces_url_path = "/v1/logs"\nlogs_url_path = "/v1/traces"\n}',
    ],
    ['an address of the environment', 'grpc { endpoint = sys.env("ADDRESS") }'],
    ['what only Alloy uses', 'grpc { read_buffer_size = "1MiB" }\ndebug_metrics { }'],
  ]
  for (const [what, body] of rows) {
    test(what, () => {
      const { diagnostics } = checkBody(definition, `${body}\n${OUTPUT}`)
      expect(renderDiagnostics(diagnostics, { color: false })).toBe('')
    })
  }
})

test('a path may leave its first slash out', () => {
  expect([normalPath('a/b'), normalPath('/a/b')]).toEqual(['/a/b', '/a/b'])
})
