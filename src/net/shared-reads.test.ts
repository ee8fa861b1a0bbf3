import { connect, createServer, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { shareReads } from './shared-reads.js'

/** Both ends of a connection over loopback. */
async function pair(): Promise<{ accepted: Socket; client: Socket }> {
  const server = createServer({ allowHalfOpen: true })
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connect((server.address() as { port: number }).port, '127.0.0.1')
  const accepted = await connected
  accepted.on('error', () => {})
  client.on('error', () => {})
  onTestFinished(() => {
    client.destroy()
    accepted.destroy()
    server.close()
  })
  return { accepted, client }
}

function closed(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve()
    else stream.once('close', resolve)
  })
}

it('reads and writes as the connection would, all connections into the same memory', async () => {
  const memories = new Set<ArrayBufferLike>()
  for (const text of ['one', 'two']) {
    const { accepted, client } = await pair()
    const shared = shareReads(accepted) as Socket
    expect(shared).not.toBe(accepted)
    expect(shared.remoteAddress).toBe('127.0.0.1')
    const came = new Promise<string>((resolve) => {
      shared.on('data', (bytes: Buffer) => {
        memories.add(bytes.buffer)
        resolve(bytes.toString())
      })
    })
    client.write(text)
    expect(await came).toBe(text)
    shared.write(`${text} too`)
    const [answer] = await new Promise<[Buffer]>((resolve) => {
      client.once('data', (bytes) => resolve([bytes]))
    })
    expect(answer.toString()).toBe(`${text} too`)
  }
  expect(memories.size).toBe(1)
})

it('tells of the end', async () => {
  const { accepted, client } = await pair()
  const shared = shareReads(accepted)
  shared.on('data', () => {})
  const ended = new Promise((resolve) => shared.once('end', resolve))
  client.end()
  await ended
  shared.end()
  await closed(accepted)
})

it.each([
  ['the connection', true],
  ['what reads it', false],
])('closes both with %s', async (_, outer) => {
  const { accepted, client } = await pair()
  const shared = shareReads(accepted)
  const gone = Promise.all([closed(accepted), closed(shared), closed(client)])
  if (outer) accepted.destroy()
  else shared.destroy()
  await gone
})

it('leaves alone what is no socket, or has read already', async () => {
  const stream = new Duplex()
  expect(shareReads(stream)).toBe(stream)
  const { accepted, client } = await pair()
  const came = new Promise((resolve) => accepted.once('readable', resolve))
  client.write('early')
  await came
  expect(shareReads(accepted)).toBe(accepted)
})
