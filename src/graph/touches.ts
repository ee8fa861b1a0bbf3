import { claimsOf } from '#config'
import type { Draft } from './plan.js'

type Planned = Pick<Draft, 'node' | 'values'>

/** The addresses that a node will listen on, as keys of resources are written. */
export function listenersOf({ node, values }: Planned): readonly string[] {
  if (!values) return []
  return claimsOf(node.definition.schema, values)
    .filter(({ claim }) => claim === 'address')
    .map(({ text }) => `listener ${text.startsWith(':') ? `[::]${text}` : text}`)
}

/** What it means that `after` comes in the place of `before`, where neither runs. */
export function touchesOf(
  before: Planned | undefined,
  after: Planned | undefined,
): readonly string[] {
  const old = before ? listenersOf(before) : []
  const fresh = after ? listenersOf(after) : []
  const exports = Object.values(before?.node.definition.exports ?? {})
  const holds = !after && exports.some(({ kind }) => kind === 'consumer')
  return [
    ...old.map((key) => `${fresh.includes(key) ? 'hands over' : 'closes'} ${key}`),
    ...fresh.filter((key) => !old.includes(key)).map((key) => `opens ${key}`),
    ...(holds ? ['drains what it holds'] : []),
  ]
}
