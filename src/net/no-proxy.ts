import { BlockList, isIP } from 'node:net'

interface Name {
  /** Without a dot before it. */
  readonly domain: string
  /** Whether it stands for itself besides the names below it. */
  readonly itself: boolean
  readonly port: string
}

/**
 * Hosts that are reached without the proxy, as NO_PROXY lists them, separated by commas:
 *
 *   example.com      it and every name below it
 *   .example.com     names below it; *.example.com too
 *   192.0.2.1, ::1   an address
 *   10.0.0.0/8       a range of addresses
 *   *                everything
 *
 * Names and addresses may have a port. This machine itself is always on the list.
 */
export class NoProxy {
  readonly #names: Name[] = []
  /** Addresses by port, "" for any. */
  readonly #addresses = new Map<string, BlockList>()
  #all = false

  constructor(list: string) {
    for (const entry of list.toLowerCase().split(',')) this.#add(entry.trim())
    this.#range('', '127.0.0.0', 8)
    this.#range('', '::1', 128)
  }

  has({ protocol, hostname, port }: URL): boolean {
    const host = hostname.replace(/^\[|\]$/g, '')
    if (this.#all || host === 'localhost') return true
    const asked = port || (protocol === 'https:' ? '443' : '80')
    const family = isIP(host)
    if (family > 0) {
      const kind = family === 4 ? 'ipv4' : 'ipv6'
      return ['', asked].some((one) => this.#addresses.get(one)?.check(host, kind))
    }
    return this.#names.some(
      (name) =>
        (name.port === '' || name.port === asked) &&
        (host.endsWith(`.${name.domain}`) || (name.itself && host === name.domain)),
    )
  }

  #add(entry: string): void {
    if (entry === '*') this.#all = true
    const [, network, bits] = /^([^/]+)\/(\d+)$/.exec(entry) ?? []
    if (network !== undefined && isIP(network) > 0) {
      this.#range('', network, Number(bits))
      return
    }
    const [, bracketed, bare, portAfter = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(
      entry,
    ) ?? [entry, entry]
    const host = bracketed ?? bare ?? ''
    if (isIP(host) > 0) {
      this.#range(portAfter, host, isIP(host) === 4 ? 32 : 128)
      return
    }
    const domain = host.replace(/^\*?\./, '')
    if (domain !== '') this.#names.push({ domain, itself: domain === host, port: portAfter })
  }

  /** What is no range is left out, as Go does. */
  #range(port: string, network: string, bits: number): void {
    const family = isIP(network)
    if (bits > (family === 4 ? 32 : 128)) return
    const list = this.#addresses.get(port) ?? new BlockList()
    this.#addresses.set(port, list)
    list.addSubnet(network, bits, family === 4 ? 'ipv4' : 'ipv6')
  }
}
