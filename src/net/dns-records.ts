import type { Resolver } from 'node:dns/promises'
import { type DnsRecord, type RecordType, Retryable } from '#sdk'
import { reasonOf } from './reason.js'

/** A name server that says nothing is asked twice, the second time with more patience. */
export const DNS_PATIENCE = { timeout: 2000, tries: 2 }

/** What `Network.records` promises, of the servers that the resolver asks. */
export async function dnsRecords(
  resolver: Resolver,
  name: string,
  type: RecordType,
): Promise<readonly DnsRecord[]> {
  try {
    return await ask(resolver, name, type)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    const text = `cannot look up ${type} ${name}: ${reasonOf(error)}`
    throw new Retryable(text, { cause: error })
  }
}

async function ask(
  resolver: Resolver,
  name: string,
  type: RecordType,
): Promise<readonly DnsRecord[]> {
  switch (type) {
    case 'A':
      return (await resolver.resolve4(name)).map((host) => ({ host }))
    case 'AAAA':
      return (await resolver.resolve6(name)).map((host) => ({ host }))
    case 'SRV':
      return (await resolver.resolveSrv(name)).map(({ name: host, port }) => ({ host, port }))
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ exchange }) => ({ host: exchange }))
    case 'NS':
      return (await resolver.resolveNs(name)).map((host) => ({ host }))
  }
}
