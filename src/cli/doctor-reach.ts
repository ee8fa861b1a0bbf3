import type { Duplex } from 'node:stream'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { formatAddress } from '#net'
import { type Clock, type Files, messageOf, type Network } from '#sdk'
import type { Sends, TlsWishes } from './doctor-places.js'

export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail'
  /** "port 127.0.0.1:4317" */
  readonly what: string
  readonly message: string
  readonly help?: string
}

export interface ReachWorld {
  readonly network: Network
  readonly files: Files
  readonly clock: Clock
}

const PATIENCE_MS = 5000
const DAY_MS = 24 * 3600 * 1000
const EXPIRES_SOON_MS = 14 * DAY_MS
const SKEW_WARN_MS = 30_000
const SKEW_FAIL_MS = 300_000

/** Connects as the component would, as far as the door: no telemetry is sent. */
export async function checkReach(sends: Sends, world: ReachWorld): Promise<readonly Finding[]> {
  const what = `reach ${sends.endpoint}`
  const { clock } = world
  const findings: Finding[] = []
  const socket = world.network.connect(sends.address)
  const timer = clock.timer(PATIENCE_MS, () => {
    socket.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`))
  })
  let open: Duplex = socket
  try {
    await connected(socket, 'connect')
    if (sends.tls) {
      const secure = await secured(socket, sends, sends.tls, world)
      open = secure
      findings.push(...certificateFindings(secure, sends, sends.tls, clock.now()))
    }
    findings.unshift({ level: 'ok', what, message: `answers, for ${sends.component}` })
    const date = sends.isHttp ? await dateOf(open, sends) : undefined
    if (date !== undefined) findings.push(skewFinding(date - clock.now(), sends.endpoint))
  } catch (error) {
    findings.push({
      level: 'fail',
      what,
      message: `${sends.component} cannot connect: ${messageOf(error)}`,
      help: 'is the name right, does it run, does a firewall stand between?',
    })
  } finally {
    timer.cancel()
    open.destroy()
    socket.destroy()
  }
  return findings
}

/** What is wrong with when a certificate holds; `notAfter` as in "Nov 21 20:00:00 2026 GMT". */
export function expiryFinding(what: string, notAfter: string, now: number): Finding {
  const leftMs = Date.parse(notAfter) - now
  const days = Math.floor(Math.abs(leftMs) / DAY_MS)
  if (leftMs < 0) {
    return { level: 'fail', what, message: `expired ${days} days ago`, help: 'renew it' }
  }
  const level = leftMs < EXPIRES_SOON_MS ? 'warn' : 'ok'
  return {
    level,
    what,
    message: `expires in ${days} days`,
    ...(level === 'warn' && { help: 'renew it' }),
  }
}

function connected(socket: Duplex, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve())
    socket.on('error', reject)
    socket.once('close', () => reject(new Error('the connection was closed')))
  })
}

async function secured(
  socket: Duplex,
  { address }: Sends,
  tls: TlsWishes,
  { files }: ReachWorld,
): Promise<TLSSocket> {
  const host = 'host' in address ? address.host : ''
  const ca = tls.ca_pem || (tls.ca_file && Buffer.from(await files.read(tls.ca_file)))
  const servername = tls.server_name || (/^[\d.]+$|:/.test(host) ? '' : host)
  // What is wrong with the certificate is told with what else there is, and not as a failure.
  const secure = connectTls({
    socket,
    host,
    servername,
    ALPNProtocols: ['h2', 'http/1.1'],
    rejectUnauthorized: false,
    ...(ca && { ca }),
  })
  await connected(secure, 'secureConnect')
  return secure
}

function certificateFindings(
  socket: TLSSocket,
  { endpoint, component }: Sends,
  tls: TlsWishes,
  now: number,
): readonly Finding[] {
  const what = `certificate of ${endpoint}`
  const expiry = expiryFinding(what, socket.getPeerCertificate().valid_to, now)
  const fault = socket.authorizationError
  if (!fault || expiry.level === 'fail') return [expiry]
  const message = `is not trusted: ${messageOf(fault)}`
  if (tls.insecure_skip_verify) return [expiry, { level: 'warn', what, message }]
  const help = `set ca_file in the tls block of ${component}`
  return [expiry, { level: 'fail', what, message, help }]
}

/** The server's clock, by the header of an answer; undefined where it does not speak HTTP/1.1. */
function dateOf(socket: Duplex, { address }: Sends): Promise<number | undefined> {
  if ((socket as Partial<TLSSocket>).alpnProtocol === 'h2') return Promise.resolve(undefined)
  return new Promise((resolve) => {
    let head = ''
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1')
      const date = /^date: *(.+)\r$/im.exec(head)?.[1]
      if (date !== undefined) resolve(Date.parse(date) || undefined)
      else if (head.includes('\r\n\r\n') || head.length > 16_384) resolve(undefined)
    })
    for (const event of ['end', 'close', 'error']) socket.once(event, () => resolve(undefined))
    socket.write(`HEAD / HTTP/1.1\r\nHost: ${formatAddress(address)}\r\nConnection: close\r\n\r\n`)
  })
}

/** To the second: that is what the header has. */
function skewFinding(skewMs: number, endpoint: string): Finding {
  const what = 'clock'
  const size = Math.abs(skewMs)
  const seconds = Math.round(size / 1000)
  if (size < SKEW_WARN_MS) return { level: 'ok', what, message: `agrees with ${endpoint}` }
  return {
    level: size < SKEW_FAIL_MS ? 'warn' : 'fail',
    what,
    message: `is ${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} that of ${endpoint}`,
    help: 'synchronise it: backends refuse what comes from the past or the future',
  }
}
