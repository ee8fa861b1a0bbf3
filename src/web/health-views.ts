/** How well the agent works, as plain JSON. */
import type { Agent, Graph, Instance } from '#graph'
import type { Health } from '#sdk'
import { placeOf } from './places.js'

const STATES = ['healthy', 'degraded', 'unhealthy'] as const satisfies readonly Health['state'][]

export function healthView(instance: Instance) {
  const { state, message, since, help } = instance.health()
  return { state, message, since: new Date(since).toISOString(), help }
}

/** That of the worst component, how many there are of each, and those that are not well. */
export function healthReport(agent: Agent, graph: Graph) {
  const counts = { healthy: 0, degraded: 0, unhealthy: 0 }
  const troubles = []
  for (const instance of graph.instances) {
    const health = healthView(instance)
    counts[health.state]++
    if (health.state === 'healthy') continue
    troubles.push({ id: instance.id, ...health, place: placeOf(graph, instance) })
  }
  return {
    state: STATES.findLast((state) => counts[state] > 0) ?? 'healthy',
    ready: agent.ready,
    counts,
    troubles: troubles.sort((a, b) => STATES.indexOf(b.state) - STATES.indexOf(a.state)),
  }
}
