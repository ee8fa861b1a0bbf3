import { loadAndCheck, readSources } from '#config'
import type { Source } from '#grammar'
import type { Graph } from '#graph'
import { systemFiles } from '#sdk'
import { type AppOptions, adminApp, LedgerHistory, layOutInThread } from '#web'
import type { Io } from './io.js'
import type { Parts } from './run.js'

type Running = Pick<AppOptions, 'agent' | 'graph' | 'metrics' | 'orphans' | 'clock'>

/** Puts the API and the pages of a running agent in place; the history runs until it is stopped. */
export function serveAdmin(
  running: Running,
  path: string,
  { admin, logger, imports, checkOptions }: Parts,
  io: Io,
): LedgerHistory {
  const { graph, clock } = running
  const history = new LedgerHistory(graph, clock)
  history.start()
  admin.serve(
    adminApp({
      ...running,
      history,
      errors: logger.recent,
      layOut: layOutInThread(),
      check: (sources) => loadAndCheck(sources, { ...checkOptions, imports: imports.aside }),
      read: () => sourcesNow(path, graph, io),
    }),
  )
  return history
}

/** The config's texts as they stand now; of what came by standard input there is what runs. */
async function sourcesNow(path: string, graph: Graph, io: Io): Promise<readonly Source[]> {
  if (path !== '-') return (await readSources(path, systemFiles, io.input)).sources
  const running = graph.program.nodes.map(({ block }) => block.source)
  return [...new Set(running)].filter(({ name }) => name !== '')
}
