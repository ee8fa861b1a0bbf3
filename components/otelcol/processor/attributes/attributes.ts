import {
  type Attributes,
  type ClientInfo,
  ItemEdits,
  LAYOUT,
  type Message,
  OTLP_SIGNALS,
  type OtlpBatch,
  pointsOf,
  Rewrite,
} from '#pdata'
import {
  type ArgumentsOf,
  attributes,
  block,
  blocks,
  type Component,
  type Consumer,
  defineProcessor,
  type Next,
  output,
} from '#sdk'
import { debugMetrics } from '../../shared/blocks.js'
import { type Action, action, compileAction, type Edit } from './action.js'
import { ItemMatch } from './item-match.js'
import { checkSignals, matchArguments } from './match-arguments.js'

const schema = attributes(
  {
    action: blocks(action, {
      about: 'What is done to the attributes of each span, log record and data point, in order.',
    }),
    resource_action: blocks(action, {
      about: 'The same for the attributes of each resource; not in Alloy.',
    }),
    include: block(matchArguments, { about: 'Only what fits is worked on; asked before exclude.' }),
    exclude: block(matchArguments, { about: 'What fits is left alone.' }),
    output,
    debug_metrics: debugMetrics,
  },
  ({ include, exclude, output: to }) => {
    const signals = OTLP_SIGNALS.filter((signal) => to[signal].length > 0)
    return [
      ...(include ? checkSignals('include', include, signals) : []),
      ...(exclude ? checkSignals('exclude', exclude, signals) : []),
    ]
  },
)

export default defineProcessor({
  name: 'otelcol.processor.attributes',
  stability: 'generally-available',
  about: 'Adds, changes, hashes and removes attributes.',
  schema,
  create: (_, values, next) => new AttributesProcessor(values, next),
})

class AttributesProcessor implements Component, Consumer {
  readonly #next: Next
  readonly #actions: readonly Action[]
  readonly #resourceActions: readonly Action[]
  readonly #include: ItemMatch | undefined
  readonly #exclude: ItemMatch | undefined

  constructor(values: ArgumentsOf<typeof schema>, next: Next) {
    this.#next = next
    this.#actions = values.action.map(compileAction)
    this.#resourceActions = values.resource_action.map(compileAction)
    this.#include = values.include && new ItemMatch(values.include)
    this.#exclude = values.exclude && new ItemMatch(values.exclude)
  }

  async consume(batch: OtlpBatch): Promise<void> {
    await this.#next.consume(this.#edit(batch))
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }

  #edit(batch: OtlpBatch): OtlpBatch {
    const edits = editsFor(this.#actions, batch.client)
    const resourceEdits = editsFor(this.#resourceActions, batch.client)
    if (edits.length + resourceEdits.length === 0) return batch
    const atOnce = this.#include || this.#exclude ? undefined : itemEditsOf(edits)
    const rewrite = new Rewrite(batch)
    for (const resources of rewrite.resources()) {
      const resource = resources.child(LAYOUT.resource)
      if (this.#include?.resource(resource) === false) continue
      const excluded = this.#exclude?.resource(resource) ?? false
      if (excluded && !this.#exclude?.looksInside) continue
      if (resourceEdits.length > 0) apply(resourceEdits, resource.attributes)
      if (atOnce) resources.editItems(atOnce)
      else if (edits.length > 0) this.#editScopes(resources, edits, excluded)
    }
    return rewrite.finish()
  }

  /** `excluded` says that the exclude block fits so far. */
  #editScopes(resources: Message, edits: readonly Edit[], excluded: boolean): void {
    for (const scopes of resources.each(LAYOUT.scopes)) {
      const scope = scopes.child(LAYOUT.scope)
      if (this.#include?.scope(scope) === false) continue
      const exclude = excluded && this.#exclude?.scope(scope) ? this.#exclude : undefined
      for (const record of scopes.each(LAYOUT.records)) {
        if (this.#include?.record(record) === false) continue
        const still = exclude?.record(record) ? exclude : undefined
        if (record.shape.name !== 'Metric') this.#editOne(record, edits, still)
        else for (const point of pointsOf(record)) this.#editOne(point, edits, still)
      }
    }
  }

  #editOne(item: Message, edits: readonly Edit[], exclude: ItemMatch | undefined): void {
    const { attributes } = item
    if (this.#include?.attributes(attributes) === false) return
    if (exclude?.attributes(attributes)) return
    apply(edits, attributes)
  }
}

function editsFor(actions: readonly Action[], client: ClientInfo | undefined): readonly Edit[] {
  return actions.map((one) => one(client)).filter((edit) => edit !== undefined)
}

function apply(edits: readonly Edit[], attributes: Attributes): void {
  for (const edit of edits) edit.apply(attributes)
}

/** Undefined where one edit may see what another did, or there are too many or none. */
function itemEditsOf(edits: readonly Edit[]): ItemEdits | undefined {
  const byKey = edits.map((edit) => edit.byKey).filter((one) => one !== undefined)
  const keys = new Set(byKey.map(({ key }) => String(key)))
  if (keys.size < edits.length || keys.size === 0 || keys.size > 31) return undefined
  return new ItemEdits(byKey)
}
