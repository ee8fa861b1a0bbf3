import { type CheckOptions, checkConfig, type Wire } from '#config'
import { renderDiagnostics } from '#grammar'
import { systemFiles } from '#sdk'
import type { ExitCode, Io } from './io.js'

export const GRAPH_FORMATS = ['dot', 'mermaid', 'json'] as const
export type GraphFormat = (typeof GRAPH_FORMATS)[number]

/** Draws what a config wires to what. */
export async function graph(
  path: string,
  format: GraphFormat,
  options: CheckOptions,
  io: Io,
): Promise<ExitCode> {
  const { program, wires, diagnostics } = await checkConfig(path, systemFiles, io.input, options)
  if (diagnostics.length > 0) io.err(renderDiagnostics(diagnostics, io))
  if (!program) return 1
  const nodes = program.nodes.filter(({ definition }) => definition.kind !== 'config')
  const drawing: Drawing = {
    nodes: nodes.map(({ id, definition }) => ({ id, kind: definition.kind })),
    edges: joinSignals(wires),
    references: nodes.flatMap(({ id, dependsOn }) =>
      dependsOn
        .filter((to) => !wires.some((wire) => wire.from === id && wire.to === to))
        .map((to) => ({ from: id, to })),
    ),
  }
  io.out(DRAW[format](drawing))
  return 0
}

interface Drawing {
  readonly nodes: readonly { readonly id: string; readonly kind: string }[]
  /** Data, and the signals it is of. */
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    readonly signals: string[]
  }[]
  /** Uses of an export that are no data. */
  readonly references: readonly { readonly from: string; readonly to: string }[]
}

function joinSignals(wires: readonly Wire[]): Drawing['edges'] {
  const edges = new Map<string, { from: string; to: string; signals: string[] }>()
  for (const { from, to, signal } of wires) {
    const edge = edges.get(`${from} ${to}`) ?? { from, to, signals: [] }
    edge.signals.push(signal)
    edges.set(`${from} ${to}`, edge)
  }
  return [...edges.values()]
}

const DRAW: Readonly<Record<GraphFormat, (drawing: Drawing) => string>> = {
  json: (drawing) => `${JSON.stringify(drawing, undefined, 2)}\n`,

  dot: ({ nodes, edges, references }) =>
    [
      'digraph weir {',
      '  rankdir=LR;',
      '  node [shape=box];',
      ...nodes.map(({ id }) => `  "${id}";`),
      ...edges.map(
        ({ from, to, signals }) => `  "${from}" -> "${to}" [label="${signals.join(', ')}"];`,
      ),
      ...references.map(({ from, to }) => `  "${from}" -> "${to}" [style=dashed];`),
      '}\n',
    ].join('\n'),

  mermaid: ({ nodes, edges, references }) => {
    const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]))
    return [
      'flowchart LR',
      ...nodes.map(({ id }) => `  ${names.get(id)}["${id}"]`),
      ...edges.map(
        ({ from, to, signals }) =>
          `  ${names.get(from)} -->|${signals.join(', ')}| ${names.get(to)}`,
      ),
      ...references.map(({ from, to }) => `  ${names.get(from)} -.-> ${names.get(to)}`),
      '',
    ].join('\n')
  },
}
