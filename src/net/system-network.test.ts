import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Address, type Listening, Retryable } from '#sdk'
import {
  grpcClient,
  grpcServerOptions,
  httpClient,
  httpServerOptions,
  loopback,
  TRACES,
} from '#support'

import { grpcOffer } from './grpc-server.js'
import { httpOffer } from './http-server.js'
import { Listener } from './listener.js'
import { systemNetwork } from './system-network.js'

let folder: string
const listening: Listening[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-'))
})

afterEach(async () => {
  await Promise.all(listening.splice(0).map((one) => one.close()))
  await rm(folder, { recursive: true })
})

async function listen(address: Address): Promise<Listening> {
  const one = await systemNetwork.listen(address, (connection) => {
    connection.on('error', () => {})
    connection.end('hello')
  })
  listening.push(one)
  return one
}

async function failure(address: Address): Promise<string> {
  const error = await listen(address).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Retryable)
  return (error as Retryable).message
}

function read(address: Address): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = systemNetwork.connect(address)
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? ''))
    socket.on('close', () => resolve(text))
  })
}

describe('the network of the machine', () => {
  it('listens on a free port and says which', async () => {
    const { address, close } = await listen({ host: '127.0.0.1', port: 0 })
    expect(address).toEqual({ host: '127.0.0.1', port: expect.any(Number) })
    expect((address as { port: number }).port).toBeGreaterThan(0)
    expect(await read(address)).toBe('hello')
    await close()
    expect(await read(address)).toBe('ECONNREFUSED')
    await listen(address)
  })

  it('says when an address is in use', async () => {
    const { address } = await listen({ host: '127.0.0.1', port: 0 })
    const { port } = address as { port: number }
    expect(await failure(address)).toBe(
      `cannot listen on 127.0.0.1:${port}: address in use; ` +
        'stop the program that has it, or choose another',
    )
  })

  it('says when this machine has no such address', async () => {
    expect(await failure({ host: '192.0.2.1', port: 0 })).toBe(
      'cannot listen on 192.0.2.1:0: this machine has no such address; ' +
        'use an address of this machine, or 0.0.0.0 for all',
    )
  })

  it('lets open connections go on when it stops to listen', async () => {
    let answer: ((text: string) => void) | undefined
    const one = await systemNetwork.listen({ host: '127.0.0.1', port: 0 }, (connection) => {
      answer = (text) => connection.end(text)
    })
    const reading = read(one.address)
    await expect.poll(() => answer, { interval: 5 }).toBeDefined()
    await one.close()
    answer!('late')
    expect(await reading).toBe('late')
  })

  it('listens on a Unix socket, and removes it', async () => {
    const path = join(folder, 'weir.sock')
    const { close } = await listen({ path })
    expect(await read({ path })).toBe('hello')
    await close()
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })

  it('takes over a socket file that a crash has left, and no other file', async () => {
    const path = join(folder, 'weir.sock')
    await leaveSocket(path)
    expect((await stat(path)).isSocket()).toBe(true)
    await listen({ path })
    expect(await read({ path })).toBe('hello')
    expect(await failure({ path })).toMatch(/^cannot listen on unix:.*weir.sock: address in use;/)
    expect(await read({ path })).toBe('hello')
    const file = join(folder, 'precious')
    await writeFile(file, 'data')
    expect(await failure({ path: file })).toMatch(/address in use/)
    expect((await stat(file)).size).toBe(4)
  })

  it('says when the folder of a socket is missing', async () => {
    const path = join(folder, 'none', 'weir.sock')
    expect(await failure({ path })).toMatch(/; make its folder, and give the agent/)
  })

  it('resolves names', async () => {
    expect(await systemNetwork.resolve!('localhost')).toContain('127.0.0.1')
  })

  it('carries gRPC and HTTP over Unix sockets', async () => {
    const path = join(folder, 'weir.sock')
    const listener = await Listener.open(loopback, { path })
    const peers: string[] = []
    const methods = new Map([
      [
        TRACES,
        async ({ peer, message }: { peer: string; message: Uint8Array }) => {
          peers.push(peer)
          return message
        },
      ],
    ])
    listener.serve(grpcOffer(grpcServerOptions({ methods })))
    const client = grpcClient(`unix:${path}`)
    const answer = await client.call(TRACES, [Buffer.from('x')], { timeoutMs: 5000 })
    expect([answer.code, `${Buffer.from(answer.response)}`, peers]).toEqual([0, 'x', ['']])
    await client.close(AbortSignal.abort())
    listener.serve(httpOffer(httpServerOptions()))
    const http = httpClient({ network: { ...systemNetwork, connect: () => connect({ path }) } })
    const reply = await http.request({
      method: 'POST',
      url: new URL('http://localhost/v1/traces'),
      headers: { 'content-type': 'application/json' },
      body: [Buffer.from('x')],
      timeoutMs: 5000,
    })
    expect(`${Buffer.from(reply.body)}`).toBe('x')
    await http.close(AbortSignal.abort())
    await listener.close()
  })
})

/** As a killed process leaves it: the file is there, and nobody listens. */
async function leaveSocket(path: string): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(`${path}.tmp`, resolve))
  await rename(`${path}.tmp`, path)
  await new Promise((resolve) => server.close(resolve))
}
