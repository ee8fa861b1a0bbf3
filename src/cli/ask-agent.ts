import { messageOf } from '#sdk'

const ANSWER_MS_MAX = 30_000

export interface AgentAnswer {
  readonly status: number
  readonly body: unknown
}

interface AgentRequest {
  readonly method?: 'GET' | 'POST'
  readonly body?: string
}

/** Asks a running agent's admin API. Rejects when nobody answers, or not in JSON. */
export async function askAgent(
  address: string,
  path: string,
  request: AgentRequest = {},
  timeoutMs = ANSWER_MS_MAX,
): Promise<AgentAnswer> {
  const { status, text } = await askAgentText(address, path, request, timeoutMs)
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
  const url = new URL(path, urlOf(address))
  const headers = new Headers({ 'content-type': 'application/json' })
  if (url.username !== '') {
    const credentials = [url.username, url.password].map(decodeURIComponent).join(':')
    headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`)
    url.username = ''
    url.password = ''
  }
  const signal = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, { ...request, headers, signal })
  return { status: response.status, text: await response.text() }
}

/** What to say when `askAgent` has rejected. */
export function unreachable(address: string, error: unknown) {
  const cause = error instanceof Error && error.cause ? error.cause : error
  return {
    message: `cannot ask the agent at ${withoutPassword(address)}: ${messageOf(cause)}`,
    help: 'start it, or name its admin address with --agent',
  }
}

/** `run` takes the same address without a scheme. */
function urlOf(address: string): string {
  return address.includes('://') ? address : `http://${address}`
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//')
}
