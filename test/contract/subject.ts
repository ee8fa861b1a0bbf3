import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkSources, type ProgramNode } from '#config'
import { Source } from '#grammar'
import type { Batch } from '#pdata'
import { RelabelRules } from '#relabel'
import {
  type Activating,
  type Caller,
  type Component,
  type Consumer,
  type Definition,
  ExportedConsumer,
  ExportedHandler,
  type ExportShape,
  type Foreseeing,
  type Handle,
  type HandlerPower,
  type HealthReporting,
  type Holding,
  OptionalSecret,
  type Powers,
  type Queueing,
  type Reserving,
  type Retryable,
  type Value,
} from '#sdk'
import { allComponents } from '#support'
import { componentFolder } from '../support/component-readme.js'
import { CONFIG_BLOCKS, checkOptions } from './registry.js'

const components = await allComponents()

const ROOT = resolve(import.meta.dirname, '../..')

const BLOCK_EXAMPLES: Readonly<Record<string, string>> = {
  telemetry: `telemetry {
	output {
		traces  = [otelcol.exporter.debug.seen.input]
		metrics = [otelcol.exporter.debug.seen.input]
		logs    = [otelcol.exporter.debug.seen.input]
	}
}

otelcol.exporter.debug "seen" { }
`,
  tracing: `tracing {
	sampling_fraction = 0.5
	write_to          = [otelcol.exporter.debug.seen.input]
}

otelcol.exporter.debug "seen" { }
`,
  logging: 'logging {\n\tlevel = "debug"\n}\n',
  http: `http {
	tls {
		cert_file = "/etc/weir/server.pem"
		key_file  = "/etc/weir/server.key"
	}

	auth {
		basic {
			username = "alice"
			password = "secret"
		}
	}
}
`,
}

/** A component with the optional powers it may have. */
export type Powered = Component &
  Partial<Consumer & Reserving & Activating & Holding & HealthReporting & Queueing>

/** A component as its example sets it up; everything it is wired to is the test's. */
export interface Subject {
  readonly definition: Definition
  readonly values: object
  /** What its output leads to. */
  readonly consumers: readonly StubConsumer[]
}

/** The first block of a definition in its example, its arguments worked out anew. */
export function subjectOf(definition: Definition): Subject {
  const nodes = nodesOf(definition)
  const stubs = new Map<string, ReadonlyMap<string, Value>>()
  const exportsOf = (id: string) => {
    const exports = stubs.get(id) ?? stubsFor(nodes.find((node) => node.id === id)!)
    stubs.set(id, exports)
    return exports
  }
  const node = nodes.find((one) => one.definition === definition)!
  const { values } = node.evaluate(exportsOf)
  if (!values) throw new Error(`the example of ${definition.name} has no arguments`)
  const outputs = definition.outputs(values as never)
  const consumers = [...new Set(Object.values(outputs).flat())] as unknown as StubConsumer[]
  return { definition, values, consumers }
}

export const definitions: readonly Definition[] = [...components, ...CONFIG_BLOCKS]

function nodesOf(definition: Definition): readonly ProgramNode[] {
  const example =
    BLOCK_EXAMPLES[definition.name] ??
    readFileSync(join(componentFolder(ROOT, definition), 'example.river'), 'utf8')
  const { program } = checkSources(
    [new Source('example.river', example)],
    checkOptions('experimental'),
  )
  return program!.nodes
}

function stubsFor({ id, definition }: ProgramNode): ReadonlyMap<string, Value> {
  const stubs = Object.entries(definition.exports).map(([name, shape]): [string, Value] => [
    name,
    stubFor(id, shape),
  ])
  return new Map(stubs)
}

function stubFor(id: string, shape: ExportShape): Value {
  switch (shape.kind) {
    case 'consumer':
      return new StubConsumer(id, shape.capsule)
    case 'handler':
      return new StubHandler(id, shape.powers)
    case 'relabel-rules':
      return new RelabelRules([])
    case 'targets':
      return [new Map([['__address__', 'target.example.com:80']])]
    case 'string':
      return 'text'
    case 'string-or-secret':
      return new OptionalSecret('text', true)
  }
}

/** Takes what the test lets it take. */
export class StubConsumer extends ExportedConsumer implements Consumer, Reserving, Foreseeing {
  readonly taken: Batch[] = []
  answer: (batch: Batch) => Promise<void> = () => Promise.resolve()
  reserved = 0
  /** The last who asked for room. */
  caller: Caller | undefined
  foreseen: Retryable | undefined

  async consume(batch: Batch): Promise<void> {
    await this.answer(batch)
    // Its memory is on loan.
    this.taken.push({ ...batch, chunks: batch.chunks.map((chunk) => Buffer.from(chunk)) })
  }

  refusal() {
    return this.foreseen
  }

  reserve(_: Batch, caller?: Caller) {
    this.reserved++
    this.caller = caller
    return Promise.resolve({ release: () => void this.reserved-- })
  }
}

class StubHandler extends ExportedHandler implements Handle<HandlerPower> {
  readonly current: Powers[HandlerPower] = {
    authenticate: (_: Batch, headers: Map<string, string>) => {
      headers.set('authorization', 'Bearer text')
      return Promise.resolve()
    },
    check: () => Promise.resolve(new Map([['subject', 'alice']])),
  }
}
