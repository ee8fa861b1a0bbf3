import type { Graph, Instance } from '#graph'

interface Place {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
}

/** Where the config has a component; undefined for a root block that is not written. */
export function placeOf(graph: Graph, { id }: Instance): Place | undefined {
  const { source, start } = graph.nodeOf(id)?.block ?? {}
  if (!source || source.name === '') return undefined
  return { file: source.name, ...source.positionAt(start ?? 0) }
}
