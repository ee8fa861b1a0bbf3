import { messageOf } from '#sdk'

const ANSWER_MS_MAX = 30_000
const UNAUTHORIZED = 401

export interface AgentAnswer {
  readonly status: number
  readonly body: unknown
}

interface AgentRequest {
  readonly method?: 'GET' | 'POST'
  readonly body?: string
}

/** The agent does not say more to those it does not know. */
class CredentialsNeeded extends Error {}

/** Asks a running agent's admin API. Rejects when nobody answers, or not in JSON. */
export async function askAgent(
  address: string,
  path: string,
  request: AgentRequest = {},
  timeoutMs = ANSWER_MS_MAX,
): Promise<AgentAnswer> {
  const { status, text } = await askAgentText(address, path, request, timeoutMs)
  if (status === UNAUTHORIZED) throw new CredentialsNeeded()
  const isOk = status >= 200 && status < 300
  if (!isOk && !text.startsWith('{')) throw new Error(`it answered ${status}`)
  return { status, body: JSON.parse(text) as unknown }
}

/** The same for what is no JSON, such as `/metrics`. */
export async function askAgentText(
  address: string,
  path: string,
  request: AgentRequest = {},
  timeoutMs = ANSWER_MS_MAX,
): Promise<{ readonly status: number; readonly text: string }> {
  const signal = AbortSignal.timeout(timeoutMs)
  const response = await send(address, path, { ...request, signal })
  return { status: response.status, text: await response.text() }
}

/**
 * Opens an answer without an end: its lines come as the agent writes them, until `signal` is
 * aborted or the agent goes. Rejects as `askAgent` does.
 */
export async function openAgent(
  address: string,
  path: string,
  signal: AbortSignal,
): Promise<AsyncIterable<string>> {
  const response = await send(address, path, { signal })
  if (response.ok && response.body) {
    return linesOf(response.body.pipeThrough(new TextDecoderStream()), signal)
  }
  if (response.status === UNAUTHORIZED) throw new CredentialsNeeded()
  const why = /^\{"error":("[^"\\]*")\}$/.exec(await response.text())?.[1]
  throw new Error(why ? String(JSON.parse(why)) : `it answered ${response.status}`)
}

async function* linesOf(
  texts: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  let rest = ''
  try {
    for await (const text of texts) {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      yield* lines
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function send(address: string, path: string, request: RequestInit): Promise<Response> {
  const url = new URL(path, urlOf(address))
  const headers = new Headers({ 'content-type': 'application/json' })
  if (url.username !== '') {
    const credentials = [url.username, url.password].map(decodeURIComponent).join(':')
    headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`)
    url.username = ''
    url.password = ''
  }
  return fetch(url, { ...request, headers })
}

/** What to say when `askAgent` or `openAgent` has rejected. */
export function unreachable(address: string, error: unknown) {
  const where = withoutPassword(address)
  if (error instanceof CredentialsNeeded) {
    const isGiven = urlOf(address).includes('@')
    return {
      message: `the agent at ${where} ${isGiven ? 'refuses these' : 'asks for'} credentials`,
      help: 'write them, or a token as PASSWORD, into --agent http://USER:PASSWORD@HOST:PORT',
    }
  }
  const cause = error instanceof Error && error.cause ? error.cause : error
  return {
    message: `cannot ask the agent at ${where}: ${messageOf(cause)}`,
    help: 'start it, or name its admin address with --agent',
  }
}

/** `run` takes the same address without a scheme. */
function urlOf(address: string): string {
  return address.includes('://') ? address : `http://${address}`
}

/** The address without its credentials, to be shown. */
export function withoutPassword(address: string): string {
  return address.replace(/^([a-z]+:\/\/)?[^/@]*@/i, '$1')
}
