import { paragraphs } from './docs.js'

/** Asks the admin API of an agent: gives the parsed answer, rejects when there is none. */
export type AskAgent = (
  path: string,
) => Promise<{ readonly status: number; readonly body: unknown }>

/** The part of the API's answer that is shown. */
interface ComponentDetail {
  readonly health?: { readonly state?: unknown; readonly message?: unknown }
  readonly exports?: Readonly<Record<string, unknown>>
}

const VALUE_LENGTH_MAX = 400

/** What a running agent says of its components. Never needed: without an answer nothing is said. */
export class LiveAgent {
  readonly #ask: AskAgent

  constructor(ask: AskAgent) {
    this.#ask = ask
  }

  /** Health and exports of a component, or one export of it; "" when it cannot be known. */
  async textOf(id: string, exported: string | undefined): Promise<string> {
    const detail = await this.#detailOf(id)
    if (!detail) return ''
    if (exported !== undefined) return liveValue(exported, detail.exports?.[exported])
    const { state, message } = detail.health ?? {}
    const health = typeof state === 'string' ? `Runs: ${state}` : ''
    const why = typeof message === 'string' && message !== '' ? `, ${message}` : ''
    const values = Object.entries(detail.exports ?? {}).map(([name, one]) => liveValue(name, one))
    return paragraphs(health && `${health}${why}`, ...values)
  }

  async #detailOf(id: string): Promise<ComponentDetail | undefined> {
    try {
      const { status, body } = await this.#ask(`/api/v1/components/${encodeURIComponent(id)}`)
      return status === 200 && typeof body === 'object' && body !== null ? body : undefined
    } catch {
      return undefined
    }
  }
}

function liveValue(name: string, value: unknown): string {
  if (value === undefined) return ''
  const text = JSON.stringify(value, undefined, 2)
  const cut = text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)} ...` : text
  return `\`${name}\` is now\n\n\`\`\`json\n${cut}\n\`\`\``
}
