import { describe, expect, test } from 'vitest'
import { type DnsRecord, type RecordType, Retryable } from '#sdk'
import { checkBody } from '#support'
import { World } from '../../../test/contract/world.js'
import { runComponent } from '../../../test/support/running-component.js'
import definition from './dns.js'
import { SearchList } from './search-list.js'

type Zone = Record<string, readonly DnsRecord[] | Error>

/** The component in a world where names have these records: "A web.example.com". */
async function running(body: string, zone: Zone, resolvConf?: string) {
  const files = new Map(resolvConf === undefined ? [] : [['/etc/resolv.conf', resolvConf]])
  const world = new World(files)
  const asked: string[] = []
  const records = async (name: string, type: RecordType) => {
    asked.push(`${type} ${name}`)
    const answer = zone[`${type} ${name}`] ?? []
    if (answer instanceof Error) throw answer
    return answer
  }
  const network = { ...world.services().network, records }
  const { instance } = await runComponent(definition, body, world, { network })
  const targets = () => {
    const list = instance.published['targets'] as readonly ReadonlyMap<string, string>[]
    return list.map((one) => Object.fromEntries(one))
  }
  return { world, instance, asked, targets }
}

const SRV = '__meta_dns_srv_record_target'

test('a target for each SRV record, in one order', async () => {
  const { targets } = await running('names = ["_m._tcp.example.com"]', {
    'SRV _m._tcp.example.com': [
      { host: 'b.example.com', port: 2 },
      { host: 'a.example.com', port: 1 },
    ],
  })
  const common = { __meta_dns_name: '_m._tcp.example.com' }
  expect(targets()).toEqual([
    {
      ...common,
      __address__: 'a.example.com:1',
      [SRV]: 'a.example.com.',
      __meta_dns_srv_record_port: '1',
    },
    {
      ...common,
      __address__: 'b.example.com:2',
      [SRV]: 'b.example.com.',
      __meta_dns_srv_record_port: '2',
    },
  ])
})

test.each([
  ['A', { host: '10.0.0.1' }, { __address__: '10.0.0.1:80' }],
  ['AAAA', { host: 'fd00::1' }, { __address__: '[fd00::1]:80' }],
  [
    'MX',
    { host: 'mx.example.com' },
    { __address__: 'mx.example.com:80', __meta_dns_mx_record_target: 'mx.example.com.' },
  ],
  [
    'NS',
    { host: 'ns.example.com' },
    { __address__: 'ns.example.com:80', __meta_dns_ns_record_target: 'ns.example.com.' },
  ],
])('a target for each %s record', async (type, record, expected) => {
  const body = `names = ["example.com"]\ntype = "${type.toLowerCase()}"\nport = 80`
  const { targets } = await running(body, { [`${type} example.com`]: [record] })
  expect(targets()).toEqual([{ ...expected, __meta_dns_name: 'example.com' }])
})

test('asks again; a name that nobody answers for keeps its targets, one that is gone does not', async () => {
  const zone: Zone = {
    'A a.example.com': [{ host: '10.0.0.1' }],
    'A b.example.com': [{ host: '10.0.0.2' }],
  }
  const body = 'names = ["a.example.com", "b.example.com"]\ntype = "A"\nport = 80'
  const { world, instance, targets } = await running(body, zone)
  const addresses = () => targets().map((one) => one['__address__'])
  expect(addresses()).toEqual(['10.0.0.1:80', '10.0.0.2:80'])
  zone['A a.example.com'] = new Retryable('cannot look up A a.example.com: the name server failed')
  zone['A b.example.com'] = []
  await world.clock.tick(30_000)
  expect(addresses()).toEqual(['10.0.0.1:80'])
  expect(instance.health()).toMatchObject({
    state: 'unhealthy',
    message: 'cannot look up A a.example.com: the name server failed',
  })
  zone['A a.example.com'] = []
  await world.clock.tick(30_000)
  expect(addresses()).toEqual([])
  expect(instance.health().state).toBe('healthy')
})

test('short names are looked up in the domains of the machine', async () => {
  const body = 'names = ["web"]\ntype = "A"\nport = 80'
  const conf =
    'nameserver 10.0.0.10\nsearch ns.svc.cluster.local svc.cluster.local\noptions ndots:5'
  const zone: Zone = { 'A web.svc.cluster.local': [{ host: '10.0.0.1' }] }
  const { asked, targets } = await running(body, zone, conf)
  expect(asked).toEqual(['A web.ns.svc.cluster.local', 'A web.svc.cluster.local'])
  expect(targets()[0]).toMatchObject({ __address__: '10.0.0.1:80', __meta_dns_name: 'web' })
})

describe('the names for', () => {
  const list = new SearchList('domain old.org\nsearch a.com b.com.\noptions timeout:1 ndots:2\n')
  test.each([
    ['x', ['x.a.com', 'x.b.com', 'x']],
    ['x.y', ['x.y.a.com', 'x.y.b.com', 'x.y']],
    ['x.y.z', ['x.y.z', 'x.y.z.a.com', 'x.y.z.b.com']],
    ['x.', ['x']],
  ])('%s', (name, names) => {
    expect(list.namesFor(name)).toEqual(names)
  })

  test('one without a list', () => {
    expect(new SearchList('').namesFor('x')).toEqual(['x'])
  })
})

test.each([
  ['names = ["a"]\ntype = "A"', ['records of type A need port']],
  [
    'names = ["a"]\ntype = "TXT"\nport = 1',
    ['"type" needs one of "SRV", "A", "AAAA", "MX", "NS", and got the string "TXT"'],
  ],
  ['names = ["a"]', []],
])('%j is checked', (body, messages) => {
  const { diagnostics } = checkBody(definition, body)
  expect(diagnostics.map(({ message }) => message)).toEqual(messages)
})
