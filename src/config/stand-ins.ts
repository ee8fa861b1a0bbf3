import type { ast } from '#grammar'
import {
  type Definition,
  ExportedConsumer,
  ExportedHandler,
  ExportedRules,
  type ExportShape,
  type Value,
} from '#sdk'
import { Unknown } from './unknown.js'

class ConsumerStandIn extends ExportedConsumer {}
class HandlerStandIn extends ExportedHandler {}
class RulesStandIn extends ExportedRules {}

/** What stands for the exports of a component before it runs. */
export function standInsFor(
  id: string,
  { exports }: Definition,
  block: ast.Block,
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>()
  for (const [name, shape] of Object.entries(exports))
    values.set(name, standInFor(id, shape, block))
  return values
}

function standInFor(id: string, shape: ExportShape, block: ast.Block): Value {
  switch (shape.kind) {
    case 'consumer':
      return new ConsumerStandIn(id, shape.capsule)
    case 'handler':
      return new HandlerStandIn(id, shape.powers)
    case 'relabel-rules':
      return new RulesStandIn()
    case 'targets':
      return new Unknown('array')
    case 'string':
      return new Unknown('string')
    case 'string-or-secret':
      return isTrue(block, shape.secretBy) ? new Unknown('capsule', true) : new Unknown()
  }
}

/** Whether the body says so in so many words. */
function isTrue({ body }: ast.Block, name: string | undefined): boolean {
  return body.some(
    (one) =>
      one.kind === 'attribute' &&
      one.name.text === name &&
      one.value.kind === 'literal' &&
      one.value.text === 'true',
  )
}
