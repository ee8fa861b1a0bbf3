import { loadAndCheck, Registry } from '#config'
import { Source } from '#grammar'
import { Agent } from '#graph'
import { importBlocks, type systemPrograms } from '#imports'
import type { Definition, Stability } from '#sdk'
import { fakeContext } from './context.js'
import { FakeDisk } from './fake-disk.js'
import { toyGraph } from './toy-graph.js'

/** Other programs of the machine. */
export type Programs = ReturnType<typeof systemPrograms>

const NO_PROGRAMS: Programs = {
  temporary: '/tmp',
  run: () => Promise.reject(new Error('no programs in this test')),
}

/** An agent in a fake world whose config is /w/main.alloy, and imports what that names. */
export function moduleAgent(
  definitions: readonly Definition[],
  stability: Stability = 'experimental',
  disk = new FakeDisk(),
  /** Made for the files of the world. */
  programsOf: (put: (path: string, text: string) => void) => Programs = () => NO_PROGRAMS,
) {
  const world = fakeContext({ disk })
  const all = toyGraph({ files: world.files, disk, clock: world.clock, storagePath: '/data' })
  const imports = importBlocks()
  const programs = programsOf((path, text) => world.change(path, text))
  const { clock, files, network, log } = world
  const storagePath = '/data'
  imports.store.open({ network, clock, files, disk, programs, log, storagePath })
  const registry = new Registry([...definitions, ...imports.definitions])
  const options = {
    registry,
    stability,
    environment: { env: () => undefined, constants: new Map() },
    imports: imports.store,
  }
  const agent = new Agent({
    graph: all.graph,
    check: () => {
      const text = world.contents.get('/w/main.alloy') ?? ''
      return loadAndCheck([new Source('/w/main.alloy', text)], options)
    },
    clock,
    log: all.logger.with({}),
    meter: all.metrics.scope(),
  })
  imports.store.onChange(() => agent.changed('import'))
  const ids = () => all.graph.instances.map(({ id }) => id).sort()
  return { ...all, agent, world, clock, ids }
}
