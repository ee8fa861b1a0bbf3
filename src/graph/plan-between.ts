import { type Program, type ProgramNode, sameValue } from '#config'
import { type Draft, draft, type Ports, type Step } from './plan.js'
import { touchesOf } from './touches.js'

/**
 * What a running config would do with another one, as far as it can be told while neither runs.
 * What only a started component knows is taken for the same where the text is.
 */
export function planBetween(from: Program, to: Program): readonly Step[] {
  const nothing = { instances: new Map() }
  const before = draft(from, { ...nothing, ports: new Map() })
  const ports = new Map<string, Ports>()
  for (const { id, definition } of to.nodes) {
    const earlier = before.get(id)
    if (earlier?.node.definition === definition) ports.set(id, earlier.ports)
  }
  const after = draft(to, { ...nothing, ports }, true)
  const kept = new Set<string>()
  const steps = to.nodes.map((node): Step => {
    const { id } = node
    const [one, earlier] = [after.get(id)!, before.get(id)]
    if (!earlier) return { id, action: 'create', touches: touchesOf(undefined, one) }
    const stays = isSame(earlier, one, kept)
    if (stays) kept.add(id)
    return stays
      ? { id, action: 'keep', touches: [] }
      : { id, action: 'replace', touches: touchesOf(earlier, one) }
  })
  const removed = from.nodes.filter(({ id }) => !after.has(id))
  return [
    ...steps,
    ...removed.map(({ id }): Step => {
      return { id, action: 'remove', touches: touchesOf(before.get(id), undefined) }
    }),
  ]
}

function isSame(before: Draft, after: Draft, kept: ReadonlySet<string>): boolean {
  const { node } = after
  if (before.node.definition !== node.definition) return false
  if (before.values && after.values) return sameValue(before.values, after.values)
  return textOf(before.node) === textOf(node) && node.dependsOn.every((id) => kept.has(id))
}

function textOf({ block: { source, start, end } }: ProgramNode): string {
  return source.text.slice(start, end)
}
