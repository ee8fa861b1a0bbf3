import type { QueuePart } from '#sdk'
import type { MovedView, QueuedView, QueueView, TotalsView } from '#web'
import { type AgentAnswer, askAgent, unreachable } from './ask-agent.js'
import type { PeekOptions, QueueSource, RequeueOptions } from './queue-source.js'
import { Refusal } from './refusal.js'

/** Moving a whole queue takes its time. */
const WORK_MS_MAX = 600_000

/** The queues of a running agent, through its admin API. */
export class AgentQueues implements QueueSource {
  readonly #address: string
  readonly #holder: string | undefined

  /** `holder`: the process that has the files of the queues, as far as one is known. */
  constructor(address: string, holder?: string) {
    this.#address = address
    this.#holder = holder
  }

  async list(): Promise<readonly QueueView[]> {
    const body = await this.#ask('GET', '/api/v1/queues')
    if (!Array.isArray(body)) throw this.#unreachable(new Error('what it answered is no queues'))
    return body as readonly QueueView[]
  }

  async peek(queue: QueueView, part: QueuePart, { count, withContent }: PeekOptions) {
    const query = { ...named(queue, part), n: String(count), ...(withContent && { content: '1' }) }
    return (await this.#ask('GET', pathOf(queue, 'peek', query))) as readonly QueuedView[]
  }

  async requeue(queue: QueueView, { force, to }: RequeueOptions): Promise<MovedView> {
    const query = {
      ...endpointIn(queue),
      ...(force && { force: '1' }),
      ...(to !== undefined && { to }),
    }
    return (await this.#ask('POST', pathOf(queue, 'requeue', query))) as MovedView
  }

  async drop(queue: QueueView, part: QueuePart): Promise<TotalsView> {
    const body = await this.#ask('POST', pathOf(queue, 'drop', named(queue, part)))
    return (body as { readonly dropped: TotalsView }).dropped
  }

  async #ask(method: 'GET' | 'POST', path: string): Promise<unknown> {
    let answer: AgentAnswer
    try {
      answer = await askAgent(this.#address, path, { method }, WORK_MS_MAX)
    } catch (error) {
      throw this.#unreachable(error)
    }
    if (answer.status === 200) return answer.body
    const { error } = answer.body as { readonly error?: unknown }
    throw new Refusal(typeof error === 'string' ? error : `the agent answered ${answer.status}`)
  }

  #unreachable(error: unknown): Refusal {
    const { message, help } = unreachable(this.#address, error)
    if (this.#holder === undefined) return new Refusal(message, help)
    const who = `process ${this.#holder} runs the queues`
    return new Refusal(message, `${who}: name its admin address with --agent`)
  }
}

function endpointIn({ endpoint }: QueueView): Readonly<Record<string, string>> {
  return endpoint === undefined ? {} : { endpoint }
}

function named(queue: QueueView, part: QueuePart): Readonly<Record<string, string>> {
  return {
    ...endpointIn(queue),
    ...(part === 'dead' && { dead: '1' }),
    ...(queue.state === 'orphaned' && { orphaned: '1' }),
  }
}

function pathOf(
  { component, signal }: QueueView,
  action: string,
  query: Readonly<Record<string, string>>,
): string {
  const path = `/api/v1/queues/${encodeURIComponent(component)}/${signal}/${action}`
  return Object.keys(query).length > 0 ? `${path}?${new URLSearchParams(query)}` : path
}
