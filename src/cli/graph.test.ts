import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runWeir, temporaryFolder } from '../../test/support/cli.js'

const CONFIG = `
logging { }

otelcol.receiver.otlp "in" {
  grpc { }
  output {
    traces = [otelcol.processor.batch.all.input, otelcol.exporter.debug.out.input]
    logs   = [otelcol.processor.batch.all.input]
  }
}

otelcol.processor.batch "all" {
  output {
    traces = [otelcol.exporter.otlp.out.input]
    logs   = [otelcol.exporter.otlp.out.input]
  }
}

otelcol.exporter.otlp "out" {
  client {
    endpoint = "tempo:4317"
    auth     = otelcol.auth.bearer.token.handler
  }
}

otelcol.auth.bearer "token" {
  token = local.file.token.content
}

local.file "token" {
  filename = "/run/token"
}

otelcol.exporter.debug "out" { }
`

const DRAWN: Readonly<Record<string, string>> = {
  dot: `\
digraph weir {
  rankdir=LR;
  node [shape=box];
  "local.file.token";
  "otelcol.auth.bearer.token";
  "otelcol.exporter.otlp.out";
  "otelcol.processor.batch.all";
  "otelcol.exporter.debug.out";
  "otelcol.receiver.otlp.in";
  "otelcol.receiver.otlp.in" -> "otelcol.processor.batch.all" [label="traces, logs"];
  "otelcol.receiver.otlp.in" -> "otelcol.exporter.debug.out" [label="traces"];
  "otelcol.processor.batch.all" -> "otelcol.exporter.otlp.out" [label="traces, logs"];
  "otelcol.auth.bearer.token" -> "local.file.token" [style=dashed];
  "otelcol.exporter.otlp.out" -> "otelcol.auth.bearer.token" [style=dashed];
}
`,
  mermaid: `\
flowchart LR
  n0["local.file.token"]
  n1["otelcol.auth.bearer.token"]
  n2["otelcol.exporter.otlp.out"]
  n3["otelcol.processor.batch.all"]
  n4["otelcol.exporter.debug.out"]
  n5["otelcol.receiver.otlp.in"]
  n5 -->|traces, logs| n3
  n5 -->|traces| n4
  n3 -->|traces, logs| n2
  n1 -.-> n0
  n2 -.-> n1
`,
}

describe('data is drawn with its signals, other uses of an export dashed', () => {
  test.each(Object.entries(DRAWN))('as %s', async (format, drawing) => {
    const args = ['graph', '--format', format, '-']
    expect(await runWeir(args, { input: CONFIG })).toEqual({ code: 0, out: drawing, err: '' })
  })

  test('as dot, if nothing else is asked for', async () => {
    const file = join(temporaryFolder({ 'a.river': CONFIG }), 'a.river')
    expect(await runWeir(['graph', file])).toMatchObject({ code: 0, out: DRAWN['dot'] })
  })

  test('as json', async () => {
    const { code, out } = await runWeir(['graph', '-f', 'json', '-'], { input: CONFIG })
    expect(code).toBe(0)
    const { nodes, edges, references } = JSON.parse(out) as Record<string, unknown[]>
    expect(nodes).toContainEqual({ id: 'local.file.token', kind: 'extension' })
    expect(nodes).toHaveLength(6)
    expect(edges).toContainEqual({
      from: 'otelcol.receiver.otlp.in',
      to: 'otelcol.processor.batch.all',
      signals: ['traces', 'logs'],
    })
    expect(references).toEqual([
      { from: 'otelcol.auth.bearer.token', to: 'local.file.token' },
      { from: 'otelcol.exporter.otlp.out', to: 'otelcol.auth.bearer.token' },
    ])
  })
})

test('a faulty config is not drawn', async () => {
  const input = CONFIG.replace('batch.all.input', 'batch.al.input')
  const { code, out, err } = await runWeir(['graph', '-'], { input })
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(
    /^error\[unknown-reference\][\s\S]*did you mean "otelcol.processor.batch.all.input"/,
  )
})

test('one with warnings is, beside them', async () => {
  const input = CONFIG.replace('"/run/token"', 'join(["/run", "token"], "/")')
  const { code, out, err } = await runWeir(['graph', '-'], { input })
  expect([code, out]).toEqual([0, DRAWN['dot']])
  expect(err).toMatch(/^warning\[deprecated-function\]/)
})
