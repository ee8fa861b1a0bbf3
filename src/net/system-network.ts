import { lookup, Resolver } from 'node:dns/promises'
import { lstat, unlink } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Address, type Listening, type Network, Retryable } from '#sdk'
import { formatAddress } from './address.js'
import { DNS_PATIENCE, dnsRecords } from './dns-records.js'
import { reasonOf } from './reason.js'

/** The machine's network: TCP and Unix sockets. */
export const systemNetwork: Network = {
  async listen(address, onConnection) {
    try {
      return await listen(address, onConnection)
    } catch (error) {
      if (
        'path' in address &&
        codeOf(error) === 'EADDRINUSE' &&
        (await removeStale(address.path))
      ) {
        return listen(address, onConnection).catch((again: unknown) => {
          throw cannotListen(address, again)
        })
      }
      throw cannotListen(address, error)
    }
  },

  connect(address) {
    return connect('path' in address ? address : { ...address, noDelay: true })
  },

  async resolve(host) {
    const found = await lookup(host, { all: true })
    return found.map(({ address }) => address)
  },

  records(name, type) {
    return dnsRecords(new Resolver(DNS_PATIENCE), name, type)
  },
}

async function listen(
  address: Address,
  onConnection: (connection: Duplex) => void,
): Promise<Listening> {
  // Half-open: an HTTP/1.1 client may end its side once the request is out, and still read the
  // answer.
  const server = createServer({ noDelay: true, allowHalfOpen: true }, onConnection)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, resolve)
  })
  // After this, errors are failed accepts (out of files): the socket goes on listening.
  server.removeAllListeners('error').on('error', () => {})
  return {
    address: 'path' in address ? address : { ...address, port: portOf(server) },
    // Its callback would wait for the open connections.
    close: async () => void server.close(),
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/** A socket file whose listener is gone is left over from a crash. */
async function removeStale(path: string): Promise<boolean> {
  const file = await lstat(path).catch(() => undefined)
  if (!file?.isSocket() || (await answers(path))) return false
  await unlink(path).catch(() => {})
  return true
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error) => resolve(codeOf(error) !== 'ECONNREFUSED'))
  })
}

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: 'stop the program that has it, or choose another',
  EACCES: 'choose a port above 1023 or give the agent the right to use it',
  EADDRNOTAVAIL: 'use an address of this machine, or 0.0.0.0 for all',
  ENOTFOUND: 'use an IP address, or a name this machine resolves',
}

function cannotListen(address: Address, error: unknown): Retryable {
  const code = codeOf(error)
  const advice =
    code === 'EACCES' && 'path' in address
      ? // libuv also says so when there is no such folder.
        'make its folder, and give the agent the right to write to it'
      : ADVICE[code]
  const text = `cannot listen on ${formatAddress(address)}: ${reasonOf(error)}`
  return new Retryable(advice ? `${text}; ${advice}` : text, { cause: error })
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | undefined)?.code)
}
