/** One node of a directed graph: `needs` names nodes that must come before it. */
interface Ordered {
  readonly id: string
  readonly needs: readonly string[]
}

/**
 * Nodes in an order in which each comes after what it needs, as near to the given order as that
 * allows; and the groups of nodes that wait for each other (or for themselves), which have no such
 * order.
 */
export function inOrder<N extends Ordered>(
  nodes: readonly N[],
): { readonly ordered: readonly N[]; readonly cycles: readonly (readonly N[])[] } {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const ordered: N[] = []
  const cycles: N[][] = []
  const index = new Map<N, number>()
  const low = new Map<N, number>()
  const open: N[] = []
  const isOpen = new Set<N>()

  const isPlaced = (node: N) => index.has(node) && !isOpen.has(node)

  // Tarjan's strongly connected components, without recursion: configs may chain thousands of
  // blocks.
  const visit = (root: N): void => {
    const walk: { readonly node: N; readonly needs: readonly N[]; next: number }[] = []
    const enter = (node: N) => {
      index.set(node, index.size)
      low.set(node, index.get(node)!)
      open.push(node)
      isOpen.add(node)
      walk.push({ node, needs: node.needs.flatMap((id) => byId.get(id) ?? []), next: 0 })
    }
    enter(root)
    while (walk.length > 0) {
      const step = walk.at(-1)!
      const need = step.needs[step.next++]
      if (need) {
        if (!index.has(need)) enter(need)
        else if (isOpen.has(need))
          low.set(step.node, Math.min(low.get(step.node)!, index.get(need)!))
        continue
      }
      walk.pop()
      const parent = walk.at(-1)?.node
      if (parent) low.set(parent, Math.min(low.get(parent)!, low.get(step.node)!))
      if (low.get(step.node) !== index.get(step.node)) continue
      const group = open.splice(open.indexOf(step.node))
      for (const node of group) isOpen.delete(node)
      if (group.length > 1 || step.node.needs.includes(step.node.id)) cycles.push(group)
      else ordered.push(step.node)
    }
  }
  for (const node of nodes) {
    if (index.has(node)) continue
    if (node.needs.every((id) => !byId.has(id) || isPlaced(byId.get(id)!))) {
      // What most are: all that it needs comes before it.
      index.set(node, index.size)
      ordered.push(node)
    } else visit(node)
  }
  return { ordered, cycles }
}
