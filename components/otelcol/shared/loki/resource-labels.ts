import { FIELD, FieldReader, Writer } from '#wire'
import { type HintList, HintLists, HintRows, promote, textOf } from './hints.js'
import { constant, writeJsonRows } from './json.js'
import { fieldsOfRows } from './logfmt.js'
import { AttributeRows } from './rows.js'
import type { Stream } from './streams.js'

/** A label that `loki.write` takes for the tenant and does not send. */
const TENANT_LABEL = '__tenant_id__'

/** The hints that are known. Those for a tenant make another label of what they name. */
export class Lists {
  readonly labels = new HintLists()
  readonly tenants = new HintLists(TENANT_LABEL)
}

const KEYS = {
  name: Buffer.from('service.name'),
  namespace: Buffer.from('service.namespace'),
  instance: Buffer.from('service.instance.id'),
}
const RESOURCES = constant(',"resources":')

/** What a resource gives to its records, where these have the same hints for it. */
export interface Plan {
  /** Name, value, name, value ... */
  readonly labels: readonly string[]
  /** What it adds to a line: a field of JSON after its comma, fields of logfmt. */
  readonly json: Buffer
  readonly logfmt: string
  /** Of records that have no labels of their own. */
  readonly bySeverity: (Stream | undefined)[]
  /** By the values of their own labels. */
  readonly byValues: Map<string, Stream>
}

/** A resource and the plans for its records, by the labels they ask of it. */
export class ResourceLabels {
  readonly #rows = new AttributeRows()
  readonly #hints = new HintRows()
  readonly #lists: Lists
  readonly #plans = new Map<HintList | undefined, Plan>()
  #last: Plan | undefined
  #lastAsked: HintList | undefined
  /** How lines are written, where the resource says so. */
  readonly format: string | undefined
  /** It names a tenant, or says which attribute of it would. */
  readonly hasTenant: boolean

  /** `resource` is its message, copied: it is kept. */
  constructor(resource: Buffer, lists: Lists) {
    this.#lists = lists
    this.#load(resource)
    const { format, tenant } = this.#hints
    this.format = format < 0 ? undefined : textOf(this.#rows, format)
    this.hasTenant = tenant >= 0
  }

  /** `asked` are the labels that a record asks of it. */
  planFor(asked?: HintList): Plan {
    if (this.#last && asked === this.#lastAsked) return this.#last
    let plan = this.#plans.get(asked)
    if (!plan) {
      plan = this.#plan(asked)
      this.#plans.set(asked, plan)
    }
    this.#last = plan
    this.#lastAsked = asked
    return plan
  }

  #load(resource: Buffer): void {
    const rows = this.#rows
    rows.reset(resource)
    const reader = new FieldReader(resource, 0, resource.length)
    while (reader.next()) {
      if (reader.number === FIELD.Resource.attributes) rows.add(reader.value, reader.end)
    }
    this.#hints.find(rows)
  }

  #plan(asked: HintList | undefined): Plan {
    // Anew: each plan takes other rows.
    this.#load(this.#rows.bytes)
    const rows = this.#rows
    const labels = ['exporter', 'OTLP', ...this.#defaults()]
    const { resource, tenant } = this.#hints
    if (resource >= 0) promote(rows, this.#lists.labels.at(rows, resource).hints, labels)
    if (asked) promote(rows, asked.hints, labels)
    if (tenant >= 0) promote(rows, this.#lists.tenants.at(rows, tenant).hints, labels)
    const writer = new Writer(256)
    writeJsonRows(writer, RESOURCES, rows)
    return {
      ...{ labels, json: writer.copy(), logfmt: fieldsOfRows('resource_', rows) },
      ...{ bySeverity: [], byValues: new Map() },
    }
  }

  /** The labels by which Prometheus knows a service. */
  #defaults(): string[] {
    const rows = this.#rows
    const [name, namespace, instance] = [KEYS.name, KEYS.namespace, KEYS.instance].map((key) =>
      rows.find(key),
    ) as [number, number, number]
    const labels: string[] = []
    if (name >= 0) {
      const job = textOf(rows, name)
      labels.push('job', namespace >= 0 ? `${textOf(rows, namespace)}/${job}` : job)
    }
    if (instance >= 0) labels.push('instance', textOf(rows, instance))
    return labels
  }
}
