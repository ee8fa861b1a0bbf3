import type { Program, ProgramNode } from '#config'
import { diagnose, Source } from '#grammar'
import { Batch, type Signal } from '#pdata'
import {
  attributes,
  type Component,
  type Consumer,
  type Context,
  type Definition,
  defineExporter,
  defineExtension,
  defineProcessor,
  defineReceiver,
  type Intake,
  output,
  type Resource,
  Retryable,
  string,
  type Value,
} from '#sdk'

/** What toy components do, as it happens: "start b", "activate b", "consume b", "stop b". */
export class Journal {
  readonly lines: string[] = []
  readonly intakes = new Map<string, Intake>()
  readonly contexts = new Map<string, Context>()
  /** Batches that sinks took, by id. */
  readonly taken = new Map<string, Batch[]>()
  /** What a component is to do at a step instead of succeeding: "start b" -> throw. */
  readonly faults = new Map<string, () => void | Promise<void>>()

  async note(line: string): Promise<void> {
    this.say(line)
    await this.faults.get(line)?.()
  }

  /** For steps that cannot wait. */
  say(line: string): void {
    this.lines.push(line)
  }

  /** The lines since the last call. */
  take(): string[] {
    return this.lines.splice(0)
  }
}

const text = string({ default: '', about: 'Anything.' })

/** Toy components that write what happens to them into a journal. */
export function toyDefinitions(journal: Journal) {
  const life = (context: Context): Component & { activate(): void } => ({
    start: () => journal.note(`start ${context.id}`),
    activate: () => journal.say(`activate ${context.id}`),
    stop: () => journal.note(`stop ${context.id}`),
  })
  const source = defineReceiver({
    name: 'toy.source',
    stability: 'experimental',
    about: 'Emits what a test gives it.',
    schema: attributes({ text, output }),
    create: (context, _, intake) => ({
      ...life(context),
      activate() {
        journal.intakes.set(context.id, intake)
        journal.say(`activate ${context.id}`)
      },
    }),
  })
  const pass = defineProcessor({
    name: 'toy.pass',
    stability: 'experimental',
    about: 'Passes on.',
    schema: attributes({ text, output }),
    create: (context, _, next) => ({ ...life(context), consume: (batch) => next.consume(batch) }),
  })
  const sink = defineExporter({
    name: 'toy.sink',
    stability: 'experimental',
    about: 'Keeps what it gets.',
    accepts: ['traces', 'metrics', 'logs'],
    schema: attributes({ text, key: text }),
    create: (context, values) => new Sink(journal, context, values.key, life(context)),
  })
  const holder = defineExtension({
    name: 'toy.text',
    stability: 'experimental',
    about: 'Exports a text.',
    schema: attributes({ text }),
    exports: { content: { kind: 'string' } },
    create: (context, values) => ({
      ...life(context),
      async start() {
        journal.contexts.set(context.id, context)
        await journal.note(`start ${context.id}`)
        context.publish({ content: values.text })
      },
    }),
  })
  return { source, pass, sink, holder }
}

class Sink implements Component, Consumer {
  readonly #journal: Journal
  readonly #context: Context
  readonly #key: string
  readonly #life: Component & { activate(): void }

  constructor(
    journal: Journal,
    context: Context,
    key: string,
    life: Component & { activate(): void },
  ) {
    this.#journal = journal
    this.#context = context
    this.#key = key
    this.#life = life
  }

  async start(): Promise<void> {
    if (this.#key !== '') {
      await this.#context.resources.lease<Resource>(this.#key, async () => {
        await this.#journal.note(`open ${this.#key}`)
        return { close: () => this.#journal.note(`close ${this.#key}`) }
      })
    }
    await this.#life.start?.()
  }

  activate(): void {
    this.#life.activate()
  }

  stop(giveUp: AbortSignal): Promise<void> {
    return this.#life.stop(giveUp)
  }

  async consume(batch: Batch): Promise<void> {
    const { id, ledger } = this.#context
    await this.#journal.note(`consume ${id}`)
    const taken = this.#journal.taken.get(id) ?? []
    this.#journal.taken.set(id, [...taken, batch])
    ledger.leave(batch.signal, batch.items)
  }

  async reserve() {
    const { id } = this.#context
    await this.#journal.note(`reserve ${id}`)
    return { release: () => this.#journal.say(`release ${id}`) }
  }
}

export const FULL = new Retryable('full')

/** A node whose arguments are given; `to` names the consumers of its traces. */
export function toyNode(
  id: string,
  definition: Definition,
  options: {
    readonly values?: Readonly<Record<string, unknown>>
    readonly to?: readonly string[]
    /** Puts the export `content` of this component into `text`. */
    readonly textOf?: string
  } = {},
): ProgramNode {
  const { values = {}, to = [], textOf } = options
  const at = { source: new Source(`${id}.river`, ''), start: 0, end: 0 }
  return {
    id,
    definition,
    at,
    block: at,
    dependsOn: textOf ? [...to, textOf] : to,
    evaluate(exportsOf) {
      const consumers = to.map((other) => exportsOf(other)?.get('input') as unknown as Consumer)
      const content: Value | undefined = textOf ? exportsOf(textOf)?.get('content') : undefined
      if (textOf && content === undefined) {
        const facts = { name: 'content', owner: textOf, names: [], near: undefined }
        return { values: undefined, diagnostics: [diagnose('unknown-field', at, facts)] }
      }
      const given = { text: '', key: '', ...values, ...(textOf ? { text: content } : {}) }
      const outputs = { traces: consumers, metrics: [], logs: [] }
      const hasOutput = 'output' in definition.schema.fields
      return { values: hasOutput ? { ...given, output: outputs } : given, diagnostics: [] }
    },
  }
}

export function toyProgram(...nodes: readonly ProgramNode[]): Program {
  return { nodes, hash: String(nodes.length) }
}

export function toyBatch(items = 1, signal: Signal = 'traces'): Batch {
  return new Batch(signal, [new Uint8Array(items)], items, items)
}
