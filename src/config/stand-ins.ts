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

/** Whether an attribute is true for certain. */
type IsTrue = (name: string) => boolean

/** What stands for the exports of a component before it runs. */
export function standInsFor(
  id: string,
  { exports }: Definition,
  isTrue: IsTrue,
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>()
  for (const [name, shape] of Object.entries(exports))
    values.set(name, standInFor(id, shape, isTrue))
  return values
}

function standInFor(id: string, shape: ExportShape, isTrue: IsTrue): Value {
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
    case 'string-or-secret': {
      const isSecret = shape.secretBy !== undefined && isTrue(shape.secretBy)
      return isSecret ? new Unknown('capsule', true) : new Unknown()
    }
  }
}
