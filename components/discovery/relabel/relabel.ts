import { compileRules, labelsOf, RelabelRules, relabel, ruleBlocks } from '#relabel'
import {
  type ArgumentsOf,
  attributes,
  type Component,
  type Context,
  defineExtension,
  type Target,
  targets,
} from '#sdk'

const schema = attributes({
  targets: targets({ required: true, about: 'The targets to relabel.' }),
  rule: ruleBlocks(),
})

export default defineExtension({
  name: 'discovery.relabel',
  stability: 'generally-available',
  about: 'Changes the labels of targets, and drops targets, by rules.',
  schema,
  exports: { output: { kind: 'targets' }, rules: { kind: 'relabel-rules' } },
  create: (context, values) => new DiscoveryRelabel(context, values),
})

/** Other targets are other arguments, and those make a new instance: it works once. */
class DiscoveryRelabel implements Component {
  readonly #context: Context
  readonly #values: ArgumentsOf<typeof schema>

  constructor(context: Context, values: ArgumentsOf<typeof schema>) {
    this.#context = context
    this.#values = values
  }

  start(): Promise<void> {
    const { targets: given, rule } = this.#values
    const rules = compileRules(rule)
    const output = given.flatMap((target) => {
      const labels = relabel(rules, labelsOf(target))
      return labels ? [targetOf(labels)] : []
    })
    this.#context.publish({ output, rules: new RelabelRules(rule) })
    return Promise.resolve()
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }
}

function targetOf(labels: readonly string[]): Target {
  const target = new Map<string, string>()
  for (let at = 0; at < labels.length; at += 2) target.set(labels[at]!, labels[at + 1]!)
  return target
}
