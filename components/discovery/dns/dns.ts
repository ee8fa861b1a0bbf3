import { isIPv6 } from 'node:net'
import {
  type ArgumentsOf,
  attributes,
  type Context,
  type DnsRecord,
  defineExtension,
  duration,
  type Found,
  faultOf,
  integer,
  list,
  Permanent,
  type Problem,
  type RecordType,
  string,
  type Target,
  type TargetFinder,
  TargetSearch,
  type,
} from '#sdk'
import { SearchList } from './search-list.js'

const TYPES: readonly RecordType[] = ['SRV', 'A', 'AAAA', 'MX', 'NS']

const schema = attributes(
  {
    names: list(type.string(), { required: true, about: 'The names to look up.' }),
    type: string({
      default: 'SRV',
      about: 'The records to look for: SRV, A, AAAA, MX or NS.',
      check: (text) =>
        recordType(text) ? undefined : `one of ${TYPES.map((one) => `"${one}"`).join(', ')}`,
    }),
    port: integer({
      default: 0,
      min: 0,
      max: 65_535,
      about: 'The port of the targets, for all types but SRV.',
    }),
    refresh_interval: duration({
      default: '30s',
      min: '1ms',
      about: 'How often the names are looked up again.',
    }),
  },
  ({ type: records, port }): readonly Problem[] =>
    recordType(records) !== 'SRV' && port === 0
      ? [{ path: ['port'], message: `records of type ${recordType(records)} need port` }]
      : [],
)

type Arguments = ArgumentsOf<typeof schema>

export default defineExtension({
  name: 'discovery.dns',
  stability: 'generally-available',
  about: 'Exports what DNS has under names as targets.',
  schema,
  exports: { targets: { kind: 'targets' } },
  create: (context, values) =>
    new TargetSearch(context, values.refresh_interval, new DnsNames(context, values)),
})

/** Labels that hold the name a record leads to. */
const NAME_LABELS: Readonly<Partial<Record<RecordType, string>>> = {
  SRV: '__meta_dns_srv_record_target',
  MX: '__meta_dns_mx_record_target',
  NS: '__meta_dns_ns_record_target',
}

class DnsNames implements TargetFinder {
  readonly #context: Context
  readonly #values: Arguments
  readonly #type: RecordType
  /** By name: what was found when the name service answered. */
  #last: ReadonlyMap<string, readonly Target[]> = new Map()

  constructor(context: Context, values: Arguments) {
    this.#context = context
    this.#values = values
    this.#type = recordType(values.type)!
  }

  /** A name that nobody answers for keeps its last targets. */
  async find(): Promise<Found> {
    const search = new SearchList(await this.#resolvConf())
    const faults: string[] = []
    const found = await Promise.all(
      this.#values.names.map(async (name) => {
        try {
          return [name, await this.#lookUp(name, search)] as const
        } catch (error) {
          faults.push(faultOf(error))
          return [name, this.#last.get(name) ?? []] as const
        }
      }),
    )
    this.#last = new Map(found)
    return { targets: [...this.#last.values()].flat(), faults: faults.sort() }
  }

  async #resolvConf(): Promise<string> {
    const bytes = await this.#context.files.read('/etc/resolv.conf').catch(() => '')
    return bytes.toString()
  }

  /** The first of the names under which there is something. */
  async #lookUp(name: string, search: SearchList): Promise<readonly Target[]> {
    const { network } = this.#context
    if (!network.records) throw new Permanent('names cannot be looked up here')
    let failure: unknown
    for (const whole of search.namesFor(name)) {
      try {
        const found = await network.records(whole, this.#type)
        if (found.length > 0) return found.map((one) => this.#target(name, one)).sort(byAddress)
      } catch (error) {
        failure = error
      }
    }
    if (failure !== undefined) throw failure
    return []
  }

  #target(name: string, { host, port = this.#values.port }: DnsRecord): Target {
    const target = new Map([
      ['__address__', `${isIPv6(host) ? `[${host}]` : host}:${port}`],
      ['__meta_dns_name', name],
    ])
    const label = NAME_LABELS[this.#type]
    // As the record has it, with the dot of the root.
    if (label !== undefined) target.set(label, `${host}.`)
    if (this.#type === 'SRV') target.set('__meta_dns_srv_record_port', String(port))
    return target
  }
}

/** In either case. */
function recordType(text: string): RecordType | undefined {
  return TYPES.find((one) => one === text.toUpperCase())
}

/** Name servers change the order with every answer. */
function byAddress(one: Target, other: Target): number {
  return one.get('__address__')! < other.get('__address__')! ? -1 : 1
}
