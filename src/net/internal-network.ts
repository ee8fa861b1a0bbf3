import { type Duplex, duplexPair } from 'node:stream'
import { type Address, type Network, Retryable } from '#sdk'
import { formatAddress } from './address.js'

/**
 * The agent's own metrics, for its own components: at this address no other process hears anything
 * and none can ask.
 */
export const SELF_ADDRESS = { host: 'weir.internal', port: 12_345 } as const

/**
 * The same network with one more host, which is this process: what listens there is reached without
 * a socket. Connections from others cannot be made, and no name is looked up.
 */
export function withInternalHost(outer: Network): Network {
  const listening = new Map<number, (connection: Duplex) => void>()
  return {
    ...outer,
    async listen(address, onConnection) {
      if (!isInternal(address)) return outer.listen(address, onConnection)
      const { port } = address
      if (listening.has(port)) {
        throw new Retryable(`cannot listen on ${formatAddress(address)}: address in use`)
      }
      listening.set(port, onConnection)
      return { address, close: async () => void listening.delete(port) }
    },
    connect(address) {
      if (!isInternal(address)) return outer.connect(address)
      return connected(listening.get(address.port))
    },
  }
}

function isInternal(address: Address): address is { readonly host: string; readonly port: number } {
  return 'host' in address && address.host === SELF_ADDRESS.host
}

function connected(onConnection: ((connection: Duplex) => void) | undefined): Duplex {
  const [near, far] = duplexPair()
  near.once('close', () => far.destroy())
  far.once('close', () => near.destroy())
  if (onConnection) onConnection(far)
  else near.destroy(Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' }))
  return near
}
